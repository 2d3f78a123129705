"""Ballots at every step: drafted, open with somebody at the door, held for attacks."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.database import writing
from survey_app.settings import Settings
from tests.conftest import own_postgresql
from tests.support.attacks.real_box import Robbery, robbed_postgresql, robbed_sqlite
from tests.support.ballot_desk import Desks, desks
from tests.support.open_box import Box, Voter, open_box
from tests.support.postgresql import PostgreSQL
from tests.support.secret_ballots import Office, drafted


@pytest.fixture
def box(db: Session, ballots: Engine, settings: Settings) -> Box:
    """A box that takes ballots, with three slips."""
    assert settings.secrets_folder is not None
    return open_box(db, ballots, settings.secrets_folder)


@pytest.fixture
def voter(client: FlaskClient, box: Box) -> Voter:
    """Somebody with the first of them."""
    return Voter(client, box.codes[0])


@pytest.fixture
def main(engine: Engine) -> Iterator[Session]:
    """A session of the main database that writes."""
    with Session(writing(engine)) as session:
        yield session


@pytest.fixture
def office(db: Session, ballots: Engine, settings: Settings) -> Office:
    """A secret draft of two units with both keys in place."""
    return drafted(db, ballots, settings)


@pytest.fixture
def both(app: Flask, office: Office) -> Desks:
    """Two officials at their desks, with that draft between them."""
    return desks(app, office)


@pytest.fixture(scope="session")
def sqlite_robbery(tmp_path_factory: pytest.TempPathFactory) -> Robbery:
    """A ballot on SQLite, all its files stolen at every stage."""
    return robbed_sqlite(tmp_path_factory.mktemp("robbed"))


@pytest.fixture(scope="session")
def untouched_postgresql() -> Iterator[PostgreSQL]:
    """A server whose log of changes holds nothing but what is stolen from it."""
    with own_postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_robbery(
    untouched_postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory
) -> Robbery:
    """A ballot on PostgreSQL, its cluster stolen at every stage."""
    return robbed_postgresql(untouched_postgresql, tmp_path_factory.mktemp("robbed"))
