"""The minute of an opening: printed, struck through where not done, and signed."""

from flask import render_template

from survey_app.analytics.ballot_desk import unit_names
from survey_app.database import ballot_engine, session
from survey_app.models.account import MANAGER, ORGANIZER
from survey_app.services.ballots.opening_minutes import opening_minutes
from survey_app.web.office.access import allow
from survey_app.web.office.found import settings
from survey_app.web.office.pages import pages
from survey_app.web.office.secret_found import found_secret, group_name


@pages.get("/surveys/<int:survey_id>/minute")
@allow(MANAGER, ORGANIZER)
def minute(survey_id: int) -> str:
    """Show the minute as a page to print; raises BoxNotReady before the opening."""
    survey = found_secret(survey_id)
    return render_template(
        "office/minute.html",
        survey=survey,
        minute=opening_minutes(ballot_engine(), survey_id),
        units=unit_names(session(), survey_id),
        name_of=lambda *groups: group_name(survey, groups),
        settings=settings(),
    )
