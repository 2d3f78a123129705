"""Open a box on the server, with both keys in one sitting; or take what was opened."""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.domain.ballots.opened import Opened
from survey_app.sealing.keys import HolderKey
from survey_app.sealing.opening import open_box
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
) -> Finished:
    """Export, open, take and finish without a file in between.

    Raises what `export_ballots`, `open_box` and `take_opened` raise; nothing was
    written then.
    """
    export = export_ballots(session, ballots, survey_id, secrets_folder=secrets_folder)
    opened = open_box(export, keys)
    return take_opened(
        session, ballots, survey_id, opened, secrets_folder=secrets_folder
    )


def take_opened(
    session: Session,
    ballots: Engine,
    survey_id: int,
    opened: Opened,
    *,
    secrets_folder: Path,
) -> Finished:
    """Take the result of an opening and finish it.

    Raises what `record_opening` and `finish_opening` raise. Once the result is
    recorded, `finish_opening` alone goes on after any interruption.
    """
    record_opening(session, ballots, survey_id, opened, secrets_folder=secrets_folder)
    return finish_opening(session, ballots, survey_id, secrets_folder=secrets_folder)
