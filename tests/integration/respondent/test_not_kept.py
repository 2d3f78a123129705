"""Too many at once, or no database: nothing is kept, and nothing is lost either."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.settings import Settings
from survey_app.web.pace import SPREAD, WIDE
from tests.conftest import FixedClock, rows_in
from tests.support.respondents import (
    GOOD,
    HALF,
    Respondent,
    ask_about,
    assert_still_there,
    shown,
)


@pytest.fixture
def respondent(client: FlaskClient, db: Session) -> Respondent:
    return Respondent(client, ask_about(db).code)


@contextmanager
def another(settings: Settings, clock: FixedClock) -> Iterator[Flask]:
    """Another process over the same database."""
    app = create_app(settings, clock=clock)
    yield app
    app.extensions["survey_engine"].dispose()


def test_a_flood_waits_and_keeps_its_answers(
    settings: Settings, clock: FixedClock, db: Session
) -> None:
    asked, neighbour = ask_about(db), ask_about(db)
    with another(replace(settings, answers_per_minute=1), clock) as app:
        client = app.test_client()
        flooding = Respondent(client, asked.code)
        flooding.answer()

        submission = flooding.scan().submission
        form = {**HALF, "solved": "good", "submission": submission}
        sent = flooding.send(form, "?lang=en")

        assert sent.status_code == 429
        assert 1 <= int(sent.headers["Retry-After"]) <= 60 + SPREAD
        assert f"Wait {sent.headers['Retry-After']} seconds" in shown(sent).text
        assert_still_there(shown(sent), submission, solved="good")
        assert Respondent(client, neighbour.code).answer().status_code == 303
        elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
        path = f"/s/{asked.code}"
        again = client.post(path, data=form, environ_base=elsewhere)
        assert again.status_code == 303


def test_a_proxy_that_writes_ports_or_nothing_makes_nobody_a_neighbour(
    settings: Settings, clock: FixedClock, db: Session
) -> None:
    asked = ask_about(db)
    proxied = replace(settings, answers_per_minute=1, trusted_proxies=1)
    with another(proxied, clock) as app:
        respondent = Respondent(app.test_client(), asked.code)

        def sent_from(told: str | None) -> int:
            form = {**GOOD, "submission": respondent.scan().submission}
            headers = {} if told is None else {"X-Forwarded-For": told}
            path = f"/s/{asked.code}"
            return respondent.client.post(path, data=form, headers=headers).status_code

        first, second = "203.0.113.7:1234", "198.51.100.7:1234"
        neighbour, behind = "203.0.113.8:99", f"{second}, 203.0.113.9"
        assert [sent_from(told) for told in (first, second)] == [303, 303]
        assert [sent_from(told) for told in (neighbour, behind)] == [429, 429]
        unknown = (
            "unknown",
            None,
            "_hidden",
            "",
            "unknown:80",
            "x",
            " ",
            "?",
            "-",
            "0",
        )
        assert [sent_from(told) for told in unknown] == [303] * WIDE
        assert sent_from("unknown") == 429


def test_flawed_forms_do_not_count_towards_a_flood(
    settings: Settings, clock: FixedClock, db: Session
) -> None:
    asked = ask_about(db)
    with another(replace(settings, answers_per_minute=1), clock) as app:
        respondent = Respondent(app.test_client(), asked.code)
        for _ in range(3):
            assert respondent.send(HALF).status_code == 422

        assert respondent.answer().status_code == 303


@pytest.fixture
def impatient(app: Flask) -> None:
    """Let the database give up at once where something else holds it."""

    def hurry(connection: object, _: object) -> None:
        said = (
            "PRAGMA busy_timeout=0"
            if app.extensions["survey_engine"].dialect.name == "sqlite"
            else "SET lock_timeout = '50ms'"
        )
        connection.cursor().execute(said)  # type: ignore[attr-defined]  # a DBAPI connection
        connection.commit()  # type: ignore[attr-defined]  # a DBAPI connection

    event.listen(app.extensions["survey_engine"], "connect", hurry)


def test_while_the_database_is_locked_the_answer_stays_in_the_page(
    impatient: None, respondent: Respondent, db: Session
) -> None:
    submission = respondent.scan().submission
    form = {**HALF, "solved": "good", "submission": submission}
    lock(db)

    sent = respondent.send(form, "?lang=en")

    assert (sent.status_code, sent.headers["Retry-After"]) == (503, "5")
    assert "Everything you filled in is still below." in shown(sent).text
    assert_still_there(shown(sent), submission, solved="good")
    db.rollback()
    assert respondent.send(form).status_code == 303
    assert rows_in(db, "response") == 1


def test_where_nobody_knows_the_page_does_not_say_that_nothing_was_kept(
    app: Flask, respondent: Respondent
) -> None:
    engine = app.extensions["survey_engine"]
    form = {**HALF, "solved": "good", "submission": respondent.scan().submission}

    def lose(_: object) -> None:
        raise OperationalError("COMMIT", None, Exception())

    event.listen(engine, "commit", lose)
    sent = respondent.send(form, "?lang=en")
    event.remove(engine, "commit", lose)

    sure = engine.dialect.name == "sqlite"
    unknown = "We do not know whether this form is counted"
    assert ("Not kept yet" if sure else unknown) in shown(sent).text
    assert_still_there(shown(sent), form["submission"], solved="good")


def lock(db: Session) -> None:
    """Hold what a writer of answers needs until this session rolls back."""
    if db.connection().dialect.name == "postgresql":
        db.execute(text("LOCK TABLE receipt"))


def test_without_a_database_the_answer_stays_in_the_page(
    respondent: Respondent, db: Session
) -> None:
    submission = respondent.scan().submission
    db.execute(text("DROP TABLE receipt"))
    db.commit()

    sent = respondent.send({**HALF, "solved": "good", "submission": submission})

    assert sent.status_code == 503
    assert_still_there(shown(sent), submission, solved="good")


def test_a_process_that_never_saw_the_survey_keeps_the_answer_too(
    respondent: Respondent, settings: Settings, clock: FixedClock, db: Session
) -> None:
    submission = respondent.scan().submission
    form = {**GOOD, "comment": "一\r\n二", "submission": submission}
    db.execute(text("ALTER TABLE channel RENAME TO away"))
    db.commit()

    with another(settings, clock) as app:
        sent = Respondent(app.test_client(), respondent.code).send(form, "?lang=en")

    hidden = {e.get("name"): e.get("value") for e in shown(sent).all("input")}
    assert (sent.status_code, sent.headers["Retry-After"]) == (503, "5")
    assert "Everything you filled in is still in this page." in shown(sent).text
    db.execute(text("ALTER TABLE away RENAME TO channel"))
    db.commit()
    assert respondent.send(hidden).status_code == 303
    assert db.scalar(text("SELECT text FROM comment")) == "一\n二"


def test_a_page_nobody_can_look_up_asks_for_patience(app: Flask, db: Session) -> None:
    code = ask_about(db).code
    db.execute(text("DROP TABLE survey_subject"))
    db.commit()

    asked = app.test_client().get(f"/s/{code}?lang=en")

    assert asked.status_code == 503
    assert "load this page again" in shown(asked).text
