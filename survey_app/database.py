"""Engines and sessions; what SQLite must be told on every connection.

A session that will write says so when it begins: SQLite then takes its one write lock
at once and cannot find the door shut half-way through.
"""

import hmac
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.pool import ConnectionPoolEntry

from survey_app import postgresql, turn
from survey_app.domain.ground.refusals import NoBallotDatabase
from survey_app.settings import Settings

OUT_OF_REACH = (DBAPIError, PoolTimeout)
"""How SQLAlchemy says that the database did not answer."""

SQLITE_PATIENCE = 4.0
"""Seconds it may take to have the turn, and until nobody writes without one."""
WRITES = "writes"
"""Execution option of a connection that will write."""
TURN = "turn"
"""The same of one that only reads, and on SQLite waits its turn all the same."""
SEAL_KEY = "seal_key"
"""Execution option of an engine: the key, or nothing."""
SLOTS = "slots"
"""The same: over how many slots a survey that opens spreads its answers."""
ACTOR = "actor"
"""Execution option of an engine: the account its sessions act for and by what way,
for the record of acts."""
ANCHOR = "anchor"
"""The same: where the newest hash of the record is told besides; nothing: nowhere."""
QUEUE = "queue"
"""Execution option of an engine: the address of the queue of jobs, or nothing."""


LOG, NO_LOG = "WAL", "DELETE"
"""How SQLite keeps what is being written: beside the file, in the order it came, or
not a moment longer than the transaction lasts."""
DURABLE = {LOG: "FULL", NO_LOG: "EXTRA"}
"""What makes acknowledged mean kept, through a power cut. Without a log the folder must
be synced too: a journal that came back would take the last transaction away."""


def ballot_engine_of(settings: Settings) -> Engine | None:
    """Return the engine of the ballot database; None where the settings name none."""
    address = settings.ballots_at
    return engine_of(address, journal=NO_LOG) if address else None


def main_engine_of(settings: Settings) -> Engine:
    """Return the engine of the main database; it knows the key of its seals.

    It knows the queue of its jobs besides.
    """
    known = {
        SEAL_KEY: seal_key_from(settings.secret_key),
        SLOTS: settings.slots,
        QUEUE: settings.queue_at,
        ANCHOR: settings.record_anchor,
    }
    return engine_of(settings.database_url).execution_options(**known)


def seal_key_from(secret_key: str) -> bytes:
    """Return the key for seals; it opens nothing else the secret key is used for."""
    return hmac.digest(secret_key.encode(), b"seal of a publication plan", "sha256")


def seal_key_of(session: Session) -> bytes | None:
    """Return the key this session's database is sealed with; None: none is known."""
    return key_at(session.get_bind())


def key_at(bind: Engine | Connection) -> bytes | None:
    """Return the key of an engine or a connection."""
    key: bytes | None = bind.get_execution_options().get(SEAL_KEY)
    return key


@contextmanager
def borrowed_main_engine(settings: Settings) -> Iterator[Engine]:
    """Give the same for as long as a block lasts and close its connections after."""
    engine = main_engine_of(settings)
    try:
        yield engine
    finally:
        engine.dispose()


POOL = {"max_overflow": 27, "pool_timeout": 4}
"""Connections beside five that are always kept, and seconds to wait for one. Each of a
server's sixteen threads may look something up and write at once: with fewer, all of
them could hold one and wait for another."""


def engine_of(database_url: str, *, journal: str = LOG) -> Engine:
    """Return the engine; addresses may name `postgresql://` or `sqlite:///`."""
    url = make_url(database_url)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if not url.drivername.startswith("sqlite"):
        return postgresql.engine_at(url, **POOL)
    # hide_parameters keeps answers out of every exception text.
    file = Path(url.database or "")
    engine = create_engine(
        url,
        hide_parameters=True,
        creator=lambda: turn.opened(file, SQLITE_PATIENCE),
        **POOL,
    )
    event.listen(engine, "connect", partial(_prepare_sqlite, journal))
    event.listen(engine, "begin", _begin_sqlite)
    turn.hold_on_to(engine, file)
    return engine


def create_file(engine: Engine) -> None:
    """Make the SQLite file that migrations fill, readable by its owner only."""
    if engine.dialect.name == "sqlite":
        Path(engine.url.database or "").touch(mode=0o600)


