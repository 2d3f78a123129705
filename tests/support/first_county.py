"""The demo county of the first program, brought to the newest tables."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from shutil import copytree
from typing import Any

from alembic import command
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine, MetaData, create_engine, insert, select, text
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.cli.main import main
from survey_app.database import NO_LOG, borrowed_engine, borrowed_main_engine, writing
from survey_app.migrate import BALLOTS, MAIN, alembic_config
from survey_app.settings import Settings
from survey_app.web.pace import Pace
from tests.conftest import FixedClock
from tests.support.office import MANAGER, Desk, desk
from tests.support.samples import sample

NEXT_DAY = date(2026, 12, 1)
"""It was built the day before; all its surveys are open for thirty days."""
OPEN_SURVEY, DECRYPTED, STILL_OPEN, CLOSED = 1, 2, 3, 4
"""Its surveys: the masses' one, and three ballots."""
NUMBER = re.compile(r"\d[\d.,/%]*")


def then() -> dict[str, Any]:
    """Return what the first program's own pages said, once it had closed the survey."""
    numbers: dict[str, Any] = json.loads((sample("first") / "numbers.json").read_text())
    return numbers


@dataclass(frozen=True)
class FirstCounty:
    """Its databases and secrets, and today's program over them."""

    settings: Settings
    app: Flask
    main: Engine
    ballots: Engine
    secrets: Path
    office: Desk

    def page(self, path: str) -> str:
        """Return a page of the office, in English."""
        shown = self.office.open(path)
        assert shown.status_code == 200, (path, shown.status)
        return shown.get_data(as_text=True)

    @property
    def writing(self) -> Session:
        """Return a session that writes to the main database."""
        return Session(writing(self.main))


@contextmanager
def first_county(folder: Path, urls: tuple[str, str] | None) -> Iterator[FirstCounty]:
    """Give the county, migrated; `urls` are empty databases of PostgreSQL."""
    home = copytree(sample("first") / "county", folder / "county")
    (home / "ballot-secrets").chmod(0o700)
    main_url = f"sqlite:///{home / 'county.sqlite'}"
    ballots_url = f"sqlite:///{home / 'county-ballots.sqlite'}"
    if urls is not None:
        moved(main_url, urls[0], MAIN)
        moved(ballots_url, urls[1], BALLOTS)
        main_url, ballots_url = urls
    settings = Settings(
        database_url=main_url,
        secret_key=(home / "secret_key").read_text("utf-8"),
        second_factor="",
        ballot_database_url=ballots_url,
        ballot_secrets=str(home / "ballot-secrets"),
    )
    told = CliRunner().invoke(main, ["migrate"], env=environment(settings))
    assert told.exit_code == 0, told.output
    app = create_app(settings, clock=FixedClock(NEXT_DAY), pace=Pace(seconds=0))
    with (
        borrowed_main_engine(settings) as engine,
        borrowed_engine(ballots_url, journal=NO_LOG) as ballots,
    ):
        with Session(writing(engine)) as session:
            office = desk(app, session, MANAGER)
        office.send("/language", language="en", back="")
        secrets = home / "ballot-secrets"
        yield FirstCounty(settings, app, engine, ballots, secrets, office)
    app.extensions["survey_engine"].dispose()
    app.extensions["survey_ballots"].dispose()


def environment(settings: Settings) -> dict[str, str]:
    """Return the settings as whoever runs the server writes them down."""
    return {
        "SURVEY_DATABASE_URL": settings.database_url,
        "SURVEY_SECRET_KEY": settings.secret_key,
        "SURVEY_BALLOT_DATABASE_URL": settings.ballot_database_url,
        "SURVEY_BALLOT_SECRETS": settings.ballot_secrets,
    }


def moved(source_url: str, target_url: str, history: str) -> None:
    """Copy every row into tables of the same step of the same history."""
    source, target = create_engine(source_url), create_engine(target_url)
    with source.connect() as old, target.begin() as new:
        step = old.scalar(text("SELECT version_num FROM alembic_version"))
        config = alembic_config(history)
        config.attributes["connection"] = new
        command.upgrade(config, str(step))
        new.execute(text("SET session_replication_role = replica"))  # no triggers
        known = MetaData()
        known.reflect(new)
        for table in known.sorted_tables:
            rows = [dict(row) for row in old.execute(select(table)).mappings()]
            if rows and table.name != "alembic_version":
                new.execute(insert(table), rows)
            if "id" in table.c and table.c.id.type.python_type is int:
                new.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 -- names of our own tables
                        f"(SELECT coalesce(max(id), 1) FROM {table.name}))"
                    )
                )
        new.execute(text("SET session_replication_role = DEFAULT"))
    source.dispose()
    target.dispose()


def numbers_in(html: str) -> list[str]:
    """Return every number a reader sees on a page, in order."""
    return NUMBER.findall(unescape(re.sub(r"<[^>]+>", " ", html)))
