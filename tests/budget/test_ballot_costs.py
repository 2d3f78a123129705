"""What a secret ballot may cost: bytes, requests and statements."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.domain.ground.stated import assumed
from survey_app.domain.questionnaire.ballot_rules import BallotRule, Over
from survey_app.settings import Settings
from tests.conftest import ONE_DATABASE
from tests.support.open_box import Box, BoxPlan, Voter, open_box, with_questions
from tests.support.statements import counted

FIRST_PAGE, BALLOT = 4_500, 15 * 1024
"""Bytes with headers; those of the first page name a script for every kind, too. The
script that seals is half of a ballot's page."""
LOOKS = ["", "?lang=en&size=large"]
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def box(db: Session, ballots: Engine, settings: Settings) -> Box:
    """Five subjects, six questions, a rule over the whole and one for each."""
    assert settings.secrets_folder is not None
    people = ("王建国", "李秀英", "张伟明", "刘志强")
    rules = (
        BallotRule("at-most", ("good",), assumed(29)),
        BallotRule("at-most", ("good",), assumed(5), over=Over.SUBJECT),
    )
    plan = BoxPlan(people=people, questionnaire=with_questions(6), rules=rules)
    return open_box(db, ballots, settings.secrets_folder, plan)


def on_the_wire(answer: TestResponse) -> int:
    """Return bytes, headers included."""
    assert answer.headers["Content-Encoding"] == "gzip"
    return len(answer.data) + len(str(answer.headers))


@ONE_DATABASE
@pytest.mark.parametrize("look", LOOKS)
def test_the_first_page_is_small(client: FlaskClient, look: str) -> None:
    assert on_the_wire(client.get(f"/b{look}", headers=GZIP)) <= FIRST_PAGE


@ONE_DATABASE
@pytest.mark.parametrize("look", LOOKS)
def test_a_ballot_of_thirty_choices_is_small(
    client: FlaskClient, box: Box, look: str
) -> None:
    sent = client.post(f"/b{look}", data={"code": box.codes[0]}, headers=GZIP)

    assert on_the_wire(sent) <= BALLOT


@ONE_DATABASE
def test_the_walk_to_a_ballot_is_two_requests(client: FlaskClient, box: Box) -> None:
    first, ballot = client.get("/b").text, Voter(client, box.codes[0]).open().text

    for page in (first, ballot):
        assert re.findall(r"src\s*=|url\(|@import", page) == []
        assert re.findall(r'<link[^>]*href="([^"]*)"', page) == ["data:,"]


def test_casting_takes_one_question_and_two_statements_that_write(
    app: Flask, box: Box
) -> None:
    voter = Voter(app.test_client(), box.codes[0])
    voter.open()

    with (
        counted(app.extensions["survey_engine"]) as main,
        counted(app.extensions["survey_ballots"]) as said,
    ):
        sent = voter.send(box.answers("dont_know"))

    asked = [one for one in said if not one.startswith("BEGIN")]
    assert sent.status_code == 200
    assert [one.split()[0] for one in asked] == ["SELECT", "SELECT", "UPDATE"]
    assert main == []


def test_more_people_and_questions_take_no_more_statements(
    app: Flask, db: Session, ballots: Engine, settings: Settings
) -> None:
    assert settings.secrets_folder is not None
    plan = BoxPlan(people=["某某"] * 20, questionnaire=with_questions(20))
    box = open_box(db, ballots, settings.secrets_folder, plan)
    voter = Voter(app.test_client(), box.codes[0])

    with (
        counted(app.extensions["survey_engine"]) as main,
        counted(app.extensions["survey_ballots"]) as said,
    ):
        opened = voter.open()

    assert opened.status_code == 200
    # The survey, whom it is about, and who was taken out of it.
    assert len([one for one in main if not one.startswith("BEGIN")]) == 3
    assert len([one for one in said if not one.startswith("BEGIN")]) == 2


def test_eight_hundred_choices_fit_into_one_request(
    app: Flask, db: Session, ballots: Engine, settings: Settings
) -> None:
    assert settings.secrets_folder is not None
    plan = BoxPlan(people=["某某"] * 39, questionnaire=with_questions(20))
    box = open_box(db, ballots, settings.secrets_folder, plan)

    sent = Voter(app.test_client(), box.codes[0]).send(box.answers())

    assert sent.status_code == 200
