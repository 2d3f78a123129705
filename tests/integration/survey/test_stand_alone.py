"""A survey that stands alone, month after month, under the same posters."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.alerts.tables import AlertCase
from survey_app.analytics.office_lists import cycles_page, newest_cycle
from survey_app.analytics.paging import ListAsked
from survey_app.appraisal.sheet_rows import KeptSheet, StaleSheet
from survey_app.domain.ground.mistake_refusals import EarlierStillOpen
from survey_app.survey.channels import Channels
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.parts import add_channels, add_subjects
from survey_app.survey.tables import Channel, Survey
from tests.conftest import ONE_DATABASE
from tests.support.drafts import KEY, cadre
from tests.support.office import MANAGER, ORGANIZER, desk
from tests.support.respondents import shown
from tests.support.series import answered as answered_about
from tests.support.series import begun, follow
from tests.support.small_county import MAY_1


def first(db: Session) -> tuple[int, int]:
    """Return the first survey of a series, open, and whom it is about."""
    body = cadre(db, "政务大厅", "甲").id + 1
    return begun(db, [body]), body


def answered(db: Session, survey_id: int, subject: int, **said: int) -> None:
    answered_about(db, survey_id, {subject: said})


def test_it_is_in_no_list_of_cycles_and_makes_no_sheet(db: Session) -> None:
    survey, subject = first(db)
    answered(db, survey, subject, very_satisfied=30)

    assert newest_cycle(db) is None
    assert cycles_page(db, ListAsked()).rows == ()
    assert db.scalars(select(StaleSheet)).all() == []
    assert db.scalars(select(KeptSheet)).all() == []


def test_more_than_a_third_raises_its_alert(db: Session) -> None:
    survey, subject = first(db)
    answered(db, survey, subject, very_satisfied=20, dissatisfied=20)

    cases = db.scalars(select(AlertCase)).all()
    assert {case.rule_key for case in cases} == {"one_third"}


def test_the_next_one_takes_over_the_printed_codes_when_it_opens(
    engine: Engine, db: Session, client: FlaskClient
) -> None:
    survey, subject = first(db)
    printed = db.scalars(select(Channel.code)).one()
    channels = Channels(engine, KEY, clock=lambda: 0.0)
    assert channels.find(printed).survey_id == survey
    after = follow(db, survey)
    assert channels.find(printed).survey_id == survey
    with pytest.raises(EarlierStillOpen):
        open_survey(db, after, today=MAY_1)
    answered(db, survey, subject, very_satisfied=30)

    open_survey(db, after, today=MAY_1)

    codes = dict(db.execute(select(Channel.survey_id, Channel.code)).all())
    assert codes[after] == printed
    assert codes[survey] != printed
    fresh = Channels(engine, KEY)
    assert fresh.find(printed).survey_id == after
    assert "还没有开始" in shown(client.get(f"/s/{printed}")).text
    assert db.get_one(Survey, survey).changes == 1


def test_whoever_remembers_the_code_is_led_on(engine: Engine, db: Session) -> None:
    survey, subject = first(db)
    printed = db.scalars(select(Channel.code)).one()
    now = [0.0]
    channels = Channels(engine, KEY, clock=lambda: now[0])
    assert channels.find(printed).survey_id == survey
    after = follow(db, survey)
    answered(db, survey, subject, very_satisfied=30)
    open_survey(db, after, today=MAY_1)

    now[0] = 10.0

    assert channels.find(printed).survey_id == after


@ONE_DATABASE
def test_pages_make_follow_and_show_the_trend(app: Flask, db: Session) -> None:
    wang, an = desk(app, db, ORGANIZER), desk(app, db, MANAGER)
    body = cadre(db, "政务大厅", "甲").id + 1
    db.commit()
    asks = "/surveys/stand-alone?questionnaire=government-service-rating"
    typed = {
        "name": "大厅好差评", "title": "5月", "opens_on": "2026-05-01",
        "closes_on": "2026-05-31", "about": "leading-body",
        "raters": "service_objects", "dissatisfied": ["dissatisfied"],
    }  # fmt: skip
    assert "好差评" in wang.see("/surveys/stand-alone").text
    assert wang.send(asks, **typed | {"name": ""}).status_code == 422
    path = wang.send(asks, **typed).location.removeprefix("/office")
    survey = int(path.rpartition("/")[2])
    add_subjects(db, survey, subject_ids=[body])
    add_channels(db, survey, key=KEY)
    printed = db.scalars(select(Channel.code)).one()
    open_survey(db, survey, today=MAY_1)
    answered(db, survey, body, very_satisfied=30, dissatisfied=10)
    june = {"title": "6月", "opens_on": "2026-06-01", "closes_on": "2026-06-30"}
    after = wang.send(f"{path}/next", **june).location.removeprefix("/office")
    assert printed[5:] in wang.see(f"{after}/posters").text
    open_survey(db, int(after.rpartition("/")[2]), today=MAY_1)
    answered(db, int(after.rpartition("/")[2]), body, very_satisfied=4)

    cycle = db.get_one(Survey, survey).cycle_id
    db.rollback()
    trend = an.see(f"/surveys/series/{cycle}")
    one = an.see(f"/surveys/series/{cycle}/{body}")
    results = an.see(f"{path}/results").text

    assert "25.0%" in trend.text
    assert "25.0%" in one.text
    drawn = an.open(f"/surveys/series/{cycle}/{body}").get_data(as_text=True)
    assert "<svg" in drawn, "a picture with two surveys"
    assert "三分之一" in drawn
    assert "得分" not in results.replace("得分构成表", "")
    assert "25.0%" in results
    assert an.open(f"/surveys/series/{cycle + 1}").status_code == 404
    assert "大厅好差评" in wang.see("/surveys").text
