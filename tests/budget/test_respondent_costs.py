"""What a respondent's page may cost: bytes, requests and statements."""

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from survey_app.domain.ground.stated import assumed
from survey_app.domain.questionnaire.ballot_rules import BallotRule
from survey_app.shipped_files import RuleFiles, shipped_questionnaire
from tests.conftest import ONE_DATABASE
from tests.support.proven import let_ask
from tests.support.respondents import GOOD, Plan, Respondent, ask_about

PAGE, STYLESHEET = 12 * 1024, 3584
MORE_WITH_PROOF = 2 * 1024
TOWNS = [f"示范县第{number}乡镇人民政府" for number in range(40)]


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement sent to the database, without the begin of a transaction."""
    said: list[str] = []

    def listen(*spoken: Any) -> None:
        if not spoken[2].startswith("BEGIN"):
            said.append(spoken[2])

    engine = app.extensions["survey_engine"]
    event.listen(engine, "before_cursor_execute", listen)
    yield said
    event.remove(engine, "before_cursor_execute", listen)


def packed(client: FlaskClient, address: str) -> int:
    """Return the bytes a page takes on the wire, headers included."""
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    return len(answer.data) + len(str(answer.headers))


@ONE_DATABASE
@pytest.mark.parametrize("key", RuleFiles().questionnaires.usable)
@pytest.mark.parametrize("look", ["", "?lang=en&size=large"])
def test_a_page_with_forty_subjects_takes_at_most_12_kilobytes(
    client: FlaskClient, db: Session, key: str, look: str
) -> None:
    asked = shipped_questionnaire(key)
    third = BallotRule(
        "at-most", (asked.questions[0].choices[0].key,), share=assumed(Fraction(1, 3))
    )
    rules = (third, BallotRule("not-all-equal")) if asked.questions[1:] else ()
    code = ask_about(db, Plan(units=TOWNS, questionnaire=asked, rules=rules)).code

    assert packed(client, f"/s/{code}{look}") <= PAGE


def test_the_page_of_a_repeat_takes_no_more(client: FlaskClient, db: Session) -> None:
    asked = shipped_questionnaire("masses-satisfaction")
    code = ask_about(db, Plan(units=TOWNS, questionnaire=asked)).code
    respondent = Respondent(client, code)
    page = respondent.scan()
    form = {radio.get("name"): radio.get("value") for radio in page.all("input")}
    respondent.send(form)

    again = client.post(f"/s/{code}", data=form, headers={"Accept-Encoding": "gzip"})

    assert again.status_code == 200
    assert again.headers["Content-Encoding"] == "gzip"
    assert len(again.data) + len(str(again.headers)) <= PAGE


@ONE_DATABASE
@pytest.mark.parametrize("look", ["", "?lang=en&size=large"])
def test_a_page_that_asks_for_a_proof_takes_at_most_2_kilobytes_more(
    client: FlaskClient, db: Session, look: str
) -> None:
    asked = shipped_questionnaire("masses-satisfaction")
    plan = Plan(units=TOWNS, questionnaire=asked)
    plain, asking = ask_about(db, plan), ask_about(db, plan)
    let_ask(db, asking.survey_id)

    whole = packed(client, f"/s/{asking.code}{look}")

    assert whole <= PAGE
    assert whole - packed(client, f"/s/{plain.code}{look}") <= MORE_WITH_PROOF


@ONE_DATABASE
@pytest.mark.parametrize("address", ["/", "/r", "/nowhere", "/s/1"])
def test_the_other_pages_are_small(client: FlaskClient, address: str) -> None:
    assert packed(client, address) <= PAGE / 4


@ONE_DATABASE
def test_the_stylesheet_is_small(client: FlaskClient) -> None:
    style = re.search(r"<style>(.*)</style>", client.get("/").text, re.DOTALL)

    assert style
    assert len(style[1]) <= STYLESHEET


@ONE_DATABASE
def test_a_page_is_one_request(client: FlaskClient, db: Session) -> None:
    page = client.get(f"/s/{ask_about(db).code}").text

    fetched = re.findall(r'(?:src|href|action)\s*=\s*"([^"]*)"|url\(', page)
    assert set(fetched) == {"data:,", "?lang=en", "?size=large", "?"}
    assert "@import" not in page


def test_a_channel_just_seen_costs_no_statement(
    client: FlaskClient, db: Session, statements: list[str]
) -> None:
    respondent = Respondent(client, ask_about(db).code)
    respondent.scan()
    first = len(statements)
    respondent.scan()
    respondent.scan()

    assert first <= 4, statements
    assert len(statements) == first, statements


def test_an_invented_code_costs_no_statement(
    client: FlaskClient, statements: list[str]
) -> None:
    client.get("/s/0000000000")

    assert statements == []


BATCH = {"sqlite": 5, "postgresql": 6}
"""Statements of a batch whose survey was met before."""


def test_keeping_an_answer_takes_few_statements_and_a_comment_one_more(
    client: FlaskClient, db: Session, statements: list[str]
) -> None:
    few = BATCH[db.get_bind().dialect.name]
    respondent = Respondent(client, ask_about(db).code)
    respondent.answer()
    form = {**GOOD, "submission": respondent.scan().submission}
    other = respondent.scan().submission
    statements.clear()

    respondent.send(form)
    without = len(statements)
    respondent.send({**form, "submission": other, "comment": "谢谢"})

    assert (without, len(statements) - without) == (few, few + 1), statements


def test_more_questions_take_no_more_statements(
    client: FlaskClient, db: Session, statements: list[str]
) -> None:
    asked = Plan().questionnaire
    more = tuple(
        replace(question, key=f"{question.key}{number}")
        for question in asked.questions
        for number in range(20)
    )
    plan = Plan(questionnaire=replace(asked, questions=more))
    respondent = Respondent(client, ask_about(db, plan).code)
    form = {question.key: "good" for question in more}
    respondent.send({**form, "submission": respondent.scan().submission})
    submission = respondent.scan().submission
    statements.clear()

    sent = respondent.send({**form, "submission": submission})

    assert sent.status_code == 303
    assert len(statements) == BATCH[db.get_bind().dialect.name], statements


def test_a_receipt_and_its_survey_are_two_statements(
    client: FlaskClient, db: Session, statements: list[str]
) -> None:
    sent = Respondent(client, ask_about(db).code).answer()
    statements.clear()

    client.get(sent.location or "")

    assert len(statements) == 2, statements
