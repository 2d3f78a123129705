"""Results of a survey that is over: every subject, and one subject in detail."""

from flask import render_template
from sqlalchemy.orm import joinedload

from survey_app.analytics.answer_chart import answer_chart
from survey_app.analytics.corrections import corrected_in
from survey_app.analytics.rate_chart import rate_chart
from survey_app.analytics.results import results_of
from survey_app.analytics.survey_results import SurveyResults
from survey_app.database import session
from survey_app.domain.refusals import NotFound, ResultsNotSettled, VoidNotSettled
from survey_app.models.account import MANAGER, READER
from survey_app.models.survey import Survey
from survey_app.web.clock import today
from survey_app.web.language import language
from survey_app.web.office.access import allow
from survey_app.web.office.found import scheme_of
from survey_app.web.office.pages import pages
from survey_app.web.office.secret_found import found_box


@pages.get("/surveys/<int:survey_id>/results")
@allow(MANAGER, READER)
def results(survey_id: int) -> str:
    """List the subjects with the score of each rater group."""
    return render_template("office/results.html", results=told_by(survey_id))


@pages.get("/surveys/<int:survey_id>/results/<int:subject_id>")
@allow(MANAGER, READER)
def subject_results(survey_id: int, subject_id: int) -> str:
    """Show every question about one subject, by rater group."""
    told = told_by(survey_id, subject_id)
    (subject,) = told.subjects
    speaking = language()
    return render_template(
        "office/subject_results.html",
        results=told,
        subject=subject,
        corrections=corrected_in(session(), told.cycle_id, subject),
        charts={q.key: answer_chart(q, language=speaking) for q in subject.questions},
        rate_charts={
            rate.key: rate_chart(subject, rate.key, language=speaking)
            for rate in told.rates[:1]
        },
    )


def told_by(survey_id: int, subject_id: int | None = None) -> SurveyResults:
    """Return the results; raises NotFound, or ResultsSealed before they are settled."""
    survey = session().get(Survey, survey_id, options=[joinedload(Survey.cycle)])
    if survey is None:
        raise NotFound
    scheme = scheme_of(survey.cycle.scheme)
    try:
        return results_of(
            session(), survey, scheme=scheme, today=today(), subject_id=subject_id
        )
    except ResultsNotSettled:
        box = found_box(survey_id) if survey.is_secret else None
        if box is not None and box.is_void:
            raise VoidNotSettled from None
        raise
