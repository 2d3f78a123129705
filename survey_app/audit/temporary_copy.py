"""The databases once more, for as long as an audit lasts: the real ones are only read.

Accounts and sign-ins stay behind: the audit makes its own. Of the ballot database only
what is published comes along, never a ticket, an envelope or a comment.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, Table, insert, select
from sqlalchemy.orm import Session

from survey_app.all_tables import metadata
from survey_app.ballot.tables import BallotBox, Batch, FragmentRow
from survey_app.ballot.tickets import Tracker
from survey_app.database import NO_LOG, borrowed_engine, borrowed_main_engine, writing
from survey_app.migrate import migrate, migrate_ballots
from survey_app.settings import Settings

LEFT_BEHIND = {
    "account", "account_role", "record", "record_head",
    "recovery_code", "second_factor", "sign_in",
}  # fmt: skip
PUBLISHED = (BallotBox, Batch, FragmentRow, Tracker)
ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class TemporaryCopy:
    """A platform of its own: settings that name the copies, and the main one open."""

    settings: Settings
    engine: Engine

    def writing(self) -> Session:
        """Return a session that changes the copy."""
        return Session(writing(self.engine))


@contextmanager
def temporary_copy(
    settings: Settings, ballots: Engine | None
) -> Iterator[TemporaryCopy]:
    """Give a copy in a folder only its owner reads, and remove it after."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="survey-audit-")))
        ours = replace(
            settings,
            database_url=f"sqlite:///{folder / 'main.sqlite'}",
            ballot_database_url=f"sqlite:///{folder / 'ballots.sqlite'}",
            ballot_secrets=str(folder / "secrets"),
            second_factor="",  # its throw-away accounts have no phones
        )
        engine = stack.enter_context(borrowed_main_engine(ours))
        migrate(engine)
        real = stack.enter_context(borrowed_main_engine(settings))
        tables = [t for t in metadata.sorted_tables if t.name not in LEFT_BEHIND]
        _copy(real, engine, tables)
        box = stack.enter_context(
            borrowed_engine(ours.ballot_database_url, journal=NO_LOG)
        )
        migrate_ballots(box)
        if ballots is not None:
            published = (
                table.metadata.tables[table.__tablename__] for table in PUBLISHED
            )
            _copy(ballots, box, published)
        yield TemporaryCopy(ours, engine)


def _copy(source: Engine, target: Engine, tables: Iterable[Table]) -> None:
    """Copy every row, parents before children."""
    with source.connect() as read, writing(target).begin() as write:
        for table in tables:
            rows = read.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table))
            for part in rows.mappings().partitions():
                write.execute(insert(table), [dict(row) for row in part])
