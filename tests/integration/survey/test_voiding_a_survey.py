"""A survey opened by mistake is voided by two managers, and counts nowhere."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from survey_app.analytics.scores import sheet_of
from survey_app.appraisal.cycle import Cycle
from survey_app.ballot.voiding import ask_voiding, grant_voiding, withdraw_voiding
from survey_app.domain.ground.account_refusals import SecondNotConfirmed
from survey_app.domain.ground.refusals import (
    Refusal,
    SurveyNotYetOpen,
    SurveyVoid,
    TwoAccountsNeeded,
    VoidingAsked,
)
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.publication import settle_plans
from survey_app.survey.settled_plan import settled_plan
from survey_app.survey.survey_acts import SurveyAct
from survey_app.survey.tables import DRAFT, OPEN, VOID, Survey
from tests.conftest import rows_in
from tests.support.drafts import ready
from tests.support.office import MANAGER, Desk, desk
from tests.support.raised import raised
from tests.support.respondents import GOOD, Asked, Plan, Respondent, ask_about, shown
from tests.support.secret_ballots import FIRST, SECOND, confirmed
from tests.support.small_county import MAY_1, SCHEME, County, small_county

WHY = "误开，测试答卷混入"


def void(db: Session, survey_id: int, ballots: Engine | None = None) -> None:
    """Let two officials void a survey."""
    confirmed(db, FIRST, SECOND)
    ask_voiding(db, survey_id, reason=WHY, account=FIRST, today=MAY_1, ballots=ballots)
    grant_voiding(db, survey_id, account=SECOND, today=MAY_1, ballots=ballots)


def refused(why: type[Refusal], act: Callable[[], object]) -> bool:
    with pytest.raises(why):
        act()
    return True


@pytest.fixture
def asked(db: Session) -> Asked:
    return ask_about(db)


@pytest.fixture
def phone(client: FlaskClient, asked: Asked) -> Respondent:
    return Respondent(client, asked.code)


def test_it_takes_two_people_and_their_names_and_reason_stay(
    db: Session, asked: Asked
) -> None:
    confirmed(db, FIRST)
    ask_voiding(db, asked.survey_id, reason=WHY, account=FIRST, today=MAY_1)

    def grant(account: str) -> Callable[[], object]:
        return lambda: grant_voiding(db, asked.survey_id, account=account, today=MAY_1)

    assert refused(TwoAccountsNeeded, grant(FIRST))
    assert refused(SecondNotConfirmed, grant(SECOND))
    assert db.get_one(Survey, asked.survey_id).state == OPEN
    assert refused(
        VoidingAsked,
        lambda: ask_voiding(
            db, asked.survey_id, reason=WHY, account=SECOND, today=MAY_1
        ),
    )
    withdraw_voiding(db, asked.survey_id)
    void(db, asked.survey_id)
    act = db.scalars(select(SurveyAct).where(SurveyAct.state == "done")).one()
    assert (act.asked_by, act.granted_by) == (FIRST, SECOND)
    assert (act.reason, act.before, act.granted_on) == (WHY, OPEN, MAY_1)


def test_whoever_scans_its_code_is_told(
    db: Session, asked: Asked, phone: Respondent
) -> None:
    void(db, asked.survey_id)

    response = phone.client.get(f"/s/{phone.code}?lang=en")

    assert response.status_code == 410
    assert "declared void" in shown(response).title


def test_a_form_kept_open_comes_back_whole_and_says_so(
    db: Session, asked: Asked, phone: Respondent
) -> None:
    page = phone.scan()
    void(db, asked.survey_id)

    sent = {**GOOD, "comment": "写了很久", "submission": page.submission}
    response = phone.send(sent, "?lang=en")

    told = shown(response)
    assert response.status_code == 410
    assert "Not counted: this survey was declared void" in told.text
    assert told.comment.strip() == "写了很久"
    assert told.picked == GOOD
    assert rows_in(db, "response") == rows_in(db, "receipt") == 0


def test_a_receipt_of_it_says_that_it_counts_nowhere(
    db: Session, asked: Asked, phone: Respondent
) -> None:
    sent = phone.answer()
    void(db, asked.survey_id)

    again = phone.client.get(f"{sent.location}?lang=en")

    assert "declared void" in shown(again).title
    assert "is counted" not in shown(again).text
    assert "was counted" not in shown(again).text
    assert rows_in(db, "response") == 1, "voiding destroys no answer"


@pytest.fixture
def county(engine: Engine) -> County:
    """Return a county with a score, of which one survey was opened by mistake."""
    county = small_county(engine)
    county.count("staff", good=20, bad=10)
    county.count("residents", good=45, bad=45)
    county.give(county.subject_id, achievements="93.2", direct="1544/190")
    county.give(county.body_id, body="88")
    county.settle()
    return county


def told_about(county: County) -> tuple[object, list[int]]:
    """Return the overall score and the surveys that raise an alert."""
    with Session(county.engine) as session:
        cycle = session.get_one(Cycle, county.cycle_id)
        sheet = sheet_of(session, cycle, county.subject_id, scheme=SCHEME)
        found = raised(session)
        rows = [row for part in found.parts.values() for row in part.rows]
        return sheet.overall, [one.survey_id for one in rows]


def test_a_closed_survey_that_is_voided_leaves_scores_alerts_and_results(
    county: County, db: Session
) -> None:
    before, alerts = told_about(county)
    assert before is not None
    assert county.survey_id in alerts

    void(db, county.survey_id)

    score, alerts = told_about(county)
    assert score is None
    assert county.survey_id not in alerts
    survey = db.get_one(Survey, county.survey_id)
    assert refused(SurveyVoid, lambda: settled_plan(db, survey, today=MAY_1))
    assert settle_plans(db) == 0


def test_a_void_survey_that_was_still_open_blocks_no_score(
    county: County, db: Session
) -> None:
    before, _ = told_about(county)
    mistake = db.get_one(Survey, county.survey_id)
    values = {"id": county.survey_id, "title": "误开"}
    db.execute(
        text(
            "INSERT INTO survey (cycle_id, component_key, title, questionnaire,"
            " questionnaire_fingerprint, opens_on, closes_on, state)"
            " SELECT cycle_id, component_key, :title, questionnaire,"
            " questionnaire_fingerprint, opens_on, closes_on, 'open'"
            " FROM survey WHERE id = :id"
        ),
        values,
    )
    opened = db.scalars(select(Survey).where(Survey.title == "误开")).one()
    opened.subjects = list(mistake.subjects)
    opened_id = opened.id
    db.commit()
    assert told_about(county)[0] is None, "an open survey blocks the score"

    void(db, opened_id)

    assert told_about(county)[0] == before


def test_no_page_shows_a_number_of_it(app: Flask, county: County, db: Session) -> None:
    wang = desk(app, db, MANAGER)
    void(db, county.survey_id)

    for where in ("results", "turnout", "results.xlsx", f"results/{county.subject_id}"):
        told = wang.open(f"/surveys/{county.survey_id}/{where}")
        assert told.status_code in (404, 410), where


def test_what_cannot_be_voided_says_why(db: Session) -> None:
    asked = ask_about(db, Plan(state=DRAFT))

    assert refused(SurveyNotYetOpen, lambda: void(db, asked.survey_id))
    again = ask_about(db)
    void(db, again.survey_id)
    assert refused(SurveyVoid, lambda: void(db, again.survey_id))


def test_two_managers_do_it_on_one_page(app: Flask, db: Session) -> None:
    asked = ready(db)
    open_survey(db, asked.survey_id, today=MAY_1)
    an, bo = (desk(app, db, MANAGER, username=name) for name in ("an", "bo"))
    path = f"/surveys/{asked.survey_id}"

    assert an.send(f"{path}/void", reason="").status_code == 422
    assert an.send(f"{path}/void", reason=WHY).status_code == 303
    assert not granting(an, path)
    assert an.send(f"{path}/void/grant").status_code == 403
    assert granting(bo, path)
    assert bo.send(f"{path}/void/grant").status_code == 303

    db.rollback()
    assert db.get_one(Survey, asked.survey_id).state == VOID
    page = bo.see(path).text
    assert WHY in page
    assert "an" in page
    assert told_in_list(bo) == "—"


def granting(sitting: Desk, path: str) -> bool:
    """Return whether the page offers to grant it, and says why it was asked for."""
    page = sitting.see(f"{path}/void")
    assert WHY in page.text
    return any(
        form.get("action", "").endswith("/void/grant") for form in page.all("form")
    )


def told_in_list(sitting: Desk) -> str:
    cells = sitting.see("/surveys").all("td")
    numbers = [cell for cell in cells if "number" in cell.get("class", "")]
    return "".join(numbers[0].itertext()).strip()