def forget_order(session: Session) -> None:
    """Empty SQLite's write-ahead log, which holds answers in the order they came.

    Best effort: a log that somebody is reading is emptied at a later closing.
    """
    engine = session.get_bind()
    if isinstance(engine, Engine) and engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        finally:
            connection.close()


@contextmanager
def borrowed_engine(database_url: str, *, journal: str = LOG) -> Iterator[Engine]:
    """Give an engine for as long as a block lasts and close its connections after."""
    engine = engine_of(database_url, journal=journal)
    try:
        yield engine
    finally:
        engine.dispose()


def _prepare_sqlite(
    journal: str, connection: sqlite3.Connection, _: ConnectionPoolEntry
) -> None:
    """Make SQLite durable, strict and forgetful."""
    # The driver must not begin transactions by itself; `_begin_sqlite` does.
    connection.isolation_level = None
    for pragma in (
        f"journal_mode={journal}",
        f"synchronous={DURABLE[journal]}",
        "foreign_keys=ON",  # off by default in every new connection
        f"busy_timeout={SQLITE_PATIENCE * 1000:.0f}",
        "secure_delete=ON",  # what is deleted is overwritten
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Begin, taking the write lock at once where the connection will write."""
    told = connection.get_execution_options()
    begin = "BEGIN IMMEDIATE" if told.get(WRITES) else "BEGIN"
    if not (told.get(WRITES) or told.get(TURN)):
        connection.exec_driver_sql(begin)
        return
    turn.begin(connection, begin)


def writing(engine: Engine) -> Engine:
    """Return the same engine for transactions that will write."""
    return engine.execution_options(**{WRITES: True})


@contextmanager
def reading(session: Session) -> Iterator[Session]:
    """Give a session of its own, on the same database, that holds up nobody who writes.

    Whatever takes long is read and worked out in here. What `session` has not committed
    is not seen; what is read stays usable after the block, without anything more.
    """
    engine = session.get_bind().engine.execution_options(**{WRITES: False})
    with Session(engine, expire_on_commit=False) as reader:
        yield reader


def init_app(app: Flask, engine: Engine, ballots: Engine | None) -> None:
    """Give every request a session of its own, closed when it ends."""
    app.extensions["survey_engine"] = engine
    app.extensions["survey_ballots"] = ballots
    app.extensions["survey_writer"] = Session
    app.teardown_request(_close_session)


def ballot_engine() -> Engine:
    """Return the engine of the ballot database; raises NoBallotDatabase."""
    ballots = ballot_engine_if_any()
    if ballots is None:
        raise NoBallotDatabase
    return ballots


def ballot_engine_if_any() -> Engine | None:
    """Return the same, or None where open surveys alone are held."""
    ballots: Engine | None = current_app.extensions["survey_ballots"]
    return ballots


class LookingSession(Session):
    """A session that looks things up; whoever writes with it by mistake is told so."""


@event.listens_for(LookingSession, "do_orm_execute")
def _only_look(state: ORMExecuteState) -> None:
    for_update = getattr(state.statement, "_for_update_arg", None)
    if not state.is_select or for_update is not None:
        raise RuntimeError("a page reads with session() and writes with writer()")


@event.listens_for(LookingSession, "before_flush")
def _keep_nothing(session: Session, *_: Any) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("a page reads with session() and writes with writer()")


def session() -> Session:
    """Return this request's session for looking things up; it holds up nobody.

    What a verb left undone is undone by asking for it, and what it did is seen.
    """
    if "session" not in g:
        g.session = LookingSession(current_app.extensions["survey_engine"])
    kept: Session = g.session
    if g.pop("wrote", False):
        g.writer.rollback()
        kept.rollback()
    return kept


def writer() -> Session:
    """Return this request's session for verbs, which holds the write lock of SQLite.

    From its first statement, so that what a verb has found is so when it writes, until
    the verb commits. A view hands it to verbs and reads nothing with it.
    """
    if "writer" not in g:
        opened = current_app.extensions["survey_writer"]
        g.writer = opened(writing(current_app.extensions["survey_engine"]))
    g.wrote = True
    kept: Session = g.writer
    return kept


def _close_session(_: Any) -> None:
    """Roll back what was not committed and give the connections back."""
    for name in ("writer", "session"):
        if name in g:
            g.pop(name).close()
