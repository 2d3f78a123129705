"""The stored publication plans: the one place from which outputs learn what to show."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.refusals import ResultsNotSettled, ResultsSealed, SurveyVoid
from survey_app.models.survey import UNCOUNTED, VOID, Survey
from survey_app.sealing.sealed_plan import untouched_plans


def plan_of(session: Session, survey_id: int) -> EvaluatedPlan | None:
    """Return the survey's evaluated plan; None while its counts are not final."""
    return plans_of(session, [survey_id]).get(survey_id)


def plans_of(session: Session, survey_ids: Iterable[int]) -> dict[int, EvaluatedPlan]:
    """Return survey → evaluated plan of those that count, in one statement.

    A void survey has none, whatever was evaluated before it was declared so: this is
    where it leaves scores, alerts, results and papers. Raises PlanChanged where one of
    the surveys' plans is not as it was sealed.
    """
    return {
        survey_id: EvaluatedPlan.from_json(plan.evaluated)
        for survey_id, plan in untouched_plans(session, survey_ids).items()
        if plan.evaluated is not None and plan.state not in UNCOUNTED
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
    """Return the plan as it was frozen at opening; None for a draft.

    Raises PlanChanged where it is not the one that was.
    """
    plan = untouched_plans(session, [survey_id]).get(survey_id)
    return None if plan is None else FrozenPlan.from_json(plan.frozen)
