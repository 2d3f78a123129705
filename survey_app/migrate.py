"""Bring the databases to the newest tables, from the shell and from tests alike."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from survey_app.database import create_file

CHECKOUT = Path(__file__).resolve().parent.parent
"""Where migrations/ and config/ lie beside this package."""

MAIN, BALLOTS = "migrations", "migrations/ballots"


def alembic_config(history: str = MAIN) -> Config:
    """Return Alembic's settings for one of the two histories."""
    config = Config(toml_file=CHECKOUT / "pyproject.toml")
    config.set_main_option("script_location", str(CHECKOUT / history))
    return config


def migrate(engine: Engine) -> None:
    """Apply every migration the main database has not seen."""
    _upgrade(engine, MAIN)


def migrate_ballots(engine: Engine) -> None:
    """Apply every migration the ballot database has not seen."""
    _upgrade(engine, BALLOTS)


def _upgrade(engine: Engine, history: str) -> None:
    create_file(engine)
    config = alembic_config(history)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
