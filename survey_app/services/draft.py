"""A survey that can still be changed, held fast while it is."""

from sqlalchemy.orm import Session

from survey_app.domain.refusals import AlreadyOpened, BeingRehearsed, NotFound
from survey_app.models.survey import DRAFT, REHEARSAL, Survey


def locked_survey(session: Session, survey_id: int) -> Survey:
    """Return the survey as it is now; nobody else changes it before the commit.

    Answers being kept hold the same row, so closing waits for them. Raises NotFound.
    """
    survey = session.get(
        Survey, survey_id, with_for_update=True, populate_existing=True
    )
    if survey is None:
        raise NotFound
    return survey


def draft(session: Session, survey_id: int) -> Survey:
    """Return the survey, held fast; raises NotFound, or AlreadyOpened."""
    survey = locked_survey(session, survey_id)
    if survey.state != DRAFT:
        refused = BeingRehearsed() if survey.state == REHEARSAL else AlreadyOpened()
        session.rollback()
        raise refused
    return survey
