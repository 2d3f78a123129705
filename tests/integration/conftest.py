"""An open box with somebody who holds a slip, and two whole ballots for the attacks."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.database import writing
from survey_app.settings import Settings
from tests.conftest import own_postgresql
from tests.support.attacks.real_box import Robbery, robbed_postgresql, robbed_sqlite
from tests.support.open_box import Box, Voter, open_box
from tests.support.postgresql import PostgreSQL


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
