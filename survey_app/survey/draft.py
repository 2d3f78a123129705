"""A survey that can still be changed: made, held fast, its days moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import Cycle
from survey_app.domain.ground.cycle_refusals import CycleSettled
from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    BeingRehearsed,
    NotFound,
    SurveyClosed,
    SurveyNotYetOpen,
    SurveyVoid,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.slots import shut_gates
from survey_app.survey.tables import (
    DRAFT,
    OPEN,
    OPEN_SURVEY,
    REHEARSAL,
    VOID,
    ExpectedRaters,
    Survey,
)


def locked_survey(session: Session, survey_id: int) -> Survey:
    """Return the survey as it is now; nobody else changes it before the commit.

    Answers being kept are waited for, later ones wait and see what was changed. Raises
    NotFound.
    """
    survey = session.get(
        Survey, survey_id, with_for_update=True, populate_existing=True
    )
    if survey is None:
        raise NotFound
    shut_gates(session, survey_id, survey.slots)
    return survey


def draft(session: Session, survey_id: int) -> Survey:
    """Return the survey, held fast; raises NotFound, or AlreadyOpened."""
    survey = locked_survey(session, survey_id)
    if survey.state != DRAFT:
        refused = BeingRehearsed() if survey.state == REHEARSAL else AlreadyOpened()
        session.rollback()
        raise refused
    return survey


def require_open(survey: Survey, *, also: str = OPEN) -> None:
    """Return where the survey is open, or in the state `also`.

    Raises SurveyNotYetOpen, SurveyVoid, or SurveyClosed.
    """
    if survey.state in (DRAFT, REHEARSAL):
        raise SurveyNotYetOpen
    if survey.state not in (OPEN, also):
        raise SurveyVoid if survey.state == VOID else SurveyClosed


def expect_raters(session: Session, survey_id: int, people: Mapping[str, int]) -> None:
    """Keep the numbers in the place of those of before; others are left out.

    Raises NotFound, or AlreadyOpened: a forecast comes before the opening.
    """
    survey = draft(session, survey_id)
    session.execute(delete(ExpectedRaters).where(ExpectedRaters.survey_id == survey_id))
    session.add_all(
        ExpectedRaters(survey_id=survey_id, rater_group=group, people=n)
        for group, n in people.items()
        if group in survey.group_labels
    )
    session.commit()


def change_days(
    session: Session, survey_id: int, *, opens_on: date, closes_on: date
) -> None:
    """Set the first and the last day; raises NotFound or AlreadyOpened."""
    survey = draft(session, survey_id)
    survey.opens_on, survey.closes_on = opens_on, closes_on
    session.commit()


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """What a survey is called, what it feeds, and its first and last day."""

    title: str
    component_key: str
    opens_on: date
    closes_on: date
    mode: str = OPEN_SURVEY
    """"open" or "secret"; see the words list."""


def make_survey(
    session: Session, cycle_id: int, *, questionnaire: Questionnaire, plan: SurveyPlan
) -> Survey:
    """Return the draft with its own copy of the questionnaire.

    Raises NotFound, or CycleSettled where nothing can be added any more.

    Whether everything fits together is asked once, when it opens.
    """
    cycle = session.get(Cycle, cycle_id)
    if cycle is None:
        raise NotFound
    if cycle.is_settled:
        raise CycleSettled
    survey = Survey(
        cycle_id=cycle_id,
        component_key=plan.component_key,
        title=plan.title,
        questionnaire=questionnaire.to_json(),
        questionnaire_fingerprint=questionnaire.fingerprint,
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        mode=plan.mode,
    )
    session.add(survey)
    session.commit()
    return survey
