"""Whose rows a database holds, and who is in it, while an office is moved."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import OperationalError

from survey_app.database import WRITES
from survey_app.domain.ground.marked import message
from survey_app.moving.copy_tables import differing, in_order
from survey_app.moving.refused import OfficeStays

MARK = MetaData()
MOVE = Table("unfinished_move", MARK, Column("office", Integer, primary_key=True))
"""Stands in the target until all is there, and says whose rows are in it: those of the
office with this number. A target without it that holds rows is somebody's office."""


@contextmanager
def held(source: Engine) -> Iterator[Connection]:
    """Give the source as it stands, with nobody else in it until the block ends.

    Raises OfficeStays where somebody is: a server must not go on taking answers into a
    database that is being left.
    """
    sqlite = source.dialect.name == "sqlite"
    told = {WRITES: True} if sqlite else {"isolation_level": "REPEATABLE READ"}
    with source.connect().execution_options(**told) as connection:
        if sqlite:
            own = connection.connection.dbapi_connection
            assert own is not None  # noqa: S101 -- an open connection has one
            # Refused, and at once, while any other connection is open, idle or not.
            for pragma in ("locking_mode=EXCLUSIVE", "busy_timeout=0"):
                own.cursor().execute(f"PRAGMA {pragma}").close()
        try:
            _require_alone(connection)
            yield connection
        finally:
            connection.rollback()
            # The lock goes with the connection, and this one must not be used again.
            connection.invalidate()


def _require_alone(connection: Connection) -> None:
    """Raise OfficeStays where somebody else is connected."""
    try:
        connection.execute(select(1))
    except OperationalError as error:
        raise OfficeStays(IN_USE) from error
    if connection.dialect.name == "postgresql" and connection.scalar(text(OTHERS)):
        raise OfficeStays(IN_USE)


IN_USE = message(
    "The database that is to be left is in use. Stop the server, then move: what it"
    " took meanwhile would be lost."
)
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


def claim(
    source: Connection,
    target: Engine,
    metadata: MetaData,
    make: Callable[[Engine], None],
) -> None:
    """Take the target for this office and make its tables, or raise OfficeStays.

    It must be empty, or hold what an interrupted move of the same office left there.
    """
    office = office_number(source, metadata)
    with target.connect() as connection:
        marked = inspect(connection).has_table(MOVE.name)
        if marked and connection.scalar(select(MOVE.c.office)) != office:
            raise OfficeStays(SOMEBODYS)
        if not marked and any(_holds_rows(connection, t) for t in metadata.tables):
            raise OfficeStays(SOMEBODYS)
    make(target)
    with target.execution_options(**{WRITES: True}).begin() as connection:
        if _step(source) != _step(connection):
            raise OfficeStays(OLDER)
        if not marked:
            MARK.create_all(connection)
            connection.execute(insert(MOVE).values(office=office))


OLDER = message(
    "The database that is to be left has older tables. Run `survey migrate` on it, then"
    " move."
)
SOMEBODYS = message(
    "The database to move into holds an office already, or what was left of moving"
    " another one. Name an empty database."
)


def is_there(source: Connection, target: Engine, metadata: MetaData) -> bool:
    """Return whether this office was moved there before, and nothing has changed."""
    with target.connect() as connection:
        if inspect(connection).has_table(MOVE.name):
            return False
        if _step(connection) is None or _step(connection) != _step(source):
            return False
        return not differing(source, target, metadata)


def release(target: Engine) -> None:
    """Let the target be an office like any other: everything is there."""
    with target.execution_options(**{WRITES: True}).begin() as connection:
        MARK.drop_all(connection)
    if target.dialect.name == "postgresql":
        with target.execution_options(isolation_level="AUTOCOMMIT").connect() as whole:
            whole.execute(text("ANALYZE"))


def office_number(source: Connection, metadata: MetaData) -> int:
    """Return what tells this office from others as long as nothing in it changes."""
    told = hashlib.sha256()
    for table in metadata.sorted_tables:
        rows = source.scalar(select(func.count()).select_from(table))
        first = source.execute(in_order(table).limit(1)).one_or_none()
        told.update(repr((table.name, rows, tuple(first or ()))).encode())
    return int.from_bytes(told.digest()[:4]) >> 1


def _holds_rows(connection: Connection, table: str) -> bool:
    """Return whether there is a table of this name with a row in it."""
    if not inspect(connection).has_table(table):
        return False
    name = connection.dialect.identifier_preparer.quote(table)
    return connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first() is not None  # noqa: S608 -- names of our own tables


def _step(connection: Connection) -> str | None:
    """Return the newest migration a database has seen; None: it has seen none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    step: str | None = connection.scalar(
        text("SELECT version_num FROM alembic_version")
    )
    return step


def is_sqlite_file(database_url: str) -> bool:
    """Return whether the address names a file of SQLite that is there."""
    file = database_url.removeprefix("sqlite:///")
    return file != database_url and Path(file).is_file()
