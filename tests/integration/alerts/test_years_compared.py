"""Two cycles in one database: compared where both were told, and never otherwise."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from survey_app.alerts.raising import FoundAlert, raise_by_hand
from survey_app.alerts.tables import AlertAct, AlertCase
from survey_app.analytics.kept.alerts import keep_alerts
from survey_app.analytics.kept.raised_cases import lift_voided, raise_cases
from survey_app.ballot.voiding import ask_voiding, grant_voiding
from survey_app.database import writing
from survey_app.domain.alerts.alert import Alert, Evidence
from survey_app.domain.alerts.review import Act, ClosedAs, State
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.jobs.tables import JobRow
from survey_app.survey.closing import KEEP_LISTS
from survey_app.survey.tables import CLOSED, VOID, Survey
from tests.conftest import ONE_DATABASE
from tests.integration.alerts.test_case_pages import text_of
from tests.support.cases import raise_in
from tests.support.office import READER, desk
from tests.support.raised import every_alert
from tests.support.secret_ballots import FIRST, SECOND, confirmed
from tests.support.small_county import (
    BOTH_GROUPS,
    MAY_1,
    County,
    add_counts,
    small_county,
)
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
RISING = """
[[alerts]]
key = "rising"
label = { zh = "上升", en = "Rising" }
component = "satisfaction"
questions = ["overall"]
choices = ["bad"]
kind = "rise"
rise = { published = "1/10" }
threshold = { published = "1/3" }
rater_groups = ["residents"]
"""
SCHEME = read_scheme(BOTH_GROUPS + TWO_YEARS + RISING, file="years.toml")


@pytest.fixture
def county(engine: Engine) -> County:
    """A county of which the residents were at 9 of 40 this year."""
    county = small_county(engine, SCHEME)
    county.count("residents", good=31, bad=9)
    return county


def last_year(
    county: County, year: int = 2025, *, title: str = "去年的", **choices: int
) -> None:
    """Let a survey of the last cycle be over in April of a year."""
    with Session(writing(county.engine)) as session:
        over = Survey.title == title
        days = {"opens_on": date(year, 4, 1), "closes_on": date(year, 4, 30)}
        session.execute(update(Survey).where(over).values(days | {"state": CLOSED}))
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


def raised(county: County, db: Session) -> dict[str, AlertCase]:
    """Return rule → the case about the first cadre, as it stands now."""
    db.expire_all()
    wanted = select(AlertCase).where(AlertCase.subject_id == county.subject_id)
    return {case.rule_key: case for case in db.scalars(wanted.order_by(AlertCase.id))}


def void_last_year(county: County, db: Session) -> None:
    """Let two officials void the survey of the last cycle."""
    confirmed(db, FIRST, SECOND)
    over = db.scalars(select(Survey.id).where(Survey.title == "去年的")).one()
    ask_voiding(db, over, reason="误开", account=FIRST, today=MAY_1)
    grant_voiding(db, over, account=SECOND, today=MAY_1, also=lift_voided)


def test_what_rests_on_a_voided_year_is_lifted_with_it_and_nothing_else(
    county: County, db: Session
) -> None:
    last_year(county, good=60, bad=20)
    raise_in(county)
    opened = FoundAlert(county.subject_id, "rising", "overall", "residents")
    raise_by_hand(
        db, county.survey_id, opened, account=FIRST, reason="来信反映", today=MAY_1
    )
    others = select(func.count()).where(
        AlertCase.state == State.RAISED, AlertCase.rule_key == "one_third"
    )
    before = db.scalar(others)

    void_last_year(county, db)

    case = raised(county, db)["two_years"]
    last = db.get_one(AlertAct, (case.id, case.version))
    assert (case.state, case.outcome) == (State.CLOSED, ClosedAs.LIFTED)
    assert (last.kind, last.reason, last.account) == (Act.LIFT, "误开", SECOND)
    assert db.scalar(others) == before
    jobs = select(JobRow.about).where(JobRow.kind == KEEP_LISTS)
    assert set(db.scalars(jobs)) == {county.survey_id, county.other_survey_id}
    keep_alerts(db, county.survey_id)
    raise_cases(db, county.survey_id, today=MAY_1)
    assert raised(county, db)["rising"].state == State.RAISED, "opened by hand"
    assert raised(county, db)["two_years"].state == State.CLOSED


def test_another_survey_of_that_year_that_says_the_same_keeps_it(
    county: County, db: Session
) -> None:
    last_year(county, good=60, bad=20, title="去年未结束的")
    last_year(county, good=60, bad=20)
    raise_in(county)

    void_last_year(county, db)

    assert raised(county, db)["two_years"].state == State.RAISED


YEARS_SAID = {
    "two_years": "The share is over the threshold in 2 cycles running",
    "rising": "the share rose by as much as the rule names, or more, and is not over",
}


@ONE_DATABASE
@pytest.mark.parametrize(
    ("rule", "then"), [("two_years", (60, 20)), ("rising", (95, 5))]
)
def test_the_page_says_what_was_compared_and_what_of_it_cannot_be(
    app: Flask, db: Session, county: County, rule: str, then: tuple[int, int]
) -> None:
    last_year(county, good=then[0], bad=then[1])
    raise_in(county)
    reader = desk(app, db, READER)
    (case,) = (one for key, one in raised(county, db).items() if key in YEARS_SAID)
    assert case.rule_key == rule
    page = f"/alerts/{case.id}?lang=en"
    db.rollback()  # else it would hold the one writer's turn

    before = text_of(reader.open(page))
    db.execute(update(Survey).where(Survey.title == "去年的").values(state=VOID))
    db.commit()
    after = text_of(reader.open(page))

    assert YEARS_SAID[rule] in before
    assert "9 / 40" in before
    assert YEARS_SAID[rule] not in after
    assert "This cannot be judged: an earlier cycle asked otherwise" in after
