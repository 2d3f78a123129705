"""Strangers learn whether all is well, and nobody when anybody answered."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.database import writing
from survey_app.health import Health
from survey_app.settings import Settings
from survey_app.web.metrics import MANY
from survey_app.web.pace import Pace
from tests.conftest import ONE_DATABASE, FixedClock
from tests.support.open_box import Voter, open_box
from tests.support.respondents import Respondent, ask_about

PORT = 9100
INSIDE = f"http://127.0.0.1:{PORT}"


@pytest.fixture
def measured(settings: Settings, clock: FixedClock, ballots: Engine) -> Iterator[Flask]:
    """The platform with a port for its numbers."""
    told = replace(settings, metrics_port=PORT)
    app = create_app(told, clock=clock, pace=Pace(seconds=0))
    yield app
    app.extensions["survey_engine"].dispose()
    app.extensions["survey_ballots"].dispose()


def numbers(app: Flask) -> str:
    """Return the page of the numbers."""
    reply = app.test_client().get("/metrics", base_url=INSIDE)
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def counted(app: Flask) -> list[float]:
    """Return all numbers that count requests."""
    return [
        float(said)
        for said in re.findall(
            r"^survey_request\w+_(?:total|bucket|count)\S* (\S+)$", numbers(app), re.M
        )
    ]


def test_a_stranger_learns_ok_and_no_more(
    client: FlaskClient, ballots: Engine, engine: Engine
) -> None:
    well = client.get("/healthz")
    assert (well.status_code, well.text) == (200, "ok\n")
    assert "Set-Cookie" not in well.headers
    assert client.get("/metrics").status_code == 404


def test_where_nobody_can_be_served_the_status_says_so(
    client: FlaskClient, ballots: Engine
) -> None:
    with writing(ballots).begin() as connection:
        connection.execute(text("ALTER TABLE ballot_box RENAME TO away"))

    ill = client.get("/healthz")
    assert (ill.status_code, ill.text) == (503, "not ok\n")


@ONE_DATABASE
def test_while_somebody_looks_the_others_are_told_what_was_seen_last(
    settings: Settings, engine: Engine
) -> None:
    """A database that does not answer holds up one thread, not one for each caller."""
    now = count(0, 100)
    health = Health(settings, engine, None, clock=lambda: next(now))
    seen = health.parts()

    with ThreadPoolExecutor(1) as others, health._lock:  # somebody else looks
        told = others.submit(health.parts)
        assert told.result(10) == seen


@ONE_DATABASE
def test_a_setting_that_writes_ballots_down_is_not_ok_and_yet_serves(
    app: Flask, client: FlaskClient, ballots: Engine, settings: Settings
) -> None:
    folder = settings.secrets_folder
    assert folder is not None
    folder.mkdir()
    folder.chmod(0o755)

    ill = client.get("/healthz")
    assert (ill.status_code, ill.text) == (200, "not ok\n")


@ONE_DATABASE
def test_on_its_own_port_each_part_is_named_and_no_page_is_served(
    measured: Flask,
) -> None:
    said = numbers(measured)

    assert 'survey_health{part="database"} 1.0' in said
    assert 'survey_health{part="queue"} 1.0' in said
    assert 'survey_health{part="ballot_settings"} 1.0' in said
    assert 'survey_jobs{state="waiting"} 0.0' in said
    client = measured.test_client()
    for page in ("/", "/office/sign-in", "/b"):
        assert client.get(page, base_url=INSIDE).status_code == 404
        assert client.get(page).status_code == 200
    assert client.get("/metrics").status_code == 404


@ONE_DATABASE
def test_no_number_moves_with_a_single_answer(measured: Flask, db: Session) -> None:
    phone = Respondent(measured.test_client(), ask_about(db).code)

    for _ in range(MANY // 2 - 1):  # a page and an answer each
        assert phone.answer().status_code == 303
    assert counted(measured) == []
    phone.answer()

    said = counted(measured)
    assert sum(said) > MANY
    assert phone.code not in numbers(measured)


@ONE_DATABASE
def test_of_a_ballot_nothing_is_counted_at_all(
    measured: Flask, db: Session, ballots: Engine, tmp_path: Path
) -> None:
    box = open_box(db, ballots, tmp_path / "secrets")
    voter = Voter(measured.test_client(), box.codes[0])
    assert voter.send(box.answers()).status_code == 200
    for _ in range(MANY):
        voter.client.get("/b")

    assert counted(measured) == []


@ONE_DATABASE
def test_what_fails_is_told_at_once(measured: Flask, db: Session) -> None:
    phone = Respondent(measured.test_client(), ask_about(db).code)
    submission = phone.scan().submission
    form = {"submission": submission, "welcome": "good", "solved": "good"}
    measured.extensions["survey_engine"].dispose()
    db.execute(text("ALTER TABLE response RENAME TO away"))
    db.commit()

    assert phone.send(form).status_code == 503
    assert 'survey_requests_total{side="respondents",status="503"} 1.0' in numbers(
        measured
    )
