"""A survey closed too early is opened again by two people, while nobody has looked."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.analytics.kept.alerts import KeptAlert, RaisedAlerts
from survey_app.analytics.kept.closing import STEPS, raising
from survey_app.analytics.kept.forgotten import forget_closing, refuse_told
from survey_app.analytics.kept.results import KeptResult
from survey_app.audit.integrity import findings
from survey_app.domain.ground.mistake_refusals import ResultsSeen
from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    NotExtended,
    TwoAccountsNeeded,
    WrongMode,
)
from survey_app.survey.closing import close_survey
from survey_app.survey.counters import choice_counts
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.reopen_survey import ask_reopening, grant_reopening
from survey_app.survey.settled_plan import plan_of
from survey_app.survey.tables import CLOSED, OPEN, Channel, Survey
from tests.conftest import ONE_DATABASE
from tests.support.answers import let_answers_agree
from tests.support.drafts import Draft, ready
from tests.support.office import MANAGER, Desk, desk
from tests.support.secret_ballots import FIRST, SECOND, Office, confirmed
from tests.support.small_county import MAY_1, add_counts

LATER = date(2026, 5, 20)


def closed(db: Session, group: str = "staff", **counts: int) -> Draft:
    """Return a survey with these answers about both subjects, closed."""
    made = ready(db)
    open_survey(db, made.survey_id, today=MAY_1)
    for subject in made.subject_ids:
        add_counts(db, made.survey_id, subject, group, counts)
    let_answers_agree(db, made.survey_id)
    close(db, made)
    return made


def close(db: Session, made: Draft) -> None:
    close_survey(db, made.survey_id, steps=(*STEPS, raising(MAY_1)))


def ask(db: Session, survey_id: int, day: date = LATER) -> None:
    ask_reopening(
        db, survey_id,
        closes_on=day, reason="误关", account=FIRST, today=MAY_1, also=refuse_told,
    )  # fmt: skip


def grant(db: Session, survey_id: int, account: str = SECOND) -> None:
    grant_reopening(
        db, survey_id,
        account=account, today=MAY_1, also=refuse_told, forget=forget_closing,
    )  # fmt: skip


def test_what_the_closing_made_is_gone_and_the_next_one_counts_all(
    engine: Engine, db: Session, client: FlaskClient
) -> None:
    made = closed(db, good=20, bad=3)
    confirmed(db, FIRST, SECOND)
    code = db.scalars(select(Channel.code)).first()
    assert client.get(f"/s/{code}").status_code == 410
    ask(db, made.survey_id)
    with pytest.raises(TwoAccountsNeeded):
        grant(db, made.survey_id, FIRST)

    grant(db, made.survey_id)

    survey = db.get_one(Survey, made.survey_id)
    assert (survey.state, survey.closes_on) == (OPEN, LATER)
    assert plan_of(db, made.survey_id) is None
    assert choice_counts(db, [made.survey_id]).get(made.survey_id, {}) == {}
    for table in (KeptResult, KeptAlert, RaisedAlerts):
        assert db.scalars(select(table)).all() == []
    db.rollback()
    assert {one.kind for one in findings(engine, None)} <= {"receipts"}
    close(db, made)
    (counts,) = choice_counts(db, [made.survey_id]).values()
    assert sum(counts.values()) >= 2 * 23
    assert plan_of(db, made.survey_id) is not None


def test_neither_a_day_that_has_passed_nor_what_is_open_nor_a_ballot(
    db: Session, office: Office
) -> None:
    with pytest.raises(WrongMode):
        ask(db, office.survey_id)


def test_only_what_is_closed_and_only_until_a_day_to_come(db: Session) -> None:
    made = closed(db, good=20, bad=3)
    with pytest.raises(NotExtended):
        ask(db, made.survey_id, date(2026, 4, 30))
    confirmed(db, FIRST, SECOND)
    ask(db, made.survey_id)
    grant(db, made.survey_id)
    with pytest.raises(AlreadyOpened):
        ask(db, made.survey_id)


def test_an_alert_that_was_raised_keeps_it_closed(db: Session) -> None:
    made = closed(db, "residents", good=5, bad=30)

    with pytest.raises(ResultsSeen):
        ask(db, made.survey_id)


def test_one_that_closed_before_looks_were_noted_stays_closed(db: Session) -> None:
    made = closed(db, good=20, bad=3)
    db.get_one(Survey, made.survey_id).closed_after = None
    db.commit()

    with pytest.raises(ResultsSeen):
        ask(db, made.survey_id)


@pytest.fixture
def two(app: Flask, db: Session) -> tuple[Desk, Desk]:
    desks = [desk(app, db, MANAGER, username=name) for name in (FIRST, SECOND)]
    confirmed(db, FIRST, SECOND)
    return desks[0], desks[1]


@ONE_DATABASE
def test_the_pages_do_it_while_nobody_has_looked(
    db: Session, two: tuple[Desk, Desk]
) -> None:
    made = closed(db, good=20, bad=3)
    first, second = two
    path = f"/surveys/{made.survey_id}"
    said = {"closes_on": "2026-05-20", "reason": "误关"}

    assert first.see("/").text
    assert first.send(f"{path}/reopen", **said | {"reason": ""}).status_code == 422
    assert first.send(f"{path}/reopen", **said).status_code == 303
    assert second.send(f"{path}/reopen/grant").status_code == 303

    assert "误关" in second.see(path).text
    db.rollback()
    assert db.get_one(Survey, made.survey_id).state == OPEN


@ONE_DATABASE
@pytest.mark.parametrize("at", ["/surveys/{0}/results", "/alerts", "/score-sheets/{1}"])
def test_whoever_looked_is_named_and_it_stays_closed(
    db: Session, two: tuple[Desk, Desk], at: str
) -> None:
    made = ready(db)
    first, second = two
    page = at.format(made.survey_id, made.cycle_id)
    open_survey(db, made.survey_id, today=MAY_1)
    second.open(page)  # the same page within ten minutes before: it was another one
    for subject in made.subject_ids:
        add_counts(db, made.survey_id, subject, "staff", {"good": 20})
    let_answers_agree(db, made.survey_id)
    close(db, made)
    path = f"/surveys/{made.survey_id}/reopen"
    said = {"closes_on": "2026-05-20", "reason": "误关"}
    assert first.send(path, **said).status_code == 303

    second.see(page)

    assert second.send(f"{path}/grant").status_code == 409
    assert SECOND in first.see(path).text
    db.rollback()
    assert db.get_one(Survey, made.survey_id).state == CLOSED
