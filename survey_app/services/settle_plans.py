"""Give a plan to surveys that opened or closed before plans were stored."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models.publication import PublicationPlan
from survey_app.models.survey import CLOSED, OPEN_SURVEY, UNCOUNTED, Survey
from survey_app.services.evaluate_plan import evaluate_plan
from survey_app.services.freeze_plan import freeze_plan


def settle_plans(session: Session) -> int:
    """Freeze and evaluate what is missing; return how many plans were written.

    A second call writes nothing. An open survey gets its frozen plan, a closed one its
    evaluation too; a secret ballot is evaluated with the opening of its box.
    """
    written = 0
    opened = select(Survey).where(Survey.state.not_in(UNCOUNTED)).order_by(Survey.id)
    for survey in session.scalars(opened).all():
        plan = session.get(PublicationPlan, survey.id)
        if plan is None:
            freeze_plan(session, survey)
        is_final = survey.state == CLOSED and survey.mode == OPEN_SURVEY
        if is_final and (plan is None or plan.evaluated is None):
            evaluate_plan(session, survey)
        elif plan is not None:
            continue
        written += 1
    session.commit()
    return written
