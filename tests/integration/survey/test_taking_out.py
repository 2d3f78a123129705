"""A subject is taken out of a running survey by two people, and counts nowhere."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.analytics.kept.closing import STEPS
from survey_app.analytics.kept.results import KeptResult
from survey_app.audit.integrity import findings
from survey_app.domain.ground.mistake_refusals import LastSubject
from survey_app.domain.ground.refusals import (
    NotFound,
    OwnerNotConfirmed,
    SurveyNotYetOpen,
    TwoAccountsNeeded,
    VoidingAsked,
)
from survey_app.survey.channels import Channels
from survey_app.survey.closing import close_survey
from survey_app.survey.counters import choice_counts
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.rated import rated_of
from survey_app.survey.settled_plan import plan_of
from survey_app.survey.tables import Channel, Survey
from survey_app.survey.take_out import (
    ask_to_take_out,
    grant_taking_out,
    taken_out_in,
    withdraw_taking_out,
)
from tests.conftest import ONE_DATABASE
from tests.support.answers import let_answers_agree
from tests.support.drafts import KEY, Draft, ready
from tests.support.office import MANAGER, desk
from tests.support.respondents import shown
from tests.support.secret_ballots import FIRST, SECOND, confirmed
from tests.support.small_county import MAY_1, add_counts

WHY = "已调离，不再参加考核"


def ask(db: Session, made: Draft, account: str = FIRST, subject: int = 0) -> None:
    who = made.subject_ids[subject]
    ask_to_take_out(
        db, made.survey_id, subject_id=who, reason=WHY, account=account, today=MAY_1
    )


def grant(db: Session, made: Draft, account: str = SECOND, subject: int = 0) -> None:
    who = made.subject_ids[subject]
    grant_taking_out(db, made.survey_id, subject_id=who, account=account, today=MAY_1)


@pytest.fixture
def opened(db: Session) -> Draft:
    """An open survey about two, with answers about both."""
    made = ready(db)
    open_survey(db, made.survey_id, today=MAY_1)
    for subject in made.subject_ids:
        add_counts(db, made.survey_id, subject, "staff", {"good": 12, "bad": 9})
    let_answers_agree(db, made.survey_id)
    return made


def code_of(db: Session, made: Draft, subject: int) -> str:
    who = made.subject_ids[subject]
    return (
        db.scalars(select(Channel.code).where(Channel.subject_id == who)).first() or ""
    )


def test_it_takes_two_people_and_leaves_somebody(db: Session, opened: Draft) -> None:
    confirmed(db, FIRST, SECOND)
    with pytest.raises(NotFound):
        grant(db, opened)
    ask(db, opened)
    with pytest.raises(VoidingAsked):
        ask(db, opened, SECOND)
    with pytest.raises(TwoAccountsNeeded):
        grant(db, opened, FIRST)
    with pytest.raises(OwnerNotConfirmed):
        grant(db, opened, "somebody")
    withdraw_taking_out(db, opened.survey_id, subject_id=opened.subject_ids[0])
    with pytest.raises(NotFound):
        grant(db, opened)
    ask(db, opened)
    grant(db, opened)

    assert [one.id for one in rated_of(db, opened.survey_id)] == [opened.subject_ids[1]]
    with pytest.raises(LastSubject):
        ask(db, opened, subject=1)
    with pytest.raises(NotFound):
        ask(db, opened)
    (told,) = taken_out_in(db, opened.cycle_id)
    assert (told.name, told.reason) == ("王建国", WHY)


def test_a_draft_just_loses_it(db: Session) -> None:
    with pytest.raises(SurveyNotYetOpen):
        ask(db, ready(db))


def test_nothing_said_about_it_counts_anywhere(
    engine: Engine, db: Session, opened: Draft
) -> None:
    confirmed(db, FIRST, SECOND)
    ask(db, opened)
    grant(db, opened)

    close_survey(db, opened.survey_id, steps=STEPS)

    gone, stays = opened.subject_ids
    counts = choice_counts(db, [opened.survey_id])[opened.survey_id]
    assert {place[0] for place in counts} == {stays}
    plan = plan_of(db, opened.survey_id)
    assert plan is not None
    assert plan.subjects[gone].shown == frozenset()
    assert plan.subjects[stays].shown
    assert set(db.scalars(select(KeptResult.subject_id))) == {stays}
    db.rollback()
    assert {one.kind for one in findings(engine, None)} <= {"receipts"}


def test_its_code_says_so_and_the_others_go_on(
    engine: Engine, db: Session, client: FlaskClient, opened: Draft
) -> None:
    codes = [code_of(db, opened, subject) for subject in (0, 1)]
    channels = Channels(engine, KEY)
    assert [len(channels.find(code).subjects) for code in codes] == [1, 1]
    confirmed(db, FIRST, SECOND)
    ask(db, opened)
    grant(db, opened)

    pages = [client.get(f"/s/{code}") for code in codes]

    assert [page.status_code for page in pages] == [410, 200]
    assert "不再就此征求意见" in shown(pages[0]).text
    sent = client.post(f"/s/{codes[0]}", data={"overall": "good"})
    assert sent.status_code == 410
    remembered = Channels(engine, KEY, clock=lambda: 0.0)
    assert remembered.find(codes[0]).subjects == ()


@ONE_DATABASE
def test_the_pages_do_it_and_lists_leave_it_out(
    app: Flask, db: Session, opened: Draft
) -> None:
    an = desk(app, db, MANAGER, username=FIRST)
    ma = desk(app, db, MANAGER, username=SECOND)
    confirmed(db, FIRST, SECOND)
    path = f"/surveys/{opened.survey_id}"
    at = f"{path}/subjects/{opened.subject_ids[0]}/take-out"
    before = an.see(f"{path}/posters").text

    assert an.send(at, reason="").status_code == 422
    assert an.send(at, reason=WHY).status_code == 303
    assert "王建国" in ma.see(path).text
    assert ma.send(f"{at}/grant").status_code == 303

    assert "王建国" in before
    assert "王建国" not in an.see(f"{path}/posters").text
    turnout = an.see(f"{path}/turnout").text
    assert "王建国" not in turnout
    days = an.see(f"{path}/unusual-days").text
    assert "没有异常日" in days, "21 came about each of two, by one code of each"
    told = an.see(path).text
    assert WHY in told
    assert "王建国" in told, "its name and why stand there"
    assert an.open(at).status_code == 410
    with Session(app.extensions["survey_engine"]) as session:
        assert session.get_one(Survey, opened.survey_id).changes == 1
