"""PgBouncer may lend PostgreSQL's servers to us by the transaction."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, make_url, select, text
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.ballot.tickets import USED
from survey_app.database import borrowed_engine
from survey_app.jobs.job_queue import queue_at, ring
from survey_app.settings import Settings
from survey_app.web.pace import Pace
from tests.conftest import FixedClock, rows_in
from tests.support.office import MANAGER, desk
from tests.support.open_box import Voter, open_box
from tests.support.pgbouncer import pooled
from tests.support.postgresql import PostgreSQL
from tests.support.respondents import Respondent, ask_about
from tests.support.small_county import small_county

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]
OFTEN = 8
"""Times after which a driver would prepare a statement."""


@pytest.fixture
def url(postgresql: PostgreSQL, database_url: str) -> Iterator[str]:
    """The database behind a pool of one server, which everybody is lent in turn."""
    with pooled(postgresql, database_url, servers=1) as address:
        yield address


def test_two_connections_in_turn_are_lent_one_server(url: str) -> None:
    """What either prepared there, the other would meet or miss."""
    with (
        borrowed_engine(url) as engine,
        engine.connect() as one,
        engine.connect() as two,
    ):
        for _ in range(OFTEN):
            for connection in (one, two):
                assert connection.scalar(text("SELECT 40 + :two"), {"two": 2}) == 42
                patience = connection.scalar(text("SHOW lock_timeout"))
                connection.commit()
                assert patience == "4s"


def test_nothing_of_ours_is_left_on_a_server(url: str, database_url: str) -> None:
    with borrowed_engine(url) as engine:
        for _ in range(OFTEN):
            with engine.connect() as connection:
                connection.scalar(select(1))
    with psycopg.connect(url, prepare_threshold=None) as somebody:
        (patience,) = somebody.execute("SHOW lock_timeout").fetchone() or ("",)
        left = somebody.execute("SELECT * FROM pg_prepared_statements").fetchall()

    assert (patience, left) == ("0", [])
    with borrowed_engine(database_url) as direct, direct.connect() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "4s"


@pytest.fixture
def few(postgresql: PostgreSQL, database_url: str) -> Iterator[str]:
    """The database behind a pool of four: some work reads while it writes."""
    with pooled(postgresql, database_url, servers=4) as address:
        yield address


@pytest.fixture
def through(
    few: str, settings: Settings, clock: FixedClock, ballots: Engine
) -> Iterator[Flask]:
    """The platform, with both databases behind the pool."""
    boxes = make_url(few).set(database=ballots.url.database)
    both = replace(
        settings,
        database_url=few,
        ballot_database_url=boxes.render_as_string(hide_password=False),
    )
    app = create_app(both, clock=clock, pace=Pace(seconds=0))
    yield app
    app.extensions["survey_engine"].dispose()
    app.extensions["survey_ballots"].dispose()


def test_many_answer_at_once_through_it(through: Flask, db: Session) -> None:
    asked = ask_about(db)

    def answer(_: int) -> int:
        return Respondent(through.test_client(), asked.code).answer().status_code

    with ThreadPoolExecutor(4) as phones:
        assert set(phones.map(answer, range(5 * OFTEN))) == {303}
    assert rows_in(db, "response") == 5 * OFTEN


def test_a_survey_is_closed_and_scored_through_it(through: Flask, db: Session) -> None:
    county = small_county(through.extensions["survey_engine"])
    county.count("staff", good=20, bad=10)
    county.settle()

    manager = desk(through, db, MANAGER)
    for _ in range(OFTEN):
        page = manager.see(f"/score-sheets/{county.cycle_id}/{county.subject_id}")
        assert page.title


def test_a_ballot_is_cast_through_it(
    through: Flask, db: Session, tmp_path: Path
) -> None:
    engine = through.extensions["survey_ballots"]
    box = open_box(db, engine, tmp_path / "secrets")

    for code in box.codes:
        cast = Voter(through.test_client(), code).send(box.answers())
        assert cast.status_code == 200
    assert {state for state, _, _ in box.rows().values()} == {USED}


def test_jobs_are_rung_for_through_it(url: str) -> None:
    for number in range(OFTEN):
        ring(url, number)

    storage = queue_at(url).storage
    assert storage.queue_size() == OFTEN
    storage.close()
