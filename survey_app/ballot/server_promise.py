"""Whether the servers keep the promise: no trace of who did what when.

Asked before a ballot opens; a server that would write such traces down keeps it closed.
"""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from survey_app.distribution import broken_on_nodes
from survey_app.domain.ground.broken_promises import BrokenPromise
from survey_app.server_settings import broken_settings

OTHERS = 0o077
"""What group and others may do: nothing."""
EXTRA = 3
"""SQLite's `synchronous`: acknowledged means kept, through a power cut. FULL does not
sync the folder, so that the journal of a kept ballot can come back and undo it."""


def broken_promises(
    ballots: Engine, *, secrets_folder: Path | None
) -> tuple[BrokenPromise, ...]:
    """Return everything that breaks a promise; empty: all is kept.

    Settings of PostgreSQL, the file of SQLite, and the folder of secrets.
    """
    with ballots.connect() as connection:
        broken = (
            _broken_by_sqlite(connection, Path(ballots.url.database or ""))
            if ballots.dialect.name == "sqlite"
            else _broken_by_postgresql(connection)
        )
        return (*broken, *_broken_by_folder(secrets_folder))


def _broken_by_postgresql(connection: Connection) -> Iterator[BrokenPromise]:
    """Yield what the settings break, as they are for this role and database."""
    shown = connection.execute(text("SELECT name, setting FROM pg_settings"))
    yield from broken_settings({row.name: row.setting for row in shown})
    slots = "SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'logical'"
    if connection.scalar(text(slots)):
        yield BrokenPromise.LOGICAL_SLOTS
    yield from broken_on_nodes(connection)


def _broken_by_sqlite(connection: Connection, file: Path) -> Iterator[BrokenPromise]:
    """Yield what this connection or its file breaks."""

    def told(pragma: str) -> object:
        return connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()

    if told("journal_mode") != "delete":
        yield BrokenPromise.JOURNAL_STAYS
    if told("secure_delete") != 1:
        yield BrokenPromise.DELETED_STAYS
    if told("synchronous") != EXTRA:
        yield BrokenPromise.NOT_DURABLE
    if file.stat().st_mode & OTHERS:
        yield BrokenPromise.BALLOT_FILE_OPEN


def _broken_by_folder(folder: Path | None) -> Iterator[BrokenPromise]:
    """Yield what is wrong with a folder that is there; the first slips make it."""
    if folder is None:
        yield BrokenPromise.NO_SECRETS_FOLDER
    elif folder.exists() and any(
        place.stat().st_mode & OTHERS for place in (folder, *folder.iterdir())
    ):
        yield BrokenPromise.SECRETS_FOLDER_OPEN
