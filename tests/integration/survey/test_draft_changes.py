"""A draft can be renamed, changed and deleted; what is open, extended."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import GivenValue
from survey_app.appraisal.make_cycle import delete_cycle, make_cycle, rename_cycle
from survey_app.ballot.batches import void_batch
from survey_app.ballot.change_draft import DraftChange, change_draft, delete_draft
from survey_app.domain.ground.cycle_refusals import CycleInUse
from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    BoxNotReady,
    NameTaken,
    NotExtended,
    NotFound,
    SlipsAreOut,
    SurveyClosed,
    SurveyNotYetOpen,
    WrongMode,
)
from survey_app.settings import Settings
from survey_app.survey.draft import SurveyPlan, make_survey
from survey_app.survey.extend_survey import extend_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.survey_acts import SurveyAct
from survey_app.survey.tables import CLOSED, Channel, Survey
from tests.conftest import rows_in
from tests.support.drafts import PLAN, QUESTIONNAIRE, SCHEME, Draft, draft, ready
from tests.support.filled_forms import form_on
from tests.support.office import MANAGER, ORGANIZER, Desk, desk
from tests.support.secret_ballots import Office
from tests.support.small_county import MAY_1


def extend(db: Session, survey_id: int, day: date, *, today: date = MAY_1) -> None:
    """Move the last day, as the account “an”, because of the rain."""
    extend_survey(
        db, survey_id, closes_on=day, reason="雨天少人", account="an", today=today
    )


def changed(
    db: Session, survey_id: int, *, ballots: Engine | None = None, **to: str
) -> bool:
    """Give the draft another title, component or mode; the rest stays as it is."""
    survey = db.get_one(Survey, survey_id)
    now = {"title": survey.title, "component_key": survey.component_key}
    days: dict[str, Any] = {"opens_on": survey.opens_on, "closes_on": survey.closes_on}
    plan = SurveyPlan(**{**now, **days, "mode": survey.mode, **to})
    component = SCHEME.component(plan.component_key)
    change = DraftChange(plan, survey.cycle_id, component, QUESTIONNAIRE)
    return change_draft(db, survey_id, change, ballots=ballots)


@pytest.fixture
def opened(db: Session) -> Draft:
    made = ready(db)
    open_survey(db, made.survey_id, today=MAY_1)
    return made


def test_the_last_day_moves_to_a_later_one_and_the_old_one_stays_noted(
    db: Session, opened: Draft
) -> None:
    extend(db, opened.survey_id, date(2026, 5, 20))

    assert db.get_one(Survey, opened.survey_id).closes_on == date(2026, 5, 20)
    act = db.scalars(select(SurveyAct)).one()
    assert (act.before, act.after) == ("2026-05-15", "2026-05-20")
    assert (act.asked_by, act.reason) == ("an", "雨天少人")


@pytest.mark.parametrize("day", [date(2026, 5, 15), date(2026, 5, 14)])
def test_it_does_not_move_back(db: Session, opened: Draft, day: date) -> None:
    with pytest.raises(NotExtended):
        extend(db, opened.survey_id, day)


def test_a_later_day_that_has_passed_is_none(db: Session, opened: Draft) -> None:
    with pytest.raises(NotExtended):
        extend(db, opened.survey_id, date(2026, 5, 31), today=date(2026, 6, 1))


def test_only_an_open_survey_of_the_open_mode_is_extended(
    db: Session, opened: Draft, ballots: Engine, settings: Settings
) -> None:
    june = date(2026, 6, 1)
    db.get_one(Survey, opened.survey_id).state = CLOSED
    db.commit()
    with pytest.raises(SurveyClosed):
        extend(db, opened.survey_id, june)
    made = make_survey(db, opened.cycle_id, questionnaire=QUESTIONNAIRE, plan=PLAN)
    with pytest.raises(SurveyNotYetOpen):
        extend(db, made.id, june)
    made.mode = "secret"
    db.commit()
    with pytest.raises(WrongMode):
        extend(db, made.id, june)


def test_a_manager_extends_and_an_organizer_does_not(
    app: Flask, db: Session, opened: Draft
) -> None:
    path = f"/surveys/{opened.survey_id}"
    an, wang = desk(app, db, MANAGER), desk(app, db, ORGANIZER)

    assert wang.open(f"{path}/extend").status_code == 403
    early = {"closes_on": "2026-05-10", "reason": "x"}
    assert an.send(f"{path}/extend", **early).status_code == 422
    assert an.send(f"{path}/extend", closes_on="2026-05-30").status_code == 422
    ok = an.send(f"{path}/extend", closes_on="2026-05-30", reason="雨天少人")
    assert ok.status_code == 303
    assert "雨天少人" in an.see(path).text


def test_a_draft_is_renamed_and_deleted_with_all_that_hangs_on_it(
    app: Flask, db: Session
) -> None:
    made = ready(db)
    wang, path = desk(app, db, ORGANIZER), f"/surveys/{made.survey_id}"

    as_it_is = filled_in(wang, path)
    assert wang.send(f"{path}/draft", **as_it_is | {"title": ""}).status_code == 422
    other = as_it_is | {"title": "另一个题目", "closes_on": "2026-05-20"}
    assert wang.send(f"{path}/draft", **other).status_code == 303
    assert "另一个题目" in wang.see(path).text
    assert "5月20日" in wang.see(path).text
    assert wang.send(f"{path}/delete").status_code == 303

    assert wang.open(path).status_code == 404
    assert rows_in(db, "channel") == rows_in(db, "survey_subject") == 0
    assert rows_in(db, "subject") > 0


def test_the_number_of_a_deleted_draft_is_given_to_nobody_else(db: Session) -> None:
    made = draft(db)
    delete_draft(db, made.survey_id)

    again = make_survey(db, made.cycle_id, questionnaire=QUESTIONNAIRE, plan=PLAN)

    assert again.id != made.survey_id


def test_what_is_open_is_neither_renamed_nor_deleted(
    db: Session, opened: Draft
) -> None:
    with pytest.raises(AlreadyOpened):
        changed(db, opened.survey_id, title="x")
    with pytest.raises(AlreadyOpened):
        delete_draft(db, opened.survey_id)
    with pytest.raises(AlreadyOpened):
        rename_cycle(db, opened.cycle_id, name="x")
    with pytest.raises(NotFound):
        delete_draft(db, 999)


def test_another_component_takes_what_does_not_fit_it(db: Session) -> None:
    made = ready(db)

    gone = changed(db, made.survey_id, title="y")

    assert not gone, "its own component takes nothing away"
    assert rows_in(db, "channel") > 0


def test_a_secret_ballot_has_no_channels(db: Session) -> None:
    made = ready(db)
    assert rows_in(db, "channel") > 0

    assert changed(db, made.survey_id, mode="secret")

    assert rows_in(db, "channel") == 0
    assert db.get_one(Survey, made.survey_id).is_secret


def test_an_open_survey_has_no_key_holders(db: Session, office: Office) -> None:
    assert rows_in(db, "key_holder") == 2

    assert changed(db, office.survey_id, mode="open", ballots=office.ballots)

    assert rows_in(db, "key_holder") == 0
    assert not db.get_one(Survey, office.survey_id).is_secret


def test_a_draft_ballot_with_slips_out_stays_until_they_are_void(
    office: Office, db: Session
) -> None:
    (issued,) = office.issued(staff=8).values()

    def delete() -> None:
        folder, survey_id = office.folder, office.survey_id
        delete_draft(db, survey_id, ballots=office.ballots, secrets_folder=folder)

    with pytest.raises(SlipsAreOut):
        delete()
    with pytest.raises(SlipsAreOut):
        changed(db, office.survey_id, title="x", ballots=office.ballots)
    void_batch(db, office.ballots, issued.batch_id)
    delete()

    with Session(office.ballots) as boxes:
        assert rows_in(boxes, "batch") == rows_in(boxes, "ballot_box") == 0
    assert rows_in(db, "survey") == rows_in(db, "key_holder") == 0


def test_a_ballot_with_batches_keeps_its_component(office: Office, db: Session) -> None:
    office.request(staff=8)

    with pytest.raises(BoxNotReady):
        changed(db, office.survey_id, mode="open", ballots=office.ballots)
    assert not changed(db, office.survey_id, title="x", ballots=office.ballots)


def test_a_cycle_nothing_hangs_on_is_renamed_and_deleted(db: Session) -> None:
    cycle, other = (make_cycle(db, name, scheme=SCHEME).id for name in ("a", "b"))

    with pytest.raises(NameTaken):
        rename_cycle(db, cycle, name="b")
    rename_cycle(db, cycle, name="c")
    delete_cycle(db, cycle)

    assert rows_in(db, "cycle") == 1
    assert other


@pytest.mark.parametrize("hangs", ["survey", "value"])
def test_a_cycle_somebody_worked_on_stays(db: Session, hangs: str) -> None:
    made = draft(db)
    if hangs == "value":
        delete_draft(db, made.survey_id)
        place = (made.cycle_id, made.subject_ids[0])
        db.add(
            GivenValue(
                cycle_id=place[0], subject_id=place[1], component_key="achievements",
                value="1", source="x",
            )
        )  # fmt: skip
        db.commit()

    with pytest.raises(CycleInUse):
        delete_cycle(db, made.cycle_id)


def test_the_pages_of_a_cycle_rename_and_delete_it(app: Flask, db: Session) -> None:
    cycle = make_cycle(db, "a", scheme=SCHEME).id
    db.commit()
    an, path = desk(app, db, MANAGER), f"/cycles/{cycle}"

    assert an.send(f"{path}/name", name="").status_code == 422
    assert an.send(f"{path}/name", name="九月").status_code == 303
    assert "九月" in an.see("/surveys").text
    assert an.send(f"{path}/delete").status_code == 303
    assert an.open(f"{path}/name").status_code == 404


def test_the_page_for_another_component_offers_those_of_the_cycle(
    app: Flask, db: Session
) -> None:
    wang, made = desk(app, db, ORGANIZER), _shipped(app, db)

    page = wang.see(f"/surveys/{made}/draft")
    offered = [field.get("value", "") for field in page.named("component")]
    as_it_is = filled_in(wang, f"/surveys/{made}")
    sent = wang.send(f"/surveys/{made}/draft", **as_it_is | {"component": offered[-1]})

    assert sent.status_code == 303
    db.rollback()
    survey = db.get_one(Survey, made)
    assert survey.component_key == offered[-1].partition(":")[2]
    assert db.scalars(select(Channel).where(Channel.survey_id == made)).all() == []


def filled_in(wang: Desk, path: str) -> dict[str, str]:
    """Return the form of a draft as it stands there."""
    form = form_on(wang, f"{path}/draft", "title")
    return {name: said[0] for name, said in form.values.items() if said}


def _shipped(app: Flask, db: Session) -> int:
    """Return a draft under a shipped scheme, made by hand."""
    an = desk(app, db, MANAGER)
    an.send("/cycles/new", name="2026年度考核", scheme="yijun-2017")
    offered = an.see("/surveys/new").named("component")[0].get("value")
    days: dict[str, Any] = {"opens_on": "2026-05-01", "closes_on": "2026-05-15"}
    made = an.send("/surveys/new", title="群众满意度", component=offered, **days)
    return int(made.location.rpartition("/")[2])
