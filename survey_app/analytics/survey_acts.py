"""What was done to a survey since it opened, as the office reads it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models.survey_act import SurveyAct


def acts_of(session: Session, survey_id: int) -> Sequence[SurveyAct]:
    """Return the acts of a survey, the oldest first."""
    ours = select(SurveyAct).where(SurveyAct.survey_id == survey_id)
    return session.scalars(ours.order_by(SurveyAct.id)).all()
