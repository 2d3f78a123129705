"""Move the days of a survey that has not opened."""

from datetime import date

from sqlalchemy.orm import Session

from survey_app.services.draft import draft


def change_days(
    session: Session, survey_id: int, *, opens_on: date, closes_on: date
) -> None:
    """Set the first and the last day; raises NotFound or AlreadyOpened."""
    survey = draft(session, survey_id)
    survey.opens_on, survey.closes_on = opens_on, closes_on
    session.commit()
