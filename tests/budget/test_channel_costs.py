"""What a city's codes may cost: the same as a county's, whoever scans which."""

import secrets
from collections.abc import Iterator

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.domain.ground.printed_code import channel_code
from survey_app.survey.asked_survey import AHEAD
from survey_app.survey.channels import REMEMBERED, Channels
from survey_app.survey.settling.settle_cycle import freeze_facts
from survey_app.survey.tables import CLOSED, Channel, Survey
from tests.conftest import ONE_DATABASE
from tests.support.respondents import GOOD, Asked, Plan, ask_about, shown
from tests.support.statements import counted

KEY = b"k" * 32
FEW, MANY = 12, 120


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def city(db: Session, units: int) -> tuple[Asked, list[str]]:
    """Keep an open survey about so many units; return a code for each of them."""
    asked = ask_about(db, Plan(units=[f"第{n}街道" for n in range(units)]))
    codes = [channel_code(secrets.token_bytes(4), KEY) for _ in range(units)]
    db.add_all(
        Channel(
            survey_id=asked.survey_id,
            code=code,
            rater_group="residents",
            place="",
            subject_id=subject,
        )
        for code, subject in zip(codes, asked.subject_ids, strict=True)
    )
    freeze_facts(db, db.get_one(Survey, asked.survey_id))
    db.commit()
    return asked, codes


@pytest.fixture
def rendered(app: Flask) -> Iterator[list[str]]:
    """The names of all templates that are drawn."""
    drawn: list[str] = []

    def note(_: Flask, template: object, **__: object) -> None:
        drawn.append(str(template))

    with template_rendered.connected_to(note, app):
        yield drawn


def looked_up(engine: Engine, codes: list[str]) -> list[str]:
    """Return the statements of a fresh process that is asked for these codes."""
    channels = Channels(engine, KEY)
    with counted(engine) as sent:
        for code in codes:
            channels.find(code)
    return [one for one in sent if not one.startswith("BEGIN")]


def test_a_look_up_costs_the_same_in_a_survey_of_ten_times_as_many(
    engine: Engine, db: Session
) -> None:
    _, few = city(db, FEW)
    _, many = city(db, MANY)

    statements = looked_up(engine, many[:1])

    assert statements == looked_up(engine, few[:1])
    assert len(statements) == 2
    assert not [one for one in statements if "FROM survey_subject" in one]


def test_many_codes_take_few_readings(engine: Engine, db: Session) -> None:
    """One of the survey, and of its channels one for each row of neighbours."""
    _, codes = city(db, MANY)

    assert len(looked_up(engine, codes)) <= 1 + MANY // AHEAD + 1


def test_five_seconds_later_the_survey_alone_is_read_again(
    engine: Engine, db: Session
) -> None:
    _, codes = city(db, FEW)
    watch = Watch()
    channels = Channels(engine, KEY, clock=watch)
    before = [channels.find(code) for code in codes]

    watch.now += REMEMBERED
    with counted(engine) as sent:
        after = [channels.find(code) for code in codes]

    assert after == before
    assert len([one for one in sent if not one.startswith("BEGIN")]) == 1


def test_what_the_office_closed_is_seen_through_every_channel(
    engine: Engine, db: Session
) -> None:
    asked, codes = city(db, FEW)
    watch = Watch()
    channels = Channels(engine, KEY, clock=watch)
    for code in codes:
        channels.find(code)
    db.get_one(Survey, asked.survey_id).state = CLOSED
    db.commit()

    watch.now += REMEMBERED

    assert {channels.find(code).state for code in codes} == {CLOSED}


@ONE_DATABASE
def test_all_codes_of_a_survey_share_their_pages(
    app: Flask, client: FlaskClient, db: Session, rendered: list[str]
) -> None:
    _, codes = city(db, MANY)

    pages = [client.get(f"/s/{code}").text for code in codes]

    assert len(rendered) == len(app.extensions["survey_respondent"].ready) == 1
    assert all(f"<b>第{n}街道</b>" in page for n, page in enumerate(pages))
    assert len(set(pages)) == MANY


@ONE_DATABASE
def test_scanning_sending_and_thanks_draw_nothing_once_warm(
    client: FlaskClient, db: Session, rendered: list[str]
) -> None:
    _, codes = city(db, FEW)

    def walked(code: str) -> None:
        page = client.get(f"/s/{code}")
        assert page.status_code == 200
        form = {**GOOD, "submission": shown(page).submission}
        sent = client.post(f"/s/{code}", data=form)
        assert client.get(sent.headers["Location"]).status_code == 200

    walked(codes[0])
    assert len(rendered) == 2
    for code in codes:
        walked(code)

    assert len(rendered) == 2


@ONE_DATABASE
def test_what_is_filled_into_a_ready_page_is_text(
    client: FlaskClient, db: Session
) -> None:
    asked = ask_about(db, Plan(units=["<b>&第一街道"]))

    page = client.get(f"/s/{asked.code}").text

    assert "<b>&lt;b&gt;&amp;第一街道</b>" in page
