"""Opening and closing, each after a page that says what will happen.

A secret ballot opens and closes at the same addresses, in a ceremony of its own.
"""

from collections.abc import Iterable, Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import DESIGN
from survey_app.analytics.kept.checked_channels import CHECK_CHANNELS
from survey_app.analytics.listed_channels import channels_by_group
from survey_app.analytics.listed_subjects import subjects_in
from survey_app.analytics.paper_stacks import sheets_waiting
from survey_app.database import session, writer
from survey_app.distribution import broken_on_nodes
from survey_app.domain.ground.broken_promises import BrokenPromise
from survey_app.domain.ground.missing import Missing
from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    NotReadyToOpen,
    UnsafeServer,
)
from survey_app.jobs.jobs import latest_job
from survey_app.survey.closing import ask_to_close
from survey_app.survey.draft import require_open
from survey_app.survey.flags import undecided
from survey_app.survey.lifecycle import missing_to_open
from survey_app.survey.lifecycle import open_survey as begin_survey
from survey_app.survey.tables import CLOSING, DRAFT, OPEN, Survey
from survey_app.web.clock import today
from survey_app.web.office.access import allow, username
from survey_app.web.office.ballots import closing as ballot_closing
from survey_app.web.office.ballots import opening as ballot_opening
from survey_app.web.office.found import found_survey, group_labels
from survey_app.web.office.missing import still_to_do
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.foresight import expected_of, foresight_of


@pages.get("/surveys/<int:survey_id>/open")
@allow(DESIGN)
def confirm_opening(survey_id: int) -> str:
    """Say what opening will do, or what is still missing."""
    survey = found_survey(survey_id)
    if survey.is_secret:
        return ballot_opening.confirm_page(survey)
    if survey.state != DRAFT:
        raise AlreadyOpened
    broken = broken_on_nodes(session().connection())
    return _page(survey, missing_to_open(survey, today=today()), broken)


@pages.post("/surveys/<int:survey_id>/open")
@allow(DESIGN)
def open_survey(survey_id: int) -> ResponseReturnValue:
    """Open the survey, or say everything that is missing."""
    survey = found_survey(survey_id)
    if survey.is_secret:
        return ballot_opening.open_and_post(survey)
    try:
        begin_survey(writer(), survey_id, today=today())
    except NotReadyToOpen as refusal:
        return _page(found_survey(survey_id), refusal.missing), 422
    except UnsafeServer as refusal:
        return _page(found_survey(survey_id), (), refusal.reasons), 409
    flash(_("The survey is open. Print the posters and hang them up."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.get("/surveys/<int:survey_id>/close")
@allow(DESIGN)
def confirm_closing(survey_id: int) -> str:
    """Say what closing will do, and ask."""
    survey = found_survey(survey_id)
    if survey.is_secret:
        return ballot_closing.confirm_page(survey)
    require_open(survey, also=CLOSING)
    early = survey.state == OPEN and today() <= survey.closes_on
    return render_template(
        "office/surveys/close.html",
        survey=survey,
        early=early,
        flagged=len(undecided(session(), survey_id)),
        checked=latest_job(session(), CHECK_CHANNELS, about=survey_id),
        sheets=sheets_waiting(session(), survey_id),
    )


@pages.post("/surveys/<int:survey_id>/close")
@allow(DESIGN)
def close_survey(survey_id: int) -> ResponseReturnValue:
    """Let no answer in any more, and have the results made beside the requests."""
    survey = found_survey(survey_id)
    if survey.is_secret:
        return ballot_closing.close_and_count(survey)
    job_id = ask_to_close(writer(), survey_id, account=username())
    return redirect(url_for(".job", job_id=job_id), 303)


def _page(
    survey: Survey, missing: Sequence[Missing], broken: Iterable[BrokenPromise] = ()
) -> str:
    """Draw the question, or what stands in the way."""
    return render_template(
        "office/surveys/open.html",
        survey=survey,
        groups=group_labels(survey),
        channels=sum(channels_by_group(session(), survey.id).values()),
        subjects=subjects_in(session(), survey.id),
        missing=still_to_do(survey, missing),
        broken=[one.say(_) for one in broken],
        foresight=foresight_of(survey),
        expected=expected_of(survey),
    )
