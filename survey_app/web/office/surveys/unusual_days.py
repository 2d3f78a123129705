"""Days on which unusually much came through one code: a page of its own.

It goes through all codes of a survey, so it is worked out for whoever asks for it.
"""

from flask import render_template

from survey_app.accounts.permissions import SEE_TURNOUT
from survey_app.analytics.bursts import bursts_of
from survey_app.database import session
from survey_app.domain.ground.refusals import SurveyVoid, WrongMode
from survey_app.survey.tables import VOID
from survey_app.web.clock import today
from survey_app.web.office.access import allow
from survey_app.web.office.found import found_survey, state_of
from survey_app.web.office.listing import listing
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.turnout import is_over


@pages.get("/surveys/<int:survey_id>/unusual-days")
@allow(SEE_TURNOUT)
def unusual_days(survey_id: int) -> str:
    """Show on which days far more came through a code than on its other days.

    Through slips nobody answers twice: WrongMode. Of a void survey nothing is told:
    SurveyVoid.
    """
    survey = found_survey(survey_id)
    if survey.is_secret:
        raise WrongMode
    if survey.state == VOID:
        raise SurveyVoid
    asked = listing()
    return render_template(
        "office/surveys/unusual_days.html",
        survey=survey,
        state=state_of(survey),
        is_over=is_over(survey),
        listing=asked,
        page=bursts_of(session(), survey, today=today(), page=asked.asked.page),
    )
