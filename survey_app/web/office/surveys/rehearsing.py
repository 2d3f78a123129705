"""Rehearsing an open survey: begun, wiped as often as wanted, and ended."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import DESIGN
from survey_app.database import writer
from survey_app.domain.ground.missing import Missing
from survey_app.domain.ground.refusals import (
    AlreadyOpened,
    NotReadyToOpen,
    NotRehearsed,
    WrongMode,
)
from survey_app.forms.act_forms import EndRehearsalForm
from survey_app.survey import rehearsal as verbs
from survey_app.survey.tables import DRAFT, REHEARSAL, Survey
from survey_app.web.clock import today
from survey_app.web.office.access import allow
from survey_app.web.office.found import found_survey, signing_key
from survey_app.web.office.missing import still_to_do
from survey_app.web.office.pages import pages


@pages.get("/surveys/<int:survey_id>/rehearse")
@allow(DESIGN)
def confirm_rehearsal(survey_id: int) -> str:
    """Say what a rehearsal is, or what is still missing for one."""
    survey = found_survey(survey_id)
    if survey.is_secret:
        raise WrongMode
    if survey.state != DRAFT:
        raise AlreadyOpened
    return _page(survey, verbs.missing_to_rehearse(survey, today=today()))


@pages.post("/surveys/<int:survey_id>/rehearse")
@allow(DESIGN)
def begin_rehearsal(survey_id: int) -> ResponseReturnValue:
    """Let the codes lead to the page, marked as a rehearsal."""
    try:
        verbs.begin_rehearsal(writer(), survey_id, today=today())
    except NotReadyToOpen as refusal:
        return _page(found_survey(survey_id), refusal.missing), 422
    flash(_("The rehearsal has begun. Nothing that is sent counts."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/rehearse/wipe")
@allow(DESIGN)
def wipe_rehearsal(survey_id: int) -> ResponseReturnValue:
    """Wipe what was sent so far; the rehearsal goes on."""
    verbs.wipe_rehearsal(writer(), survey_id)
    flash(_("Everything sent in the rehearsal is wiped. It goes on."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.get("/surveys/<int:survey_id>/rehearse/end")
@allow(DESIGN)
def confirm_rehearsal_end(survey_id: int) -> str:
    """Ask whether the codes stay."""
    survey = found_survey(survey_id)
    if survey.state != REHEARSAL:
        raise NotRehearsed
    return render_template(
        "office/surveys/end_rehearsal.html", survey=survey, form=EndRehearsalForm()
    )


@pages.post("/surveys/<int:survey_id>/rehearse/end")
@allow(DESIGN)
def end_rehearsal(survey_id: int) -> ResponseReturnValue:
    """Wipe what was sent and go back to the draft."""
    form = EndRehearsalForm()
    verbs.end_rehearsal(
        writer(), survey_id, new_codes=bool(form.new_codes.data), key=signing_key()
    )
    flash(_("The rehearsal is over and wiped. The survey is a draft again."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


def _page(survey: Survey, missing: Sequence[Missing]) -> str:
    """Draw the question, or the list of what is missing."""
    return render_template(
        "office/surveys/rehearse.html",
        survey=survey,
        missing=still_to_do(survey, missing),
    )
