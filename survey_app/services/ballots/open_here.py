"""Open a box on the server, with both keys in one sitting; or take what was opened."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.domain.ballots.export import Export
from survey_app.domain.ballots.head import Challenge
from survey_app.domain.ballots.opened import Opened
from survey_app.domain.ballots.readable_challenge import (
    ReadableChallenge,
    mark_of,
    readable_challenges,
)
from survey_app.domain.refusals import ChallengeNotOpened, ChallengesNotCompared
from survey_app.sealing.keys import HolderKey
from survey_app.sealing.opening import open_box, open_challenges
from survey_app.services.ballots.export_ballots import export_ballots
from survey_app.services.ballots.finish_opening import Finished, finish_opening
from survey_app.services.ballots.record_opening import record_opening


@dataclass(frozen=True, slots=True)
class ShownChallenges:
    """The challenge ballots, opened alone for the auditors."""

    ballots: tuple[ReadableChallenge, ...]
    mark: str
    """What `open_here` is told as `compared`: only this reply holds it."""


def open_here(
    session: Session,
    ballots: Engine,
    survey_id: int,
    keys: Iterable[HolderKey],
    *,
    secrets_folder: Path,
    compared: str = "",
) -> Finished:
    """Export, open, take and finish without a file in between.

    Where there are challenge ballots, `challenges_here` comes first, and `compared` is
    the mark it returned: nobody says that the auditors agree before they were shown
    anything. Raises ChallengesNotCompared for an empty or another mark, and what
    `export_ballots`, `open_box` and `take_opened` raise; nothing was written then.
    """
    export = export_ballots(session, ballots, survey_id, secrets_folder=secrets_folder)
    held = tuple(keys)
    if export.challenged:
        _refuse_unseen(export, open_challenges(export, held), compared)
    opened = open_box(export, held)
    return take_opened(
        session,
        ballots,
        survey_id,
        opened,
        secrets_folder=secrets_folder,
        auditors_agree=True,
    )


def challenges_here(
    session: Session,
    ballots: Engine,
    survey_id: int,
    keys: Iterable[HolderKey],
    *,
    secrets_folder: Path,
) -> ShownChallenges:
    """Return the challenge ballots in words; nothing is written, all else stays shut.

    Raises what `export_ballots` and `open_challenges` raise.
    """
    export = export_ballots(session, ballots, survey_id, secrets_folder=secrets_folder)
    opened = open_challenges(export, keys)
    return ShownChallenges(
        readable_challenges(opened, export.questionnaire, export.names),
        _mark(export, opened),
    )


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


def _refuse_unseen(export: Export, opened: Sequence[Challenge], mark: str) -> None:
    """Raise unless these all open, and were shown before: the mark tells."""
    if not all(challenge.opens for challenge in opened):
        raise ChallengeNotOpened
    if not hmac.compare_digest(_mark(export, opened).encode(), mark.encode()):
        raise ChallengesNotCompared


def _mark(export: Export, opened: Sequence[Challenge]) -> str:
    return mark_of(export.posted_closing.closing.fingerprint, opened)
