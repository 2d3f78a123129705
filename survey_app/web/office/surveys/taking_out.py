"""Taking a subject out of a running survey, which takes two people."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import SETTLE
from survey_app.appraisal.rated import Rated
from survey_app.ballot.running_box import running
from survey_app.database import OUT_OF_REACH, ballot_engine_if_any, session, writer
from survey_app.domain.ground.mistake_refusals import SubjectTakenOut
from survey_app.domain.ground.refusals import NotFound, NotKept
from survey_app.forms.act_forms import ReasonForm
from survey_app.survey import take_out as verbs
from survey_app.survey.act_by_two import asked_act
from survey_app.survey.rated import rated_some
from survey_app.survey.survey_acts import SUBJECT_OUT
from survey_app.survey.tables import Survey
from survey_app.web.clock import today
from survey_app.web.office.access import allow, username
from survey_app.web.office.found import found_survey, looking
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.two_people import grant_of


@pages.get("/surveys/<int:survey_id>/subjects/<int:subject_id>/take-out")
@allow(SETTLE)
def confirm_taking_out(survey_id: int, subject_id: int) -> str:
    """Ask why nobody shall be asked about this subject, or the second person."""
    return _page(*_running(survey_id, subject_id), ReasonForm())


@pages.post("/surveys/<int:survey_id>/subjects/<int:subject_id>/take-out")
@allow(SETTLE)
def ask_taking_out(survey_id: int, subject_id: int) -> ResponseReturnValue:
    """Keep that the subject shall be taken out, and why."""
    (survey, one), form = _running(survey_id, subject_id), ReasonForm()
    if not form.validate():
        return _page(survey, one, form), 422
    verbs.ask_to_take_out(
        writer(), survey_id,
        subject_id=subject_id, reason=str(form.reason.data), account=username(),
        today=today(), ready=running(ballot_engine_if_any()),
    )  # fmt: skip
    flash(_("Asked for. Another person grants it, on this same page."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/subjects/<int:subject_id>/take-out/grant")
@allow(SETTLE)
def grant_taking_out(survey_id: int, subject_id: int) -> ResponseReturnValue:
    """Take out whom another person asked to be taken out."""
    verbs.grant_taking_out(
        writer(), survey_id,
        subject_id=subject_id, account=username(), today=today(),
        ready=running(ballot_engine_if_any()),
    )  # fmt: skip
    flash(
        _(
            "The subject is out: it is no longer asked about, and nothing answered "
            "about it counts."
        )
    )
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/subjects/<int:subject_id>/take-out/withdraw")
@allow(SETTLE)
def withdraw_taking_out(survey_id: int, subject_id: int) -> ResponseReturnValue:
    """Take back what was asked for and not granted."""
    verbs.withdraw_taking_out(writer(), survey_id, subject_id=subject_id)
    flash(_("Withdrawn. The survey stays as it is."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


def _running(survey_id: int, subject_id: int) -> tuple[Survey, Rated]:
    """Return survey and subject, or raise why it cannot be taken out."""
    survey = found_survey(survey_id)
    try:
        running(ballot_engine_if_any())(survey)
    except OUT_OF_REACH as error:
        raise NotKept from error
    with looking() as reader:
        found = rated_some(reader, survey_id, [subject_id])
        if not found:
            gone = subject_id in verbs.taken_out(reader, survey_id)
            raise SubjectTakenOut if gone else NotFound
        verbs.require_others(reader, survey, subject_id)
    return survey, found[0]


def _page(survey: Survey, one: Rated, form: ReasonForm) -> str:
    asked = asked_act(session(), survey.id, SUBJECT_OUT, subject_id=one.id)
    return render_template(
        "office/surveys/take_out.html",
        survey=survey,
        subject=one,
        form=form,
        grant=grant_of(asked),
    )
