"""What the office's pages may cost: statements that do not grow, bytes that fit."""

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.analytics.kept.results import keep_results
from survey_app.appraisal.cycle import GivenValue
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.database import writing
from survey_app.survey.tables import SurveySubject
from tests.support.office import READER, Desk, desk
from tests.support.small_county import County, add_counts, small_county
from tests.support.statements import counted

STATEMENTS = {
    # One tells why codes for known people were open to everybody.
    "/surveys/{survey}/results": 11,
    "/surveys/{survey}/results/{subject}": 21,
    "/surveys/{survey}/results-file": 14,
    "/score-sheets": 14,
    "/score-sheets/{cycle}/{subject}": 16,
    "/alerts": 13,
}
"""At most so many for one page: the one that asks who is here, and the one that reads
what may be shown, included; where results are shown the one that asks whether the
record knows of it (decision 53); on score sheets those that ask what was corrected and
who entered the values, and beside a result those that ask for its alerts and requests
for a re-check, by key, and eight that read what is kept for its pictures: its place
among others, and its years. Two files are offered, each looked for with one."""


@pytest.fixture
def county(engine: Engine) -> County:
    return small_county(engine)


@pytest.fixture
def reader(app: Flask, db: Session) -> Desk:
    return desk(app, db, READER)


def grown(county: County, units: int) -> None:
    """Add units with a cadre, a value and answers each."""
    with Session(writing(county.engine)) as session:
        for number in range(units):
            unit = Unit(code=f"N{number}", name=f"单位{number}")
            session.add(unit)
            session.flush()
            cadre = Cadre(
                code=f"N{number}", name="某", unit_id=unit.id, post="deputy", title="长"
            )
            session.add(cadre)
            session.flush()
            person = Subject(kind="cadre", unit_id=unit.id, cadre_id=cadre.id)
            session.add_all((person, Subject(kind="leading-body", unit_id=unit.id)))
            session.flush()
            session.add_all(
                (
                    SurveySubject(survey_id=county.survey_id, subject_id=person.id),
                    GivenValue(
                        cycle_id=county.cycle_id,
                        subject_id=person.id,
                        component_key="achievements",
                        value="90",
                        source="file",
                    ),
                )
            )
            choices = {"good": 30, "bad": 20}
            add_counts(session, county.survey_id, person.id, "residents", choices)
        session.commit()


def cost(reader: Desk, county: County, path: str) -> list[str]:
    """Return the statements of one page, of what is settled and kept.

    Seen again: the first look in ten minutes is recorded, with four statements more
    on every page (tests/integration/office/test_recorded.py).
    """
    county.settle()
    with Session(writing(county.engine)) as session:
        keep_results(session, county.survey_id)
    address = path.format(
        survey=county.survey_id, cycle=county.cycle_id, subject=county.subject_id
    )
    reader.open(address)
    with counted(reader.client.application.extensions["survey_engine"]) as statements:
        assert reader.open(address).status_code == 200
    return statements


@pytest.mark.parametrize("path", STATEMENTS)
def test_ten_times_the_units_cost_the_same_statements(
    reader: Desk, county: County, path: str
) -> None:
    few = cost(reader, county, path)
    grown(county, 20)

    many = cost(reader, county, path)

    assert len(many) == len(few), many
    assert len(many) <= STATEMENTS[path], many


def test_a_page_of_results_is_light(reader: Desk, county: County) -> None:
    county.count("residents", good=60, bad=30, dont_know=10)
    county.count("staff", good=30)

    county.settle()

    page = reader.open(f"/surveys/{county.survey_id}/results/{county.subject_id}")

    assert page.status_code == 200
    assert (
        len(page.data) < 32_000
    )  # 8 KB of it are drawn: no script, no further request
