"""Open a box on the server, with both keys in one sitting; or take what was opened."""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.domain.ballots.opened import Opened
from survey_app.domain.ballots.readable_challenge import (
    ReadableChallenge,
    readable_challenges,
)
from survey_app.domain.refusals import ChallengesNotCompared
from survey_app.sealing.keys import HolderKey
from survey_app.sealing.opening import open_box, open_challenges
from survey_app.services.ballots.export_ballots import export_ballots
from survey_app.services.ballots.finish_opening import Finished, finish_opening
from survey_app.services.ballots.record_opening import record_opening


def open_here(
    session: Session,
    ballots: Engine,
    survey_id: int,
    keys: Iterable[HolderKey],
    *,
    secrets_folder: Path,
    auditors_agree: bool = False,
) -> Finished:
    """Export, open, take and finish without a file in between.

    Where there are challenge ballots, `challenges_here` comes first, and
    `auditors_agree` says that every one was opened as it was cast. Raises what
    `export_ballots`, `open_box` and `take_opened` raise; nothing was written then.
    """
    export = export_ballots(session, ballots, survey_id, secrets_folder=secrets_folder)
    if export.challenged and not auditors_agree:
        raise ChallengesNotCompared
    opened = open_box(export, keys)
    return take_opened(
        session,
        ballots,
        survey_id,
        opened,
        secrets_folder=secrets_folder,
        auditors_agree=auditors_agree,
    )


def challenges_here(
    session: Session,
    ballots: Engine,
    survey_id: int,
    keys: Iterable[HolderKey],
    *,
    secrets_folder: Path,
) -> tuple[ReadableChallenge, ...]:
    """Return the challenge ballots in words; nothing is written, all else stays shut.

    Raises what `export_ballots` and `open_challenges` raise.
    """
    export = export_ballots(session, ballots, survey_id, secrets_folder=secrets_folder)
    opened = open_challenges(export, keys)
    return readable_challenges(opened, export.questionnaire, export.names)


def take_opened(
    session: Session,
    ballots: Engine,
    survey_id: int,
    opened: Opened,
    *,
    secrets_folder: Path,
    auditors_agree: bool = False,
) -> Finished:
    """Take the result of an opening and finish it.

    `auditors_agree` says that auditors compared every challenge ballot and found it
    opened as it was cast; ChallengesNotCompared where there are some and nobody said
    so. Raises what `record_opening` and `finish_opening` raise. Once the result is
    recorded, `finish_opening` alone goes on after any interruption.
    """
    if opened.head.challenges and not auditors_agree:
        raise ChallengesNotCompared
    record_opening(session, ballots, survey_id, opened, secrets_folder=secrets_folder)
    return finish_opening(session, ballots, survey_id, secrets_folder=secrets_folder)
