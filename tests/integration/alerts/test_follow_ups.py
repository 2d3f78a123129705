"""A follow-up survey: compared with the first one, and never scored."""

from datetime import date

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from survey_app.alerts.follow_up import (
    RecheckPlan,
    cycles_for_recheck,
    make_recheck,
)
from survey_app.alerts.tables import AlertCase
from survey_app.analytics.alert_cases import CaseScore, alert_case
from survey_app.analytics.follow_ups import FollowUp, follow_up_of
from survey_app.appraisal.cycle import Cycle
from survey_app.database import writing
from survey_app.domain.alerts.follow_up import Caution, Method, Trend, Why
from survey_app.domain.alerts.review import ClosedAs, State
from survey_app.domain.ground.alert_refusals import AlertChanged
from survey_app.domain.ground.cycle_refusals import CycleSettled
from survey_app.survey.tables import CLOSED, Survey
from tests.support.cases import Office, office_of
from tests.support.small_county import LAST_DAY, MAY_1, add_counts


@pytest.fixture
def decided(engine: Engine, db: Session) -> Office:
    """An alert about which a measure was decided; staff answered too."""
    told = office_of(engine, db)
    db.rollback()
    told.county.count("staff", good=30)
    told.county.settle()
    row = told.row
    row.state, row.measure = State.DECIDED, "admonition"
    db.commit()
    return told


def recheck(told: Office, *, version: int | None = None) -> int:
    """Make the follow-up as its page does."""
    acting = told.acting()
    plan = RecheckPlan(told.county.cycle_id, "复评", MAY_1, date(2026, 6, 30))
    with Session(writing(told.county.engine)) as session:
        if version is not None:
            acting = type(acting)(acting.account, MAY_1, version, acting.reason)
        told.db.rollback()
        return make_recheck(session, told.alert_id, acting, plan, key=b"k" * 32)


def answered(told: Office, survey_id: int, **residents: int) -> FollowUp:
    """Let so many answer it, close it, and return what it says."""
    with Session(writing(told.county.engine)) as session:
        survey = session.get_one(Survey, survey_id)
        survey.state, survey.opens_on, survey.closes_on = CLOSED, LAST_DAY, LAST_DAY
        add_counts(
            session, survey_id, told.county.subject_id, "staff", {"good": 10, "bad": 20}
        )
        add_counts(session, survey_id, told.county.subject_id, "residents", residents)
        session.commit()
    told.county.settle()
    with Session(told.county.engine) as reader:
        found = alert_case(reader, told.alert_id).found
        follow_up = follow_up_of(reader, told.alert_id, found)
    assert follow_up is not None
    return follow_up


def score_of(told: Office) -> CaseScore | None:
    """Return what the score says at the same time."""
    with Session(told.county.engine) as reader:
        return alert_case(reader, told.alert_id).score


def test_what_fell_below_the_threshold_is_proposed_as_improved_and_scores_nothing(
    decided: Office,
) -> None:
    before = score_of(decided)

    told = answered(decided, recheck(decided), good=36, bad=4)

    assert told.comparison is not None
    assert (told.comparison.found, told.comparison.tested) == (
        Trend.BETTER,
        Method.FISHER,
    )
    assert told.comparison.caution is Caution.OPEN
    assert told.proposes is ClosedAs.IMPROVED
    assert before is not None
    assert before.value
    assert score_of(decided) == before


def test_what_did_not_change_and_is_still_over_is_proposed_for_the_next_measure(
    decided: Office,
) -> None:
    told = answered(decided, recheck(decided), good=22, bad=18)

    assert told.comparison is not None
    assert told.comparison.found is Trend.NO_EVIDENCE
    assert told.proposes is ClosedAs.ESCALATED


def test_a_follow_up_of_few_is_compared_with_nothing(decided: Office) -> None:
    told = answered(decided, recheck(decided), good=2, bad=3)

    assert told.comparison is not None
    assert told.comparison.why is Why.NOT_SHOWN
    assert told.comparison.after is None
    assert told.proposes is None


def test_other_questions_are_compared_with_nothing(
    decided: Office, db: Session
) -> None:
    made = recheck(decided)
    db.get_one(Survey, made).questionnaire_fingerprint = "0" * 64
    db.commit()

    told = answered(decided, made, good=36, bad=4)

    assert told.comparison is not None
    assert told.comparison.why is Why.OTHER_QUESTIONS


def test_draft_and_plan_are_kept_together_or_not_at_all(
    decided: Office, db: Session
) -> None:
    def kept() -> tuple[int | None, int | None]:
        with Session(decided.county.engine) as reader:
            surveys = reader.scalar(select(func.count()).select_from(Survey))
            return surveys, reader.get_one(AlertCase, decided.alert_id).recheck_id

    before = kept()
    with pytest.raises(AlertChanged):
        recheck(decided, version=0)
    assert kept() == before

    cycle = db.get_one(Cycle, decided.county.cycle_id)
    cycle.settled_on, cycle.settled_by = MAY_1, "first"
    db.commit()
    offered = dict(cycles_for_recheck(db, decided.alert_id))
    db.rollback()
    assert decided.county.cycle_id not in offered
    with pytest.raises(CycleSettled):
        recheck(decided)
    assert kept() == before
