"""Voiding a survey that is out, which takes two people, and extending its days."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import SETTLE
from survey_app.accounts.second_person import doubt_about
from survey_app.analytics.kept.raised_cases import lift_voided
from survey_app.ballot import voiding as verbs
from survey_app.database import OUT_OF_REACH, ballot_engine_if_any, session, writer
from survey_app.domain.ground.refusals import NotKept
from survey_app.forms.act_forms import ExtensionForm, ReasonForm
from survey_app.survey.extend_survey import extend_survey as extend
from survey_app.survey.extend_survey import require_extendable
from survey_app.survey.tables import Survey
from survey_app.web.clock import today
from survey_app.web.office.access import allow, username
from survey_app.web.office.found import found_survey
from survey_app.web.office.pages import pages


@pages.get("/surveys/<int:survey_id>/void")
@allow(SETTLE)
def confirm_survey_void(survey_id: int) -> str:
    """Ask why the survey is to be void, or the second person to grant it."""
    return _page(_voidable(survey_id), ReasonForm())


@pages.post("/surveys/<int:survey_id>/void")
@allow(SETTLE)
def ask_survey_void(survey_id: int) -> ResponseReturnValue:
    """Keep that the survey shall be void, and why."""
    survey, form = _voidable(survey_id), ReasonForm()
    if not form.validate():
        return _page(survey, form), 422
    verbs.ask_voiding(
        writer(), survey_id,
        reason=str(form.reason.data), account=username(), today=today(),
        ballots=ballot_engine_if_any(),
    )  # fmt: skip
    flash(_("Asked for. Another person grants it, on this same page."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/void/grant")
@allow(SETTLE)
def grant_survey_void(survey_id: int) -> ResponseReturnValue:
    """Void the survey that another person asked for."""
    verbs.grant_voiding(
        writer(), survey_id,
        account=username(), today=today(), ballots=ballot_engine_if_any(),
        also=lift_voided,
    )  # fmt: skip
    flash(_("The survey is void: nothing of it counts."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/void/withdraw")
@allow(SETTLE)
def withdraw_survey_void(survey_id: int) -> ResponseReturnValue:
    """Take back what was asked for and not granted."""
    verbs.withdraw_voiding(writer(), survey_id)
    flash(_("Withdrawn. The survey stays as it is."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.get("/surveys/<int:survey_id>/extend")
@allow(SETTLE)
def longer_days(survey_id: int) -> str:
    """Ask for a later last day, and why."""
    return _extension(*_extendable(survey_id))


@pages.post("/surveys/<int:survey_id>/extend")
@allow(SETTLE)
def extend_survey(survey_id: int) -> ResponseReturnValue:
    """Move the last day to a later one."""
    survey, form = _extendable(survey_id)
    if not form.validate() or form.closes_on.data is None:
        return _extension(survey, form), 422
    extend(
        writer(), survey_id,
        closes_on=form.closes_on.data, reason=str(form.reason.data),
        account=username(), today=today(),
    )  # fmt: skip
    flash(
        _(
            "The last day is moved. Posters name the old one: print them anew and "
            "hang them up."
        )
    )
    return redirect(url_for(".survey", survey_id=survey_id), 303)


def _voidable(survey_id: int) -> Survey:
    """Return a survey that is out; raises what asking for its voiding would."""
    survey = found_survey(survey_id)
    try:
        verbs.require_voidable(survey, ballot_engine_if_any())
    except OUT_OF_REACH as error:
        raise NotKept from error
    return survey


def _extendable(survey_id: int) -> tuple[Survey, ExtensionForm]:
    """Return an open survey and its form, or raise why its day does not move."""
    survey = found_survey(survey_id)
    require_extendable(survey)
    return survey, ExtensionForm(survey.closes_on, today())


def _extension(survey: Survey, form: ExtensionForm) -> str:
    return render_template("office/surveys/extend.html", survey=survey, form=form)


def _page(survey: Survey, form: ReasonForm) -> str:
    """Draw the question; for the second person, what the first one asked for."""
    asked = verbs.asked_voiding(session(), survey.id)
    doubt = asked and doubt_about(
        session(),
        first=asked.asked_by,
        second=username(),
        since=asked.given_before,
    )
    return render_template(
        "office/surveys/void.html",
        survey=survey,
        form=form,
        asked=asked,
        mine=bool(asked and asked.asked_by == username()),
        doubt=type(doubt).__name__ if doubt else "",
    )
