"""A form that was counted before: it counts once, says so, and loses nobody's answers.

A lost reply and a second person on the same device look alike to a server that compares
nothing. Both are told the same, and both are right to do what it says.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app import create_app
from survey_app.domain.questionnaire.answer_text import AnswerText
from survey_app.settings import Settings
from survey_app.survey.tables import CLOSED, Survey
from tests.conftest import FixedClock, rows_in
from tests.support.respondents import (
    GOOD,
    QUESTIONNAIRE,
    Respondent,
    Shown,
    ask_about,
    shown,
)

BAD = {"welcome": "bad", "solved": "bad", "comment": "第二个人的话"}


@pytest.fixture
def respondent(client: FlaskClient, db: Session) -> Respondent:
    return Respondent(client, ask_about(db).code)


@pytest.fixture
def form(respondent: Respondent) -> dict[str, str]:
    """A form that is sent twice."""
    return {**GOOD, "submission": respondent.scan().submission}


def receipt_in(sent: TestResponse) -> str:
    return (sent.location or "").removeprefix("/r/").partition("?")[0]


def told(sent: TestResponse) -> Shown:
    """Return the page of a repeat; it is one, and not the thanks."""
    page = shown(sent)
    assert sent.status_code == 200
    assert sent.headers["Cache-Control"].startswith("no-store")
    assert page.title == "This form was counted before, and counts once"
    assert "Thank you" not in page.text
    return page


def test_a_lost_reply_ends_at_the_same_receipt_and_counts_once(
    respondent: Respondent, db: Session, form: dict[str, str]
) -> None:
    first = respondent.send(form)
    again = told(respondent.send(form, "?lang=en"))

    assert receipt_in(first) in again.text
    assert "your answers are counted" in again.text
    assert rows_in(db, "response") == rows_in(db, "receipt") == 1


def test_other_answers_with_a_counted_form_are_one_press_away_from_counting(
    respondent: Respondent, db: Session, form: dict[str, str]
) -> None:
    first = respondent.send(form)
    page = told(respondent.send({**form, **BAD}, "?lang=en"))

    assert rows_in(db, "response") == 1
    db.rollback()
    assert "not counted yet" in page.text
    assert page.picked == {"welcome": "bad", "solved": "bad"}
    assert page.comment.strip() == BAD["comment"]
    assert page.submission != form["submission"]
    anew = {**page.picked, "comment": page.comment, "submission": page.submission}
    second = respondent.send(anew)
    assert second.status_code == 303
    assert receipt_in(second) != receipt_in(first)
    kept = db.scalars(text("SELECT answers FROM response")).all()
    reading = AnswerText.of(QUESTIONNAIRE)
    said = sorted(tuple(dict(reading.read(one)).values()) for one in kept)
    assert said == [("bad", "bad"), ("good", "good")]
    assert db.scalars(text("SELECT text FROM comment")).all() == [BAD["comment"]]


@pytest.mark.parametrize("flaw", ["comment", "gap"])
def test_a_counted_form_sent_with_a_flaw_is_not_called_unsent(
    respondent: Respondent, db: Session, form: dict[str, str], flaw: str
) -> None:
    first = respondent.send(form)
    sent = dict(form, comment="好" * 301) if flaw == "comment" else dict(form)
    if flaw == "gap":
        del sent["welcome"]
    page = told(respondent.send(sent, "?lang=en"))

    assert receipt_in(first) in page.text
    assert "Not sent yet" not in page.text
    assert page.comment.strip() == sent.get("comment", "")
    anew = {**page.picked, "comment": page.comment, "submission": page.submission}
    assert respondent.send(anew).status_code == 422
    assert rows_in(db, "response") == 1


def test_nothing_beside_a_receipt_tells_what_was_answered(
    respondent: Respondent, form: dict[str, str]
) -> None:
    respondent.send(form)

    same, other = (respondent.send(sent) for sent in (form, {**form, **BAD}))

    def without_what_was_sent(sent: TestResponse) -> str:
        page, said = shown(sent), sent.text.replace(" checked", "")
        said = said.replace(page.submission, "").replace(BAD["comment"], "")
        return "".join(said.split())

    assert without_what_was_sent(same) == without_what_was_sent(other)


@pytest.mark.parametrize("day", ["closed", "over"])
def test_after_the_end_a_counted_form_is_still_counted(
    respondent: Respondent,
    db: Session,
    clock: FixedClock,
    form: dict[str, str],
    day: str,
) -> None:
    first = respondent.send(form)
    if day == "closed":
        db.execute(update(Survey).values(state=CLOSED))
        db.commit()
    else:
        clock.day = clock.day.replace(year=2027)

    page = told(respondent.send({**form, **BAD}, "?lang=en"))

    assert receipt_in(first) in page.text
    assert "is not counted, and the survey is over" in page.text
    assert page.all("form") == []


@pytest.fixture
def narrow(
    settings: Settings, clock: FixedClock, db: Session
) -> Iterator[tuple[Flask, Respondent]]:
    """A server that takes two answers a minute from one place."""
    app = create_app(replace(settings, answers_per_minute=2), clock=clock)
    yield app, Respondent(app.test_client(), ask_about(db).code)
    app.extensions["survey_engine"].dispose()


def test_in_a_flood_a_repeat_is_told_that_it_is_counted_and_uses_nothing_up(
    narrow: tuple[Flask, Respondent], db: Session
) -> None:
    _, respondent = narrow
    form = {**GOOD, "submission": respondent.scan().submission}
    first = respondent.send(form)
    for _ in range(3):
        told(respondent.send(form, "?lang=en"))
    assert respondent.answer().status_code == 303
    assert respondent.answer().status_code == 429

    page = told(respondent.send({**form, **BAD}, "?lang=en"))

    assert receipt_in(first) in page.text
    flooded = respondent.send({**GOOD, "submission": page.submission}, "?lang=en")
    assert "Not kept yet: very many are answering" in shown(flooded).text


def test_in_a_flood_nobody_claims_to_know_what_nobody_can_ask(
    narrow: tuple[Flask, Respondent], db: Session
) -> None:
    _, respondent = narrow
    form = {**GOOD, "submission": respondent.scan().submission}
    respondent.send(form)
    respondent.answer()
    db.execute(text("ALTER TABLE receipt RENAME TO away"))
    db.commit()

    sent = respondent.send(form, "?lang=en")

    assert sent.status_code == 429
    assert "it may be counted already" in shown(sent).text
    assert "Not kept yet" not in shown(sent).text
    assert shown(sent).picked == GOOD


def test_what_could_not_be_kept_uses_up_nothing(
    narrow: tuple[Flask, Respondent], db: Session
) -> None:
    _, respondent = narrow
    respondent.scan()
    db.execute(text("ALTER TABLE response RENAME TO away"))
    db.commit()
    for _ in range(3):
        assert respondent.answer().status_code == 503
    db.execute(text("ALTER TABLE away RENAME TO response"))
    db.commit()

    assert [respondent.answer().status_code for _ in range(2)] == [303, 303]


def test_while_nothing_can_be_written_a_repeat_is_told_that_it_is_counted(
    app: Flask, respondent: Respondent, db: Session, form: dict[str, str]
) -> None:
    first = respondent.send(form)
    db.execute(text("ALTER TABLE response RENAME TO away"))
    db.commit()
    out_of_order(app.extensions["survey_engine"])

    page = told(respondent.send({**form, **BAD}, "?lang=en"))

    assert receipt_in(first) in page.text
    never = respondent.send({**GOOD, "submission": page.submission}, "?lang=en")
    assert never.status_code == 503
    assert "Not kept yet: the system did not respond" in shown(never).text


def out_of_order(engine: Engine) -> None:
    """Let every write of a receipt fail, while reading goes on."""

    def fail(*said: Any) -> Any:
        if said[2].startswith("INSERT INTO receipt"):
            return "SELECT * FROM nothing", ()
        return said[2], said[3]

    event.listen(engine, "before_cursor_execute", fail, retval=True)


def test_where_nobody_can_ask_nobody_says_not_kept(
    respondent: Respondent, db: Session, form: dict[str, str]
) -> None:
    respondent.send(form)
    db.execute(text("ALTER TABLE receipt RENAME TO away"))
    db.commit()

    sent = respondent.send(form, "?lang=en")

    page = shown(sent)
    assert (sent.status_code, sent.headers["Retry-After"]) == (503, "5")
    assert "We do not know whether this form is counted" in page.text
    assert "Not kept" not in page.text + page.title
    assert (page.picked, page.submission) == (GOOD, form["submission"])


def test_after_the_end_without_a_database_nobody_claims_to_know(
    respondent: Respondent, db: Session, clock: FixedClock, form: dict[str, str]
) -> None:
    respondent.send(form)
    clock.day = clock.day.replace(year=2027)
    db.execute(text("ALTER TABLE receipt RENAME TO away"))
    db.commit()

    sent = respondent.send(form, "?lang=en")

    assert sent.status_code == 503
    assert "We do not know whether this form is counted" in shown(sent).text


def test_a_process_that_knows_nothing_does_not_say_not_kept(
    respondent: Respondent,
    settings: Settings,
    clock: FixedClock,
    db: Session,
    form: dict[str, str],
) -> None:
    first = respondent.send(form)
    db.execute(text("ALTER TABLE channel RENAME TO away"))
    db.commit()
    app = create_app(settings, clock=clock)
    other = Respondent(app.test_client(), respondent.code)

    sent = other.send({**form, **BAD}, "?lang=en")

    assert "nobody can say whether this form is counted" in shown(sent).text
    assert "Not kept" not in sent.text
    db.execute(text("ALTER TABLE away RENAME TO channel"))
    db.commit()
    hidden = {e.get("name"): e.get("value") for e in shown(sent).all("input")}
    page = told(other.send(hidden, "?lang=en"))
    app.extensions["survey_engine"].dispose()
    assert receipt_in(first) in page.text
    assert page.picked == {"welcome": "bad", "solved": "bad"}
