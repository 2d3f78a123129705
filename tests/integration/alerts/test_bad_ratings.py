"""A bad rating from the day it came in to the call-back: by verbs, and on its pages."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.alerts.acts import (
    begin_verification,
    close,
    confirm,
    decide,
    note_check,
    record_hearing,
)
from survey_app.alerts.due import due_acts
from survey_app.alerts.raising import FoundAlert, raise_by_hand
from survey_app.alerts.tables import AlertCase
from survey_app.domain.alerts.review import Act, ClosedAs, State
from survey_app.domain.ground.alert_refusals import AlertActImpossible
from survey_app.domain.scheme.review_rules import Measure
from survey_app.domain.scheme.scheme_file import read_scheme
from tests.integration.alerts.test_case_pages import Standing, do, text_of, two_desks
from tests.support.cases import Office, raise_in
from tests.support.office import READER, desk
from tests.support.secret_ballots import FIRST, SECOND, confirmed
from tests.support.small_county import BOTH_GROUPS, MAY_1, small_county

RULE = """
[[alerts]]
key = "bad_ratings"
label = { zh = "差评", en = "Bad ratings" }
component = "satisfaction"
questions = ["overall"]
choices = ["bad"]
kind = "rating"
contact_days = { assumed = 1 }
rectify_days = { published = 15 }
call_back_days = { assumed = 20 }
rater_groups = ["residents"]
"""
SCHEME = read_scheme(BOTH_GROUPS + RULE, file="ratings.toml")
POINTS = ("contact", "verify", "rectify", "call_back")
MONDAY = date(2026, 5, 4)
"""One working day after MAY_1, which is a Friday."""
RECTIFIED, CALLED = date(2026, 5, 22), date(2026, 5, 29)
"""Fifteen and twenty working days after it."""


@pytest.fixture
def office(engine: Engine, db: Session) -> Office:
    """An office with one case: of forty residents two were dissatisfied."""
    county = small_county(engine, SCHEME)
    county.count("residents", good=38, bad=2)
    county.settle()
    raise_in(county)
    confirmed(db, FIRST, SECOND)
    mine = AlertCase.subject_id == county.subject_id
    return Office(county, db, db.scalars(select(AlertCase.id).where(mine)).one())


def due_of(office: Office) -> tuple[str, date | None]:
    """Return what the desk says is to be done about the case, and until when."""
    due = due_acts(office.db, FIRST, today=MAY_1)
    one = next(one for one in due if one.alert_id == office.alert_id)
    return one.act, one.due_on


def test_each_point_is_due_in_its_own_days_and_then_it_is_closed(
    office: Office,
) -> None:
    db, alert = office.db, office.alert_id
    assert (office.row.rule_key, office.row.is_rating) == ("bad_ratings", True)
    assert due_of(office) == (Act.BEGIN, MONDAY)
    begin_verification(db, alert, office.acting())
    left = ((Act.CHECK, RECTIFIED), (Act.CHECK, RECTIFIED), (Act.CHECK, CALLED))

    for point, then in zip(POINTS, (*left, (Act.CLOSE, CALLED)), strict=True):
        with pytest.raises(AlertActImpossible):
            close(db, alert, office.acting(), outcome=ClosedAs.HANDLED)
        note_check(db, alert, office.acting(), point=point)
        assert due_of(office) == then

    close(db, alert, office.acting(), outcome=ClosedAs.HANDLED)
    assert (office.row.state, due_of(office)[0]) == (State.VERIFYING, Act.CONFIRM)
    confirm(db, alert, office.acting(SECOND))
    row = office.row
    assert (row.state, row.outcome, row.due_on) == (
        State.CLOSED,
        ClosedAs.HANDLED,
        None,
    )
    assert row.measure == ""


def test_it_hears_nobody_decides_nothing_and_is_closed_as_nothing_else(
    office: Office,
) -> None:
    db, alert = office.db, office.alert_id
    begin_verification(db, alert, office.acting())
    for point in POINTS:
        note_check(db, alert, office.acting(), point=point)

    with pytest.raises(AlertActImpossible):
        record_hearing(db, alert, office.acting())
    with pytest.raises(AlertActImpossible):
        decide(db, alert, office.acting(), measure=Measure.NONE)
    with pytest.raises(AlertActImpossible):
        close(db, alert, office.acting(), outcome=ClosedAs.IMPROVED)
    with pytest.raises(AlertActImpossible):
        note_check(db, alert, office.acting(), point="talks")


def test_opened_by_hand_it_is_one_case_until_that_is_closed(office: Office) -> None:
    db, county = office.db, office.county
    found = FoundAlert(county.other_subject_id, "bad_ratings", "overall", "staff")

    def by_hand(account: str, today: date = MAY_1) -> int:
        why = "来信反映"
        return raise_by_hand(
            db, county.survey_id, found, account=account, reason=why, today=today
        )

    number, again = by_hand(FIRST), by_hand(SECOND)

    assert again == number
    case = replace(office, alert_id=number)
    assert (case.row.is_rating, case.row.due_on) == (True, MONDAY)
    (act,) = case.acts
    assert (act.kind, act.account, act.reason) == (Act.RAISE, FIRST, "来信反映")
    begin_verification(db, number, case.acting())
    for point in POINTS:
        note_check(db, number, case.acting(), point=point)
    close(db, number, case.acting(), outcome=ClosedAs.HANDLED)
    confirm(db, number, case.acting(SECOND))
    anew = by_hand(FIRST, MAY_1 + timedelta(days=30))
    assert anew != number
    row = db.get_one(AlertCase, anew)
    assert (row.round, row.follows, row.state) == (2, number, State.RAISED)


def test_it_goes_its_way_on_pages(app: Flask, db: Session, office: Office) -> None:
    wang, li = two_desks(app, db)
    alert = f"/alerts/{office.alert_id}"
    page = text_of(wang.open(f"{alert}?lang=en"))
    assert "any bad rating at all" in page
    assert "Somebody gave a bad rating. Whether it is right is not known" in page
    assert "2 / 40" in page
    assert "Called back" in page

    assert do(wang, alert, "review/begin").status_code == 303
    page = wang.open(alert).text
    assert "/review/hear" not in page
    assert "/decide/" not in page
    for point in POINTS:
        assert do(wang, alert, "review/check", point=point).status_code == 303
    asked = wang.open(f"{alert}/decide/close").text
    assert re.findall(r'name="outcome" value="([^"]*)"', asked) == ["handled"]
    assert do(wang, alert, "decide/close", outcome="improved").status_code == 422
    assert do(wang, alert, "decide/close", outcome="handled").status_code == 303
    assert do(li, alert, "second/confirm").status_code == 303

    assert Standing.of(office).state == State.CLOSED
    shown = text_of(desk(app, db, READER).open(f"{alert}?lang=en"))
    assert "Closed as rectified and called back" in shown
