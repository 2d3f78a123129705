"""Two cycles in one database: compared where both were told, and never otherwise."""

from datetime import date

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from survey_app.database import writing
from survey_app.domain.alerts.alert import Alert, Evidence
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.survey.tables import Survey
from tests.support.raised import every_alert
from tests.support.small_county import BOTH_GROUPS, County, add_counts, small_county
from tests.support.statements import counted

TWO_YEARS = """
[[alerts]]
key = "two_years"
label = { zh = "两年", en = "Two years" }
component = "satisfaction"
questions = ["overall"]
choices = ["bad"]
kind = "years"
years = { published = 2 }
threshold = { published = "1/5" }
rater_groups = ["residents"]
"""
SCHEME = read_scheme(BOTH_GROUPS + TWO_YEARS, file="years.toml")


@pytest.fixture
def county(engine: Engine) -> County:
    """A county of which the residents were at 9 of 40 this year."""
    county = small_county(engine, SCHEME)
    county.count("residents", good=31, bad=9)
    return county


def last_year(county: County, year: int = 2025, **choices: int) -> None:
    """Let the survey of the last cycle be over in April of a year."""
    with Session(writing(county.engine)) as session:
        over = Survey.title == "去年的"
        days = {"opens_on": date(year, 4, 1), "closes_on": date(year, 4, 30)}
        session.execute(update(Survey).where(over).values(days))
        survey = session.scalars(select(Survey.id).where(over)).one()
        add_counts(session, survey, county.subject_id, "residents", choices)
        # Else all the staff would have objected, and its band hide the residents.
        add_counts(session, survey, county.subject_id, "staff", {"good": 50})
        session.commit()
    county.settle()


def two_years(county: County) -> Alert:
    with Session(county.engine) as session:
        return next(
            one.told.alert
            for one in every_alert(session, county.survey_id)
            if one.subject.id == county.subject_id
            and one.told.alert.rule == "two_years"
        )


def test_both_years_over_the_line_are_raised(county: County) -> None:
    last_year(county, good=60, bad=20)

    alert = two_years(county)

    assert (alert.crossed, alert.evidence) == (True, Evidence.WATCH)
    assert (alert.numerator, alert.denominator) == (9, 40)


def test_a_year_at_the_line_is_not_over_it(county: County) -> None:
    last_year(county, good=80, bad=20)

    assert two_years(county).evidence is Evidence.CLEAR


def test_what_was_hidden_last_year_compares_with_nothing(county: County) -> None:
    last_year(county, good=1, bad=5)

    assert two_years(county).evidence is Evidence.INSUFFICIENT


def test_two_years_ago_is_not_last_year(county: County) -> None:
    last_year(county, 2024, good=60, bad=20)

    assert two_years(county).evidence is Evidence.INSUFFICIENT


def test_a_scheme_that_compares_nothing_looks_nothing_up(engine: Engine) -> None:
    plain = small_county(engine)
    plain.settle()
    with Session(engine) as session, counted(engine) as sent:
        list(every_alert(session, plain.survey_id))
    assert not [one for one in sent if "closes_on <" in one]
