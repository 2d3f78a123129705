"""Databases to be robbed: both kinds, as an office would set them up."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from survey_app.database import NO_LOG, engine_of, main_engine_of
from survey_app.migrate import migrate, migrate_ballots
from survey_app.settings import Settings
from tests.support.postgresql import PostgreSQL


def sqlite_settings(folder: Path) -> Settings:
    """Return settings with both files in this folder."""
    return Settings(
        database_url=f"sqlite:///{folder / 'survey.sqlite'}",
        secret_key="s" * 32,
        second_factor="",
        ballot_secrets=str(folder / "secrets"),
    )


@contextmanager
def postgresql_settings(server: PostgreSQL, folder: Path) -> Iterator[Settings]:
    """Give settings with two databases of their own, for as long as a block lasts."""
    name = f"robbed_{secrets.token_hex(6)}"
    with (
        server.database(name) as main,
        server.database(f"{name}_ballots") as ballots,
    ):
        yield Settings(
            database_url=main,
            secret_key="s" * 32,
            second_factor="",
            ballot_database_url=ballots,
            ballot_secrets=str(folder / "secrets"),
        )


@contextmanager
def engines(settings: Settings) -> Iterator[tuple[Engine, Engine]]:
    """Give both databases, migrated."""
    main = main_engine_of(settings)
    ballots = engine_of(settings.ballots_at, journal=NO_LOG)
    try:
        migrate(main)
        migrate_ballots(ballots)
        yield main, ballots
    finally:
        main.dispose()
        ballots.dispose()
