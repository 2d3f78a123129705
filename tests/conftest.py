"""What every test may ask for: settings, a clock, both databases, the front door."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from shutil import copy, disk_usage
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import URL, Engine, make_url, text
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from survey_app import create_app
from survey_app.accounts import passwords as password
from survey_app.ballot.sealing.signatures import stretched
from survey_app.database import NO_LOG, engine_of, main_engine_of, writing
from survey_app.migrate import migrate, migrate_ballots
from survey_app.settings import Settings
from survey_app.web.pace import Pace
from tests.support.alike_engines import sharing
from tests.support.postgresql import PostgreSQL, started

# How long an example takes says something about the machine, nothing about a law.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

IN_CI = os.environ.get("CI") == "true"
OWN_FILES_MASK = 0o022


class CompiledTemplates(BytecodeCache):
    """Templates as one platform of this run has compiled them, for all others."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if compiled := self.code.get(bucket.key + bucket.checksum):
            bucket.bytecode_from_string(compiled)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


COMPILED = CompiledTemplates()


@pytest.fixture(autouse=True)
def _own_files_mask() -> Iterator[None]:
    """Let the mask for new files, which a verb sets for its process, end with a test.

    Otherwise whatever a later test starts hides its files from other users too.
    """
    os.umask(OWN_FILES_MASK)  # a fixture that outlives its test may have set another
    yield
    os.umask(OWN_FILES_MASK)


@pytest.fixture(scope="session", autouse=True)
def _done_once() -> Iterator[None]:
    """Work out only once what every test works out alike, and hash passwords cheaply.

    Platforms are built and the same few keys are unlocked thousands of times in a run.
    Servers and programs that tests start are as they ship.
    """
    builders: dict[object, object] = {}
    compile_builder = Rule._compile_builder

    def compiled(rule: Rule, append_unknown: bool = True) -> object:  # noqa: FBT001, FBT002
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in builders:
            builders[key] = compile_builder(rule, append_unknown)
        return builders[key]

    one_dialect = sharing()
    hasher = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compiled)
        patch.setattr("survey_app.database.create_engine", one_dialect)
        patch.setattr("survey_app.postgresql.create_engine", one_dialect)
        patch.setitem(Flask.jinja_options, "bytecode_cache", COMPILED)
        patch.setattr(password, "_hasher", hasher)
        patch.setattr("survey_app.ballot.sealing.keys.stretched", cache(stretched))
        patch.setattr(password, "_NOBODYS", hasher.hash("nobody's"))
        yield


class FixedClock:
    """A clock that stands at noon, Chinese time, of the day it is set to."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __call__(self) -> datetime:
        noon = datetime.combine(self.day, time(12), ZoneInfo("Asia/Shanghai"))
        return noon.astimezone(UTC)


MEMORY, ENOUGH = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 -- made for programs' files
"""A folder that lies in memory, and how many free bytes make it one for us."""


def pytest_configure() -> None:
    """Let tests write into memory where there is room, instead of awaiting a disk.

    Everything is written durably and thousands of times, and nothing outlives the run.
    """
    if os.access(MEMORY, os.W_OK) and disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("TMPDIR", str(MEMORY))
        tempfile.tempdir = None


@dataclass(frozen=True)
class Models:
    """Databases as the migrations make them, to be copied and never changed."""

    main: URL
    ballots: URL


BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Mark of tests to which the kind of database makes no difference."""


def migrated(main: str, ballots: str) -> Models:
    """Migrate both databases, and let go of them."""
    for engine, bring_up in (
        (engine_of(main), migrate),
        (engine_of(ballots, journal=NO_LOG), migrate_ballots),
    ):
        bring_up(engine)
        engine.dispose()
    return Models(make_url(main), make_url(ballots))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(date(2026, 5, 1))


@contextmanager
def own_postgresql() -> Iterator[PostgreSQL]:
    """Start a PostgreSQL for as long as the block lasts; skip where there is none."""
    # Not below pytest's own folder, which runs beside us may clear away.
    folder = TemporaryDirectory(prefix="survey-postgresql-", ignore_cleanup_errors=True)
    try:
        server = started(Path(folder.name))
    except (ImportError, OSError, RuntimeError) as error:
        if IN_CI:
            raise
        pytest.skip(f"PostgreSQL did not start: {type(error).__name__}")
    try:
        yield server
    finally:
        server.stop()
        folder.cleanup()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """One PostgreSQL for the whole run; tests get a database each."""
    with own_postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """Migrated SQLite files; tests get copies."""
    folder = tmp_path_factory.mktemp("models")
    return migrated(
        f"sqlite:///{folder / 'main.sqlite'}", f"sqlite:///{folder / 'ballots.sqlite'}"
    )


@pytest.fixture(scope="session")
def postgresql_models(postgresql: PostgreSQL) -> Iterator[Models]:
    """Migrated databases of PostgreSQL; tests get copies."""
    with postgresql.database() as main, postgresql.database() as ballots:
        yield migrated(main, ballots)


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once on each of the two kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'survey.sqlite'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with server.database() as url:
        yield url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database, once on each of the two kinds."""
    models: Models = request.getfixturevalue(f"{request.param}_models")
    if request.param == "sqlite":
        file = copy(models.main.database or "", tmp_path / "survey.sqlite")
        yield f"sqlite:///{file}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    with server.database(like=models.main.database or "") as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine over tables as the migrations make them."""
    settings = Settings(database_url=database_url, secret_key="k" * 32)
    engine = main_engine_of(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    """A session that writes."""
    with Session(writing(engine)) as session:
        yield session


@pytest.fixture
def ballot_url(database_url: str) -> str:
    """The address of the ballot database; `ballots` makes it."""
    if database_url.startswith("sqlite"):
        return Settings(database_url=database_url, secret_key="k" * 32).ballots_at
    main = make_url(database_url)
    beside = main.set(database=f"{main.database}_ballots")
    return beside.render_as_string(hide_password=False)


@pytest.fixture
def ballots(ballot_url: str, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine over ballot tables as the migrations make them."""
    kind = "sqlite" if ballot_url.startswith("sqlite") else "postgresql"
    models: Models = request.getfixturevalue(f"{kind}_models")
    model, beside = models.ballots.database or "", make_url(ballot_url).database or ""
    with ExitStack() as stack:
        if kind == "sqlite":
            copy(model, beside)
        else:
            server: PostgreSQL = request.getfixturevalue("postgresql")
            stack.enter_context(server.database(beside, like=model))
        engine = engine_of(ballot_url, journal=NO_LOG)
        stack.callback(engine.dispose)
        yield engine


@pytest.fixture
def settings(database_url: str, ballot_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database_url,
        secret_key="k" * 32,
        second_factor="",
        ballot_database_url=ballot_url,
        ballot_secrets=str(tmp_path / "secrets"),
    )


@pytest.fixture
def app(engine: Engine, settings: Settings, clock: FixedClock) -> Iterator[Flask]:
    """The platform over migrated tables."""
    app = create_app(settings, clock=clock, pace=Pace(seconds=0))
    app.config["TESTING"] = True
    yield app
    app.extensions["survey_engine"].dispose()
    app.extensions["survey_ballots"].dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def rows_in(session: Session, table: str) -> int:
    """Return how many rows a table holds."""
    return session.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608 -- a name written in a test
