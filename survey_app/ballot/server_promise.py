"""Whether the servers keep the promise: no trace of who did what when.

Asked before a ballot opens; a server that would write such traces down keeps it closed.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from survey_app.domain.ground.broken_promises import BrokenPromise

Settings = Mapping[str, str]

WATCHERS = (
    "auto_explain.", "pg_qualstats.", "pg_stat_monitor.", "pg_stat_statements.",
    "pg_store_plans.", "pgaudit.",
)  # fmt: skip
"""Extensions that keep statements. Their own settings tell that they are loaded: an
ordinary role is not shown `shared_preload_libraries`."""


def _is_on(name: str) -> Callable[[Settings], bool]:
    return lambda settings: settings.get(name, "off") == "on"


def _is_off(name: str) -> Callable[[Settings], bool]:
    return lambda settings: settings.get(name, "on") == "off"


def _from_zero(name: str) -> Callable[[Settings], bool]:
    """Whether a duration from which on is logged is given at all; -1: never."""
    return lambda settings: int(settings.get(name, "-1")) >= 0


def _samples(settings: Settings) -> bool:
    is_asked = _from_zero("log_min_duration_sample")(settings)
    return is_asked and float(settings.get("log_statement_sample_rate", "1")) > 0


BREAKS: tuple[tuple[BrokenPromise, Callable[[Settings], bool]], ...] = (
    (BrokenPromise.COMMIT_TIMESTAMPS, _is_on("track_commit_timestamp")),
    (
        BrokenPromise.STATEMENT_LOG,
        lambda s: s.get("log_statement", "none") in {"mod", "all"},
    ),
    # With the transaction's number at the head of the line it is a time for each row.
    (BrokenPromise.DURATION_LOG, _is_on("log_duration")),
    (BrokenPromise.SLOW_STATEMENT_LOG, _from_zero("log_min_duration_statement")),
    (BrokenPromise.SAMPLED_STATEMENT_LOG, _samples),
    (
        BrokenPromise.SAMPLED_TRANSACTION_LOG,
        lambda s: float(s.get("log_transaction_sample_rate", "0")) > 0,
    ),
    (
        BrokenPromise.PARAMETERS_IN_ERRORS,
        lambda s: s.get("log_parameter_max_length_on_error", "0") != "0",
    ),
    (BrokenPromise.PLAN_LOG, _is_on("debug_print_parse")),
    (BrokenPromise.PLAN_LOG, _is_on("debug_print_rewritten")),
    (BrokenPromise.PLAN_LOG, _is_on("debug_print_plan")),
    (
        BrokenPromise.DEBUG_LOG,
        lambda s: s.get("log_min_messages", "").startswith("debug"),
    ),
    (
        BrokenPromise.WATCHING_EXTENSION,
        lambda s: any(name.startswith(WATCHERS) for name in s),
    ),
    (
        BrokenPromise.TRIGGERS_OFF,
        lambda s: s.get("session_replication_role", "origin") == "replica",
    ),
    (BrokenPromise.NOT_DURABLE, _is_off("fsync")),
    (BrokenPromise.NOT_DURABLE, _is_off("full_page_writes")),
    (BrokenPromise.NOT_DURABLE, _is_off("synchronous_commit")),
)


def broken_settings(settings: Settings) -> tuple[BrokenPromise, ...]:
    """Return every promise these settings break; empty: none.

    `settings` are names and values as in pg_settings; what is not among them stands at
    its default.
    """
    return tuple(dict.fromkeys(key for key, breaks in BREAKS if breaks(settings)))


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
