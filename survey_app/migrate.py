"""Bring the databases to the newest tables, from the shell and from tests alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from survey_app.database import create_file

HOUSE = Path(__file__).resolve().parent
"""The folder of this package, in a checkout or where a wheel was installed."""

MAIN, BALLOTS = "migrations", "migrations/ballots"


def alembic_config(history: str = MAIN) -> Config:
    """Return Alembic's settings for one of the two histories."""
    config = Config()
    config.set_main_option("script_location", str(HOUSE / history))
    return config


def migrate(engine: Engine) -> None:
    """Apply every migration the main database has not seen."""
    _upgrade(engine, MAIN)


def migrate_ballots(engine: Engine) -> None:
    """Apply every migration the ballot database has not seen."""
    _upgrade(engine, BALLOTS)


@contextmanager
def tables_rewritten(connection: Connection) -> Iterator[None]:
    """Let SQLite write tables anew for as long as a block, which begins and commits.

    It changes a table by dropping the old one; with foreign keys on that deletes or
    refuses the rows that lead there. They are checked once more at the end, by SQLite
    itself. Raises RuntimeError where one leads nowhere; nothing is kept then.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    own = connection.connection.dbapi_connection
    assert own is not None  # noqa: S101 -- an open connection has one
    own.cursor().execute("PRAGMA foreign_keys=OFF").close()
    try:
        yield
    finally:
        own.cursor().execute("PRAGMA foreign_keys=ON").close()


def require_whole(connection: Connection) -> None:
    """Raise RuntimeError where a row leads to none, inside the migration's own step."""
    if connection.dialect.name != "sqlite":
        return
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if lost is not None:
        raise RuntimeError(f"a row of {lost[0]} leads to no row of {lost[2]}")


def _upgrade(engine: Engine, history: str) -> None:
    create_file(engine)
    config = alembic_config(history)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
