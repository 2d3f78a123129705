"""What working out score sheets may cost: by units and by batches, not by cadres.

Counted in calls and statements, not timed; docs/performance/0010-score-sheets says how.
"""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.analytics.kept.sheets import keep_sheets
from survey_app.analytics.paging import PER_PAGE
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.database import writing
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.survey.tables import SurveySubject
from tests.conftest import ONE_DATABASE
from tests.support.called import called
from tests.support.office import MANAGER, desk
from tests.support.small_county import BOTH_GROUPS, County, add_counts, small_county
from tests.support.small_scheme import changed
from tests.support.statements import counted

ABOUT_BODIES = read_scheme(
    changed(
        BOTH_GROUPS, ('kind = "survey"', 'kind = "survey"\nabout = "leading-body"')
    ),
    file="bodies.toml",
)


@pytest.fixture
def county(engine: Engine) -> County:
    return small_county(engine, ABOUT_BODIES)


def grown(county: County, units: range, cadres: range) -> None:
    """Add these cadres to these units; with the first of them the unit itself."""
    with Session(writing(county.engine)) as session:
        for number in units:
            code = f"N{number:04}"
            unit = session.scalar(select(Unit).where(Unit.code == code))
            if unit is None:
                unit = _unit(session, county.survey_id, code)
            for n in cadres:
                post = "deputy" if n % 2 else "principal"
                told = {"name": f"某{number}-{n}", "post": post, "title": "长"}
                one = Cadre(code=f"{code}-{n}", unit_id=unit.id, **told)
                session.add(one)
                session.flush()
                person = Subject(kind="cadre", unit_id=unit.id, cadre_id=one.id)
                session.add(person)
        session.commit()


def _unit(session: Session, survey_id: int, code: str) -> Unit:
    """Return a new unit with answers about its leading body."""
    unit = Unit(code=code, name=f"单位{code}")
    session.add(unit)
    session.flush()
    body = Subject(kind="leading-body", unit_id=unit.id)
    session.add(body)
    session.flush()
    session.add(SurveySubject(survey_id=survey_id, subject_id=body.id))
    add_counts(session, survey_id, body.id, "residents", {"good": 30})
    add_counts(session, survey_id, body.id, "staff", {"bad": 20})
    return unit


def cost(county: County) -> tuple[Counter[str], list[str]]:
    """Return the calls and the statements of working every sheet out."""
    county.settle()
    with (
        counted(county.engine) as sent,
        called("question_mean", "from_json") as calls,
        Session(writing(county.engine)) as session,
    ):
        keep_sheets(session, county.cycle_id, stale_only=False)
    return calls, sent


@ONE_DATABASE
def test_what_is_said_of_a_body_is_worked_out_once_for_all_its_cadres(
    county: County,
) -> None:
    grown(county, range(3), range(1))
    few, _ = cost(county)

    grown(county, range(3), range(1, 20))
    many, _ = cost(county)

    assert few["question_mean"] > 0
    assert many["question_mean"] == few["question_mean"]


@ONE_DATABASE
def test_ten_times_the_units_cost_ten_times_the_work_in_as_few_statements(
    county: County,
) -> None:
    grown(county, range(4), range(1))
    few, sent = cost(county)

    grown(county, range(4, 40), range(1))
    many, sent_many = cost(county)

    assert many["question_mean"] <= 10 * few["question_mean"]
    assert len(sent_many) <= len(sent), "one batch costs what another one does"


PAGES = {
    "/score-sheets": 13,
    "/score-sheets/{cycle}": 14,
    "/score-sheets/{cycle}/{subject}": 18,
    "/cycles/{cycle}": 15,
    "/cycles/{cycle}/pictures": 10,
    "/cycles/{cycle}/adjustments/new": 8,
    "/cycles/{cycle}/corrections/new": 6,
}
"""At most so many statements. Among them is the one that asks who is here; on a list of
sheets one that counts the cycles to choose from, and where the cycle is named one that
asks whether the record knows of the look; on the page of a cycle one that reads
every reason why the sheets on it have no score."""


@ONE_DATABASE
def test_a_page_of_sheets_reads_what_stands_on_it(
    app: Flask, db: Session, county: County
) -> None:
    manager = desk(app, db, MANAGER)

    def taken() -> dict[str, tuple[int, int, int]]:
        county.settle()
        return {page: one(page) for page in PAGES}

    def one(page: str) -> tuple[int, int, int]:
        about = {"cycle": county.cycle_id, "subject": county.subject_id}
        address = page.format(**about)
        manager.open(address)
        with counted(app.extensions["survey_engine"]) as sent, called("_line") as calls:
            response = manager.open(address)
        assert response.status_code == 200
        return len(sent), calls["_line"], len(response.data)

    grown(county, range(2), range(30))
    few = taken()
    grown(county, range(2), range(30, 200))
    many = taken()

    for page, most in PAGES.items():
        assert many[page][0] == few[page][0] <= most, page
        assert many[page][1] <= max(few[page][1], PER_PAGE), page
        assert many[page][2] < few[page][2] + 4_000, "a page more of it is a link more"
