"""Two whole ballots for the attacks, held and robbed once a run."""

from collections.abc import Iterator

import pytest

from tests.conftest import own_postgresql
from tests.support.attacks.real_box import Robbery, robbed_postgresql, robbed_sqlite
from tests.support.postgresql import PostgreSQL


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
