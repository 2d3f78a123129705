"""Two whole ballots for the attacks, held and robbed once a run."""

import pytest

from tests.attacks.real_box import Robbery, robbed_postgresql, robbed_sqlite
from tests.postgresql import PostgreSQL


@pytest.fixture(scope="session")
def sqlite_robbery(tmp_path_factory: pytest.TempPathFactory) -> Robbery:
    """A ballot on SQLite, all its files stolen at every stage."""
    return robbed_sqlite(tmp_path_factory.mktemp("robbed"))


@pytest.fixture(scope="session")
def postgresql_robbery(
    postgresql: PostgreSQL, tmp_path_factory: pytest.TempPathFactory
) -> Robbery:
    """A ballot on PostgreSQL, its cluster stolen at every stage."""
    return robbed_postgresql(postgresql, tmp_path_factory.mktemp("robbed"))
