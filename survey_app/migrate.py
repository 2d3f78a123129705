"""Bring a database to the newest tables, from the shell and from tests alike."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from survey_app.database import create_file

CHECKOUT = Path(__file__).resolve().parent.parent
"""Where migrations/ and config/ lie beside this package."""


def alembic_config() -> Config:
    """Return Alembic's settings; they live in pyproject.toml."""
    return Config(toml_file=CHECKOUT / "pyproject.toml")


def migrate(engine: Engine) -> None:
    """Apply every migration the database has not seen."""
    create_file(engine)
    config = alembic_config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
