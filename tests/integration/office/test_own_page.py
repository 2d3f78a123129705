"""The appraised read their own sheet; a liaison hears whether enough have answered."""

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.appraisal.people import Subject
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
