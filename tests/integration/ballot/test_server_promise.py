"""The servers themselves are asked whether they keep the promise."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from survey_app.ballot.server_promise import broken_promises
from survey_app.database import NO_LOG, borrowed_engine, engine_of
from survey_app.migrate import migrate_ballots
from tests.support.postgresql import PostgreSQL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of secrets as the program makes it."""
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o700)
    (folder / "survey-1.secrets").touch(mode=0o600)
    return folder


def test_what_we_ship_keeps_every_promise(ballots: Engine, folder: Path) -> None:
    assert broken_promises(ballots, secrets_folder=folder) == ()


def test_a_folder_is_named_and_only_its_owner_reads_it(
    ballots: Engine, folder: Path
) -> None:
    assert broken_promises(ballots, secrets_folder=None) == ("no-secrets-folder",)

    folder.chmod(0o750)
    assert broken_promises(ballots, secrets_folder=folder) == ("secrets-folder-open",)

    folder.chmod(0o700)
    (folder / "survey-1.secrets").chmod(0o604)
    assert broken_promises(ballots, secrets_folder=folder) == ("secrets-folder-open",)


def test_a_folder_the_first_slips_will_make_is_no_fault(
    ballots: Engine, tmp_path: Path
) -> None:
    assert broken_promises(ballots, secrets_folder=tmp_path / "later") == ()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of a ballot database."""
    file = tmp_path / "ballots.sqlite"
    with borrowed_engine(f"sqlite:///{file}", journal=NO_LOG) as engine:
        migrate_ballots(engine)
    return file


@pytest.fixture
def careful(file: Path) -> Iterator[Engine]:
    """An engine over it, as the program makes it."""
    with borrowed_engine(f"sqlite:///{file}", journal=NO_LOG) as engine:
        yield engine


def test_a_file_that_others_read_is_named(
    careful: Engine, file: Path, folder: Path
) -> None:
    file.chmod(0o640)

    assert broken_promises(careful, secrets_folder=folder) == ("ballot-file-open",)


def test_a_journal_in_order_of_arrival_is_named(file: Path, folder: Path) -> None:
    with borrowed_engine(f"sqlite:///{file}") as careless:
        broken = broken_promises(careless, secrets_folder=folder)
        assert broken == ("journal-stays", "not-durable")


@pytest.mark.parametrize(
    ("pragma", "broken"),
    [
        ("secure_delete = OFF", "deleted-stays"),
        ("secure_delete = FAST", "deleted-stays"),
        ("synchronous = NORMAL", "not-durable"),
        ("synchronous = FULL", "not-durable"),
    ],
)
def test_a_careless_connection_is_named(
    careful: Engine, folder: Path, pragma: str, broken: str
) -> None:
    @event.listens_for(careful, "connect")
    def forget(connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA {pragma}")

    assert broken_promises(careful, secrets_folder=folder) == (broken,)


def test_what_is_kept_stays_through_a_power_cut(careful: Engine, file: Path) -> None:
    """Without a log the folder is synced too, or an old journal undoes a ballot."""
    full, extra = 2, 3
    with borrowed_engine(f"sqlite:///{file}") as logged:
        for engine, wanted in ((careful, extra), (logged, full)):
            with engine.connect() as connection:
                told = connection.exec_driver_sql("PRAGMA synchronous").scalar()
            assert told == wanted
            engine.dispose()


@pytest.fixture
def server(postgresql: PostgreSQL) -> Iterator[Engine]:
    """PostgreSQL, which says how it is set."""
    with postgresql.database() as url:
        engine = engine_of(url)
        yield engine
        engine.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("setting", "broken"),
    [
        ("log_statement = 'all'", "statement-log"),
        ("log_min_duration_statement = 250", "slow-statement-log"),
        ("log_min_duration_sample = 0", "sampled-statement-log"),
        ("log_transaction_sample_rate = 0.5", "sampled-transaction-log"),
        ("log_duration = on", "duration-log"),
        ("log_parameter_max_length_on_error = -1", "parameters-in-errors"),
        ("debug_print_plan = on", "plan-log"),
        ("log_min_messages = 'debug5'", "debug-log"),
        ("synchronous_commit = off", "not-durable"),
        ("session_replication_role = 'replica'", "triggers-off"),
    ],
)
def test_a_setting_of_the_database_is_found(
    server: Engine, folder: Path, setting: str, broken: str
) -> None:
    with server.begin() as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.execute(text(f'ALTER DATABASE "{name}" SET {setting}'))
    server.dispose()

    assert broken_promises(server, secrets_folder=folder) == (broken,)


@pytest.fixture
def ordinary(server: Engine) -> Iterator[Engine]:
    """A role that is not shown the settings kept for superusers."""
    with server.begin() as connection:
        connection.execute(text("CREATE ROLE clerk LOGIN PASSWORD 'clerk'"))
    address = server.url.set(username="clerk", password="clerk")
    engine = engine_of(address.render_as_string(hide_password=False), journal=NO_LOG)
    yield engine
    engine.dispose()
    with server.begin() as connection:
        connection.execute(text("DROP ROLE clerk"))


@pytest.mark.postgresql
def test_an_ordinary_role_is_shown_enough(
    ordinary: Engine, server: Engine, folder: Path
) -> None:
    assert broken_promises(ordinary, secrets_folder=folder) == ()

    with server.begin() as connection:
        connection.execute(text("ALTER ROLE clerk SET log_min_duration_statement = 0"))
    ordinary.dispose()
    assert broken_promises(ordinary, secrets_folder=folder) == ("slow-statement-log",)
