"""What was done to a survey since it opened, as the office reads it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models.survey_act import ASKED, DONE, VOIDING, SurveyAct


def acts_of(session: Session, survey_id: int) -> Sequence[SurveyAct]:
    """Return the acts of a survey, the oldest first."""
    ours = select(SurveyAct).where(SurveyAct.survey_id == survey_id)
    return session.scalars(ours.order_by(SurveyAct.id)).all()


def asked_voiding(session: Session, survey_id: int) -> SurveyAct | None:
    """Return the voiding that waits for a second account, None where none does."""
    return _voiding(session, survey_id, ASKED)


def done_voiding(session: Session, survey_id: int) -> SurveyAct | None:
    """Return the voiding by which the survey is void; None where another way was."""
    return _voiding(session, survey_id, DONE)


def _voiding(session: Session, survey_id: int, state: str) -> SurveyAct | None:
    wanted = select(SurveyAct).where(
        SurveyAct.survey_id == survey_id,
        SurveyAct.kind == VOIDING,
        SurveyAct.state == state,
    )
    return session.scalar(wanted)
