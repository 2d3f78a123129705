"""Results of a survey that is over: the list, notices to the rated."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from flask import render_template
from sqlalchemy.orm import joinedload

from survey_app.accounts.permissions import DECIDE, INSPECT, REVIEW, SEE_RESULTS
from survey_app.accounts.record import newest_about, printed
from survey_app.analytics.channel_trust import open_reasons
from survey_app.analytics.comment_themes import themes_told
from survey_app.analytics.kept.results import ResultsList, results_page
from survey_app.analytics.rated_notice import rated_notice
from survey_app.analytics.results import results_of
from survey_app.analytics.survey_results import SurveyResults
from survey_app.database import session
from survey_app.domain.counting.batch_counts import NAMES
from survey_app.domain.ground.refusals import (
    NotFound,
    ResultsNotSettled,
    VoidNotSettled,
)
from survey_app.survey.rated import rated_some
from survey_app.survey.tables import Survey
from survey_app.web.clock import today
from survey_app.web.office.access import allow
from survey_app.web.office.ballots.found import found_box
from survey_app.web.office.found import settings
from survey_app.web.office.listing import Listing, listing
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.comments import comments_about


@pages.get("/surveys/<int:survey_id>/results")
@allow(SEE_RESULTS, scoped=True)
def results(survey_id: int) -> str:
    """List the subjects with their scores, page by page."""
    asked = listing("name", "answers", "score", "dissatisfied")
    told = _listed(survey_id, asked)
    return render_template(
        "office/surveys/results.html",
        told=told,
        results=told.survey,
        listing=asked,
        slip_names=NAMES,
        whole_units=_asked_as_a_whole(told),
        reasons=open_reasons(session(), survey_id),
    )


def _asked_as_a_whole(told: ResultsList) -> dict[int, str]:
    """Return unit → name of those on this page of whom a ballot asked about several.

    On it somebody could write about all of the unit, and nobody of it by himself.
    """
    if not told.survey.is_secret:
        return {}
    here = frozenset(line.subject_id for line in told.page.rows)
    rated = rated_some(session(), told.survey.survey_id, here)
    several = Counter(one.unit_id for one in rated)
    return {one.unit_id: one.unit.name for one in rated if several[one.unit_id] > 1}


def _listed(survey_id: int, listing: Listing) -> ResultsList:
    """Return one page of the list; raises as `told_by` does."""
    survey = found_results(survey_id)
    with void_said(survey):
        return results_page(
            session(),
            survey,
            listing.asked,
            scheme=survey.cycle.rules,
            today=today(),
        )


def told_by(survey_id: int, subject_id: int | None = None) -> SurveyResults:
    """Return the results; raises NotFound, or ResultsSealed before they are settled."""
    survey = found_results(survey_id)
    with void_said(survey):
        return results_of(
            session(),
            survey,
            scheme=survey.cycle.rules,
            today=today(),
            subject_id=subject_id,
        )


def found_results(survey_id: int) -> Survey:
    """Return the survey with its cycle; raises NotFound."""
    survey = session().get(Survey, survey_id, options=[joinedload(Survey.cycle)])
    if survey is None:
        raise NotFound
    return survey


@contextmanager
def void_said(survey: Survey) -> Iterator[None]:
    """Say VoidNotSettled of a ballot whose box is void, where nothing is settled."""
    try:
        yield
    except ResultsNotSettled:
        box = found_box(survey.id) if survey.is_secret else None
        if box is not None and box.is_void:
            raise VoidNotSettled from None
        raise


@pages.get("/surveys/<int:survey_id>/results/<int:subject_id>/notice")
@allow(REVIEW, DECIDE, INSPECT, scoped=True)
def notice(survey_id: int, subject_id: int) -> str:
    """Show the sheet; what somebody types into it is printed and never sent."""
    results = told_by(survey_id, subject_id)
    return render_template(
        "office/surveys/notice.html",
        results=results,
        subject=results.subjects[0],
        notice=rated_notice(session(), results),
        themes=themes_told(session(), comments_about(survey_id, subject_id)),
        settings=settings(),
        record=printed(newest_about(session(), f"survey:{survey_id}")),
    )
