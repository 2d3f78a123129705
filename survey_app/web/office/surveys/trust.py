"""How far the result of an open survey can be trusted, in plain words."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from survey_app.accounts.permissions import DESIGN, SEE_RESULTS, SEE_TURNOUT
from survey_app.analytics.channel_trust import group_ways, unusual_channels
from survey_app.analytics.kept.checked_channels import CHECK_CHANNELS
from survey_app.analytics.rate_meaning import wilson
from survey_app.analytics.with_and_without import Readings, with_and_without
from survey_app.database import session, writer
from survey_app.domain.ground.channel_kind import KIND_NAMES
from survey_app.domain.ground.refusals import SurveyVoid, WrongMode
from survey_app.jobs.jobs import ask_for, latest_job
from survey_app.survey.draft import require_open
from survey_app.survey.tables import CLOSED, VOID, Survey
from survey_app.web.clock import today
from survey_app.web.office.access import allow, may, username
from survey_app.web.office.found import found_survey, group_labels, state_of
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.turnout import ended_or_none


@pages.get("/surveys/<int:survey_id>/trust")
@allow(SEE_TURNOUT, SEE_RESULTS)
def trust(survey_id: int) -> str:
    """Say what its channels can prove, what is unusual, and what that changes.

    Of a secret ballot its own papers say that: WrongMode. Of a void survey nothing is
    told: SurveyVoid.
    """
    survey = _open_mode(survey_id)
    return render_template(
        "office/surveys/trust.html",
        survey=survey,
        state=state_of(survey),
        ended=ended_or_none(survey),
        ways=group_ways(session(), survey),
        groups=group_labels(survey),
        kinds=KIND_NAMES,
        unusual=unusual_channels(session(), survey),
        readings=_readings(survey),
        checked=latest_job(session(), CHECK_CHANNELS, about=survey_id),
        half=lambda n: wilson(n // 2, n),
    )


@pages.post("/surveys/<int:survey_id>/trust")
@allow(DESIGN)
def check_channels(survey_id: int) -> ResponseReturnValue:
    """Have the channels looked at beside the requests."""
    survey = _open_mode(survey_id)
    require_open(survey)
    job_id = ask_for(writer(), CHECK_CHANNELS, about=survey_id, account=username())
    writer().commit()
    return redirect(url_for(".job", job_id=job_id), 303)


def _open_mode(survey_id: int) -> Survey:
    """Return an open survey that counts; raises NotFound, WrongMode or SurveyVoid."""
    survey = found_survey(survey_id)
    if survey.is_secret:
        raise WrongMode
    if survey.state == VOID:
        raise SurveyVoid
    return survey


def _readings(survey: Survey) -> tuple[Readings, ...]:
    """Return the result with and without, for whoever reads results."""
    if survey.state != CLOSED or not may("office.results"):
        return ()
    rules = survey.cycle.rules
    return with_and_without(session(), survey, scheme=rules, today=today())
