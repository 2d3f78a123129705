"""The stored publication plans: the one place from which outputs learn what to show."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.refusals import ResultsNotSettled, ResultsSealed, SurveyVoid
from survey_app.models.publication import PublicationPlan
from survey_app.models.survey import UNCOUNTED, VOID, Survey


def plan_of(session: Session, survey_id: int) -> EvaluatedPlan | None:
    """Return the survey's evaluated plan; None while its counts are not final."""
    return plans_of(session, [survey_id]).get(survey_id)


def plans_of(session: Session, survey_ids: Iterable[int]) -> dict[int, EvaluatedPlan]:
    """Return survey → evaluated plan of those that count, in one statement.

    A void survey has none, whatever was evaluated before it was declared so: this is
    where it leaves scores, alerts, results and papers.
    """
    kept = (
        select(PublicationPlan.survey_id, PublicationPlan.evaluated)
        .join(Survey, Survey.id == PublicationPlan.survey_id)
        .where(
            PublicationPlan.survey_id.in_(survey_ids),
            PublicationPlan.evaluated.is_not(None),
            Survey.state.not_in(UNCOUNTED),
        )
    )
    return {
        survey_id: EvaluatedPlan.from_json(text)
        for survey_id, text in session.execute(kept)
        if text is not None
    }


def settled_plan(session: Session, survey: Survey, *, today: date) -> EvaluatedPlan:
    """Return the evaluated plan: without it there are no results.

    Raises SurveyVoid, ResultsSealed while answers can come, ResultsNotSettled
    afterwards: until somebody closes an open survey, or the box of a secret ballot is
    opened.
    """
    if survey.state == VOID:
        raise SurveyVoid
    plan = plan_of(session, survey.id)
    if plan is not None:
        return plan
    raise ResultsNotSettled if survey.is_over(today) else ResultsSealed


def frozen_plan_of(session: Session, survey_id: int) -> FrozenPlan | None:
    """Return the plan as it was frozen at opening; None for a draft."""
    text = session.scalar(
        select(PublicationPlan.frozen).where(PublicationPlan.survey_id == survey_id)
    )
    return None if text is None else FrozenPlan.from_json(text)
