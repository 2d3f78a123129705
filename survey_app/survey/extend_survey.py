"""Give an open survey a later last day; who did it and why stays beside it."""

from datetime import date

from sqlalchemy.orm import Session

from survey_app.accounts.second_person import given_so_far
from survey_app.domain.ground.refusals import (
    NotExtended,
    WrongMode,
)
from survey_app.survey.draft import locked_survey, require_open
from survey_app.survey.survey_acts import (
    DONE,
    EXTENSION,
    SurveyAct,
)
from survey_app.survey.tables import Survey


def extend_survey(
    session: Session,
    survey_id: int,
    *,
    closes_on: date,
    reason: str,
    account: str,
    today: date,
) -> None:
    """Move the last day to a later one, and keep the old one with the reason.

    Raises NotExtended for a day that is not later or has passed, SurveyNotYetOpen for
    a draft, whose days are changed, SurveyClosed, SurveyVoid, NotFound, and WrongMode
    for a secret ballot: its last day stands in the manifest that was signed and posted.
    """
    survey = locked_survey(session, survey_id)
    try:
        require_extendable(survey)
        if closes_on <= survey.closes_on or closes_on < today:
            raise NotExtended
    except Exception:
        session.rollback()
        raise
    session.add(
        SurveyAct(
            survey_id=survey_id,
            kind=EXTENSION,
            state=DONE,
            reason=reason,
            asked_by=account,
            asked_on=today,
            given_before=given_so_far(session),
            before=survey.closes_on.isoformat(),
            after=closes_on.isoformat(),
        )
    )
    survey.closes_on = closes_on
    session.commit()


def require_extendable(survey: Survey) -> None:
    """Return where the last day can move; raises WrongMode or what `require_open` does.

    A secret ballot's last day stands in the manifest that was signed and posted.
    """
    if survey.is_secret:
        raise WrongMode
    require_open(survey)
