"""Whoever works on some surveys alone sees the alerts of these, and of no other."""

from dataclasses import dataclass
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.limit_surveys import limit_surveys
from survey_app.accounts.make_account import confirm_owner
from survey_app.accounts.tables import Account
from survey_app.alerts.tables import AlertAct, AlertCase
from survey_app.analytics.kept.raised_cases import raise_cases
from survey_app.database import writing
from survey_app.domain.alerts.review import Act, State
from tests.support.office import MANAGER, READER, Desk, desk
from tests.support.respondents import shown
from tests.support.small_county import MAY_1, County, add_counts, small_county

OTHER = "另一项调查"


@dataclass(frozen=True)
class TwoSurveys:
    """A county two of whose surveys raised alerts about the same cadre."""

    county: County
    first: tuple[int, ...]
    """The alerts that the first survey raised."""
    second: tuple[int, ...]
    shared: int
    """One of the first survey's, which the second one found again."""


@pytest.fixture
def two(engine: Engine, db: Session) -> TwoSurveys:
    county = small_county(engine)
    surveys = county.survey_id, county.other_survey_id
    with Session(writing(engine)) as session:
        bad = {"bad": 100}
        add_counts(session, surveys[1], county.other_subject_id, "staff", bad)
        session.commit()
    county.settle()
    for survey_id in surveys:
        with Session(writing(engine)) as session:
            raise_cases(session, survey_id, today=MAY_1)
    first, second = (
        tuple(db.scalars(select(AlertCase.id).where(AlertCase.survey_id == one)))
        for one in surveys
    )
    again = AlertAct.kind == Act.FOUND_AGAIN, AlertAct.survey_id == surveys[1]
    shared = db.scalars(select(AlertAct.alert_id).where(*again)).one()
    db.rollback()
    assert first
    assert second
    assert shared in first
    return TwoSurveys(county, first, second, shared)


def limited(app: Flask, db: Session, role: str, survey_id: int) -> Desk:
    """Return the desk of an account that works on one survey alone."""
    name = f"{role} of {survey_id}"
    found = desk(app, db, role, username=name)
    number = db.scalars(select(Account.id).where(Account.username == name)).one()
    db.rollback()
    limit_surveys(db, number, (survey_id,), by="the keeper")
    confirm_owner(db, number)
    return found


def statuses(who: Desk, numbers: tuple[int, ...], page: str) -> set[int]:
    return {who.open(page.format(one)).status_code for one in numbers}


def test_lists_and_counts_are_those_of_ones_own_surveys(
    app: Flask, db: Session, two: TwoSurveys
) -> None:
    whole = desk(app, db, READER)
    first = limited(app, db, READER, two.county.survey_id)
    second = limited(app, db, READER, two.county.other_survey_id)
    every = whole.open("/alerts?lang=en").text
    assert OTHER in every
    assert f"to be verified <b>{len(two.first + two.second)}</b>" in every

    for who, own in ((first, two.first), (second, two.second)):
        listed = who.open("/alerts?lang=en").text
        cases = who.open("/alerts/cases?lang=en").text
        home = who.see("/?lang=en").text
        assert (OTHER in listed) == (who is second)
        assert f"to be verified <b>{len(own)}</b>" in listed
        assert "/office/objections" not in listed
        calendar = who.open("/calendar?year=2026").text
        for page in (listed, cases, calendar):
            for one in two.first + two.second:
                assert (f'/office/alerts/{one}"' in page) == (one in own), one
        assert f"to be verified {len(own)}" in " ".join(home.split())


def test_an_alert_of_another_survey_is_not_found_nor_acted_on(
    app: Flask, db: Session, two: TwoSurveys
) -> None:
    pages = ("/alerts/{}", "/alerts/{}/review/begin", "/alerts/{}/files/new")
    manager = limited(app, db, MANAGER, two.county.survey_id)
    for page in pages:
        assert statuses(manager, two.first, page) == {200}, page
        assert statuses(manager, two.second, page) == {404}, page
    theirs, (ours,) = two.second[0], set(two.first) - {two.shared}
    told = {"reason": "见第3号材料", "version": "1"}
    file = BytesIO(b"%PDF-1.4\n"), "a.pdf"

    act = f"/alerts/{theirs}/review/begin"
    assert manager.send(act, **told).status_code == 404
    assert manager.send(
        f"/alerts/{theirs}/files/new", file=file, **told
    ).status_code == 404  # fmt: skip
    assert manager.send(f"/alerts/{ours}/review/begin", **told).status_code == 303
    assert manager.open(f"/alerts/{ours}/follow-up").status_code == 403
    assert db.get_one(AlertCase, theirs).version == 1
    db.rollback()


def test_a_page_tells_nothing_that_other_surveys_said(
    app: Flask, db: Session, two: TwoSurveys
) -> None:
    """Neither that they found it too, nor the score, nor where their alert stands."""
    at = f"/alerts/{two.shared}?lang=en"
    whole, first = desk(app, db, READER), limited(app, db, READER, two.county.survey_id)
    second = limited(app, db, READER, two.county.other_survey_id)
    told, ours = shown(whole.open(at)).text, shown(first.open(at)).text
    for said in ("Found again", "What the score says at the same time"):
        assert said.lower() in told.lower()
        assert said.lower() not in ours.lower()

    assert second.open(at).status_code == 404
    listed = second.open("/alerts?lang=en").text
    assert f"/alerts/{two.shared}" not in listed
    with Session(writing(two.county.engine)) as session:
        session.get_one(AlertCase, two.shared).state = State.VERIFYING
        session.commit()
    for who, is_told in ((whole, True), (second, False)):
        page = who.open(f"/alerts?state=verifying&survey={two.county.other_survey_id}")
        assert (OTHER in page.text.partition('id="crossed"')[2]) == is_told


def test_results_of_a_subject_stand_beside_ones_own_alerts_alone(
    app: Flask, db: Session, two: TwoSurveys
) -> None:
    surveys = two.county.survey_id, two.county.other_survey_id
    for survey_id, own in zip(surveys, (two.first, two.second), strict=True):
        who = limited(app, db, READER, survey_id)
        page = who.open(f"/surveys/{survey_id}/results/{two.county.other_subject_id}")
        for one in two.first + two.second:
            assert (f'/office/alerts/{one}"' in page.text) == (one in own), one


def test_a_follow_up_is_told_to_whoever_works_on_both_surveys(
    app: Flask, db: Session, two: TwoSurveys
) -> None:
    alert = two.first[0]
    with Session(writing(two.county.engine)) as session:
        session.get_one(AlertCase, alert).recheck_id = two.county.other_survey_id
        session.commit()
    at = f"/alerts/{alert}"

    assert OTHER in desk(app, db, READER).see(at).text
    first = limited(app, db, READER, two.county.survey_id)
    assert OTHER not in first.see(at).text
