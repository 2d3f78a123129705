"""Opening a survey again that was closed too early, which takes two people."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import SETTLE
from survey_app.analytics.kept.forgotten import forget_closing, refuse_told
from survey_app.analytics.record_words import SEEN, TAKEN, WORDS
from survey_app.database import session, writer
from survey_app.domain.ground.mistake_refusals import ResultsSeen
from survey_app.forms.act_forms import ReopeningForm
from survey_app.survey import reopen_survey as verbs
from survey_app.survey.looks import ResultsLook, looks_since_closing
from survey_app.survey.tables import Survey
from survey_app.web.clock import today
from survey_app.web.office.access import allow, username
from survey_app.web.office.found import found_survey, looking
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.two_people import grant_of

LOOKS = frozenset(SEEN) | frozenset(TAKEN)
"""Names of all pages and files that show results, as the record has them."""


@pages.get("/surveys/<int:survey_id>/reopen")
@allow(SETTLE)
def confirm_reopening(survey_id: int) -> str:
    """Ask why and until when, or say who has seen results since."""
    survey = found_survey(survey_id)
    return _page(survey, ReopeningForm(survey.closes_on, today()))


@pages.post("/surveys/<int:survey_id>/reopen")
@allow(SETTLE)
def ask_reopening(survey_id: int) -> ResponseReturnValue:
    """Keep that the survey shall be opened again, and why."""
    survey = found_survey(survey_id)
    form = ReopeningForm(survey.closes_on, today())
    if not form.validate() or form.closes_on.data is None:
        return _page(survey, form), 422
    verbs.ask_reopening(
        writer(), survey_id,
        closes_on=form.closes_on.data, reason=str(form.reason.data),
        account=username(), today=today(), looks=LOOKS, also=refuse_told,
    )  # fmt: skip
    flash(_("Asked for. Another person grants it, on this same page."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/reopen/grant")
@allow(SETTLE)
def grant_reopening(survey_id: int) -> ResponseReturnValue:
    """Open the survey again that another person asked to be opened."""
    verbs.grant_reopening(
        writer(), survey_id,
        account=username(), today=today(), looks=LOOKS, also=refuse_told,
        forget=forget_closing,
    )  # fmt: skip
    flash(_("The survey is open again. Its codes are good until the new last day."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/reopen/withdraw")
@allow(SETTLE)
def withdraw_reopening(survey_id: int) -> ResponseReturnValue:
    """Take back what was asked for and not granted."""
    verbs.withdraw_reopening(writer(), survey_id)
    flash(_("Withdrawn. The survey stays as it is."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


def _page(survey: Survey, form: ReopeningForm) -> str:
    """Draw the question; where results were seen, who saw them and where."""
    looks: tuple[ResultsLook, ...] = ()
    with looking() as reader:
        try:
            verbs.require_unseen(reader, survey, looks=LOOKS, also=refuse_told)
            seen = False
        except ResultsSeen:
            seen = True
            looks = looks_since_closing(reader, survey, acts=LOOKS)
    return render_template(
        "office/surveys/reopen.html",
        survey=survey,
        form=form,
        seen=seen,
        looks=looks if survey.closed_after is not None else (),
        act_words=WORDS,
        grant=grant_of(verbs.asked_reopening(session(), survey.id)),
    )
