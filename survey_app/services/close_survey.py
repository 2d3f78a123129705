"""Close a survey: no answer is added any more, and its results are fixed."""

from sqlalchemy.orm import Session

from survey_app.database import forget_order
from survey_app.domain.refusals import (
    CountersDiffer,
    SurveyClosed,
    SurveyNotYetOpen,
    WrongMode,
)
from survey_app.models.survey import CLOSED, DRAFT, Survey
from survey_app.services.draft import locked_survey
from survey_app.services.evaluate_plan import evaluate_plan
from survey_app.services.recount import require_counted


def close_survey(session: Session, survey_id: int) -> None:
    """Close the survey for good; it cannot be opened again.

    Answers being kept are waited for, so that what was acknowledged is in the result.
    What may be shown is decided in the same step, once. Raises NotFound,
    SurveyNotYetOpen for a draft, SurveyClosed, or WrongMode for a secret ballot, which
    closes with its box. Raises CountersDiffer where the counters do not say what the
    answers say, and PlanChanged where the plan is not the one that was frozen: then the
    survey stays open and nothing is settled.
    """
    survey = locked_survey(session, survey_id)
    refused = _refusal(survey)
    if refused is not None:
        session.rollback()
        raise refused
    try:
        require_counted(session, survey)
    except CountersDiffer:
        session.rollback()
        raise
    survey.state = CLOSED
    evaluate_plan(session, survey)
    session.commit()
    forget_order(session)


def _refusal(survey: Survey) -> SurveyNotYetOpen | SurveyClosed | WrongMode | None:
    """Return why this survey cannot be closed."""
    if survey.is_secret:
        return WrongMode()
    if survey.state == DRAFT:
        return SurveyNotYetOpen()
    return SurveyClosed() if survey.state == CLOSED else None
