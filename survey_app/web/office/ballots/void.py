"""A survey that is void: auditors found a difference, and nothing is ever opened."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import COUNT, SETTLE
from survey_app.ballot.closed_box import closing_in
from survey_app.ballot.finish_decryption import finish_void, void_survey
from survey_app.ballot.tables import CLOSED, VOID
from survey_app.database import ballot_engine, writer
from survey_app.domain.ground.refusals import BoxNotReady
from survey_app.forms.ballot_office_forms import VoidSurveyForm
from survey_app.survey.tables import Survey
from survey_app.web.office.access import allow, username
from survey_app.web.office.ballots.found import found_box, found_secret, secrets_folder
from survey_app.web.office.ballots.minute import what_is_left
from survey_app.web.office.pages import pages


@pages.get("/surveys/<int:survey_id>/box/void")
@allow(COUNT, SETTLE)
def confirm_void_survey(survey_id: int) -> str:
    """Say what it means that a survey is void, and ask for its title."""
    return _page(_challenged(survey_id), VoidSurveyForm())


@pages.post("/surveys/<int:survey_id>/box/void")
@allow(COUNT, SETTLE)
def void_whole_survey(survey_id: int) -> ResponseReturnValue:
    """Void the survey where its title was typed out."""
    survey, form = _challenged(survey_id), VoidSurveyForm()
    if not (form.validate() and form.names(survey.title)):
        return _page(survey, form), 422
    void_survey(writer(), ballot_engine(), survey_id, account=username())
    flash(_("The survey is void. Nothing was decrypted; the envelopes stay sealed."))
    return redirect(url_for(".ballot_box", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/box/void/finish")
@allow(COUNT, SETTLE)
def finish_void_box(survey_id: int) -> ResponseReturnValue:
    """Destroy envelopes and secrets of a void survey; done twice it changes nothing."""
    found_secret(survey_id)
    finished = finish_void(
        writer(), ballot_engine(), survey_id,
        account=username(), secrets_folder=secrets_folder(),
    )  # fmt: skip
    box = found_box(survey_id)
    if box is None or not box.closing:
        if finished.not_rewritten:
            flash(what_is_left(finished.not_rewritten))
        flash(_("Envelopes and pepper are destroyed."))
        return redirect(url_for(".survey", survey_id=survey_id), 303)
    flash(_("Envelopes and pepper are destroyed. Print the minute and sign it."))
    return redirect(url_for(".minute", survey_id=survey_id), 303)


def _challenged(survey_id: int) -> Survey:
    """Return the survey whose challenge ballots can differ; BoxNotReady otherwise."""
    survey, box = found_secret(survey_id), found_box(survey_id)
    if box is None or box.state not in {CLOSED, VOID}:
        raise BoxNotReady
    if not closing_in(box).closing.challenged:
        raise BoxNotReady
    return survey


def _page(survey: Survey, form: VoidSurveyForm) -> str:
    return render_template("office/surveys/void_survey.html", survey=survey, form=form)
