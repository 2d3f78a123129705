"""The list of surveys, and the page of one."""

from collections import Counter
from collections.abc import Sequence

from flask import render_template, request

from survey_app.accounts.permissions import (
    COUNT,
    DESIGN,
    HOLD_KEY,
    INSPECT,
    ISSUE,
    REPORT_UNIT,
    REQUEST_TICKETS,
    SEE_RESULTS,
    SEE_TURNOUT,
    SETTLE,
)
from survey_app.analytics import office_lists
from survey_app.analytics.ballot_desk import box_states
from survey_app.analytics.office_lists import acts_of
from survey_app.analytics.survey_counts import answered
from survey_app.analytics.turnouts import turnout_by_group
from survey_app.database import OUT_OF_REACH, ballot_engine, session
from survey_app.domain.ground.refusals import NoBallotDatabase
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.jobs.jobs import latest_job
from survey_app.survey.closing import CLOSE
from survey_app.survey.tables import (
    CLOSED,
    DRAFT,
    OPEN,
    OPEN_SURVEY,
    SECRET_BALLOT,
    VOID,
    Survey,
)
from survey_app.web.clock import today
from survey_app.web.office.access import allow, sees_all
from survey_app.web.office.ballots.page import ballot_page
from survey_app.web.office.found import found_survey, group_labels, state_of
from survey_app.web.office.listing import listing
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.foresight import expected_of, foresight_of
from survey_app.web.office.surveys.listed_parts import codes_of, people_of
from survey_app.web.office.surveys.turnout import ended_or_none

LISTED = (DRAFT, OPEN, CLOSED, VOID)
"""States by which the list can be narrowed."""
MODES = (OPEN_SURVEY, SECRET_BALLOT)


@pages.get("/surveys")
@allow(SEE_TURNOUT, SEE_RESULTS, DESIGN, REPORT_UNIT, scoped=True, by_survey=True)
def surveys() -> str:
    """List the surveys under their cycles, page by page."""
    asks = listing("name", "opens", "closes", keep=("state", "mode"))
    state, mode = _one_of("state", LISTED), _one_of("mode", MODES)
    page = office_lists.surveys_page(session(), asks.asked, state=state, mode=mode)
    surveys = [one.survey for one in page.rows if one.survey]
    return render_template(
        "office/surveys/surveys.html",
        listing=asks,
        page=page,
        answered=answered(session(), surveys, today()) if sees_all() else {},
        boxes=_boxes(surveys),
        state_of=state_of,
        state=state,
        states=LISTED,
        mode=mode,
        modes=MODES,
    )


def _one_of(field: str, known: tuple[str, ...]) -> str:
    """Return what the address asks for, if that can be; else nothing, that is all."""
    told = request.args.get(field, "")
    return told if told in known else ""


def _boxes(surveys: Sequence[Survey]) -> dict[int, str]:
    """Return how far their ballot boxes are; nothing where the database is silent.

    The list of open surveys does not depend on it.
    """
    secret = [survey.id for survey in surveys if survey.is_secret]
    if not secret:
        return {}
    try:
        return box_states(ballot_engine(), secret)
    except (NoBallotDatabase, *OUT_OF_REACH):
        return {}


@pages.get("/surveys/<int:survey_id>")
@allow(DESIGN, REQUEST_TICKETS, ISSUE, HOLD_KEY, COUNT, SETTLE, INSPECT, scoped=True)
def survey(survey_id: int) -> str:
    """Show one survey: its state, subjects, channels and turnout."""
    return survey_page(found_survey(survey_id))


def survey_page(survey: Survey) -> str:
    """Draw the page of one survey, in the manner of its mode."""
    if survey.is_secret:
        return ballot_page(survey)
    ended, draft = ended_or_none(survey), survey.state == DRAFT
    counted = ended is None and not draft
    return render_template(
        "office/surveys/survey.html",
        survey=survey,
        state=state_of(survey),
        component=survey.component,
        questionnaire=Questionnaire.from_json(survey.questionnaire),
        groups=group_labels(survey),
        people=people_of(survey),
        codes=codes_of(survey, counted=counted),
        counted=counted,
        turnout=turnout_by_group(session(), survey) if counted else Counter(),
        acts=acts_of(session(), survey.id),
        ended=ended,
        foresight=foresight_of(survey) if draft else (),
        expected=expected_of(survey) if draft else {},
        job=latest_job(session(), CLOSE, about=survey.id),
    )
