"""What the second person of an act about a survey sees of the first."""

from dataclasses import dataclass

from survey_app.accounts.second_person import doubt_about
from survey_app.database import session
from survey_app.survey.survey_acts import SurveyAct
from survey_app.web.office.access import username


@dataclass(frozen=True, slots=True)
class WaitingGrant:
    """An act that was asked for, to whoever looks at it now."""

    asked: SurveyAct
    is_mine: bool
    """Whether whoever looks asked for it."""
    doubt: str
    """Which refusal says that one person could be both; empty: none."""


def grant_of(asked: SurveyAct | None) -> WaitingGrant | None:
    """Return what was asked for as this account sees it; None for nothing."""
    if asked is None:
        return None
    doubt = doubt_about(
        session(), first=asked.asked_by, second=username(), since=asked.given_before
    )
    return WaitingGrant(
        asked, asked.asked_by == username(), type(doubt).__name__ if doubt else ""
    )
