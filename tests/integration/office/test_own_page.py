"""The appraised read their own sheet; a liaison hears whether enough have answered."""

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.give_roles import give_roles
from survey_app.accounts.permissions import Grant
from survey_app.accounts.tables import Account
from survey_app.alerts.tables import AlertCase
from survey_app.appraisal.people import Subject
from survey_app.domain.alerts.review import State
from tests.support.cases import raise_in
from tests.support.office import READER, Desk, desk
from tests.support.small_county import County, small_county


@pytest.fixture
def county(engine: Engine) -> County:
    county = small_county(engine)
    county.count("residents", good=20, bad=30)
    county.settle()
    return county


@pytest.fixture
def own(app: Flask, db: Session, county: County) -> Desk:
    return desk(app, db, "appraised", username="王一", subject=county.subject_id)


def test_they_begin_at_their_own_page_and_read_their_sheet(
    app: Flask, db: Session, own: Desk, county: County
) -> None:
    at = f"/own/{county.survey_id}/{county.subject_id}"
    office = desk(app, db, "reviewer")
    on_paper = f"/surveys/{county.survey_id}/results/{county.subject_id}/notice"

    assert "/office/own" in [a.get("href") for a in own.see("/").all("a")]
    assert f"/office{at}" in [a.get("href") for a in own.see("/own").all("a")]
    read = own.see(at).text
    told = office.see(on_paper).text
    assert "超过三分之一" in told or "30" in told
    for number in ("20", "30", "50"):
        assert (number in read) >= (number in told)
    assert "申请复核" in read
    assert "主要意见" not in read


def test_nothing_else_is_open_to_them(own: Desk, county: County) -> None:
    survey, other = county.survey_id, county.other_subject_id

    statuses = {
        at: own.open(at).status_code
        for at in (
            f"/own/{survey}/{other}", f"/own/{county.other_survey_id}/{other}",
            f"/surveys/{survey}/results", "/surveys", "/alerts", "/score-sheets",
            f"/surveys/{survey}/results/{county.subject_id}", "/accounts",
            f"/objections/new/{county.cycle_id}/{other}",
        )
    }  # fmt: skip

    assert set(statuses.values()) <= {403, 404}, statuses
    new = f"/objections/new/{county.cycle_id}/{county.subject_id}"
    assert own.open(new).status_code == 200


def test_a_liaison_hears_whether_the_minimum_is_reached_and_no_number(
    app: Flask, db: Session, county: County
) -> None:
    county.reopen()
    unit = db.scalars(
        select(Subject.unit_id).where(Subject.id == county.subject_id)
    ).one()
    db.rollback()
    liaison = desk(app, db, "liaison", unit=unit)
    at = f"/surveys/{county.survey_id}/turnout"

    read = liaison.see(at)

    assert "王一" in read.text
    assert "李二" not in read.text
    assert "未达" in read.text or "已达" in read.text
    (row,) = [one for one in read.all("tr") if "王一" in "".join(one.itertext())]
    assert not any(sign.isdigit() for sign in "".join(row.itertext()))
    assert liaison.open(f"/surveys/{county.survey_id}/results").status_code == 403
    assert 'id="running"' not in liaison.open("/").get_data(as_text=True)
    assert desk(app, db, READER).see(at).text != read.text


def test_no_alert_is_found_by_trying_its_number(
    db: Session, own: Desk, county: County
) -> None:
    """That there is one tells more than the own notice may."""
    raise_in(county)
    ours = AlertCase.subject_id == county.subject_id
    alert_id = db.scalars(select(AlertCase.id).where(ours)).first()
    db.rollback()
    new = f"/objections/new/{county.cycle_id}/{county.subject_id}?alert="

    for number in (alert_id, 999):
        assert own.open(f"{new}{number}").status_code == 404
        assert own.send(f"{new}{number}", text="请求复核").status_code == 404


def test_who_reads_numbers_elsewhere_is_told_none_as_a_liaison(
    app: Flask, db: Session, county: County
) -> None:
    county.reopen()
    places = {
        subject: db.scalars(select(Subject.unit_id).where(Subject.id == subject)).one()
        for subject in (county.subject_id, county.other_subject_id)
    }
    db.rollback()
    both = desk(app, db, "liaison", unit=places[county.subject_id])
    mine = db.scalars(select(Account.id).where(Account.username == both.username)).one()
    roles = [
        Grant("liaison", places[county.subject_id]),
        Grant("reviewer", places[county.other_subject_id]),
    ]
    give_roles(db, mine, roles)
    at = f"/surveys/{county.survey_id}/turnout"

    read = both.see(at)

    assert "李二" in read.text
    (row,) = [one for one in read.all("tr") if "王一" in "".join(one.itertext())]
    assert not any(sign.isdigit() for sign in "".join(row.itertext()))
    assert not [a for a in read.all("a") if "answers" in a.get("href", "")]
    paper = f"/objections/new/{county.cycle_id}/{{}}"
    assert not both.see(paper.format(county.subject_id)).named("came_on")
    assert both.see(paper.format(county.other_subject_id)).named("came_on")


def test_the_state_of_an_alert_that_is_not_told_of_is_not_told(
    db: Session, own: Desk, county: County
) -> None:
    """A second state would say that a threshold was crossed at a hidden place, too."""
    raise_in(county)
    at = f"/own/{county.survey_id}/{county.subject_id}"
    before = own.see(at).text
    ours = AlertCase.subject_id == county.subject_id
    known = db.scalars(select(AlertCase).where(ours)).first()
    assert known is not None
    db.add(
        AlertCase(
            cycle_id=known.cycle_id, survey_id=known.survey_id,
            subject_id=known.subject_id, rule_key=known.rule_key,
            question_key=known.question_key, rater_group="elsewhere",
            raised_on=known.raised_on, state=State.HEARD,
        )
    )  # fmt: skip
    db.commit()

    assert own.see(at).text == before


def test_nobody_acts_in_his_own_matter(app: Flask, db: Session, county: County) -> None:
    raise_in(county)
    li = desk(app, db, "reviewer", username="li")
    mine = db.scalars(select(Account.id).where(Account.username == "li")).one()
    ours = AlertCase.subject_id == county.subject_id
    alert = f"/alerts/{db.scalars(select(AlertCase.id).where(ours)).first()}"
    roles = [Grant("reviewer"), Grant("appraised", subject_id=county.subject_id)]
    give_roles(db, mine, roles)
    begin = {"reason": "见材料", "version": "1"}

    assert li.send(f"{alert}/review/begin", **begin).status_code == 403
    paper = f"/objections/new/{county.cycle_id}/{{}}"
    assert not li.see(paper.format(county.subject_id)).named("came_on")
    assert li.see(paper.format(county.other_subject_id)).named("came_on")
    give_roles(db, mine, roles[:1])
    assert li.send(f"{alert}/review/begin", **begin).status_code == 303
