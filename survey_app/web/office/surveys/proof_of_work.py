"""Whether a survey's pages ask for a proof of work: switched on and off."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import DESIGN
from survey_app.database import writer
from survey_app.forms.act_forms import ReasonForm
from survey_app.survey.ask_proof import ask_for_proof, require_possible
from survey_app.survey.tables import DRAFT, Survey
from survey_app.web.clock import today
from survey_app.web.office.access import allow, username
from survey_app.web.office.found import found_survey
from survey_app.web.office.pages import pages


@pages.get("/surveys/<int:survey_id>/proof")
@allow(DESIGN)
def proof_of_work(survey_id: int) -> str:
    """Say what a proof of work does, and offer to ask for it, or no more."""
    return _page(_possible(survey_id), ReasonForm())


@pages.post("/surveys/<int:survey_id>/proof/on")
@allow(DESIGN)
def switch_proof_on(survey_id: int) -> ResponseReturnValue:
    """Let the pages ask for a proof of work."""
    done = _("Pages ask for a proof of work from now on.")
    return _switched(survey_id, asked=True, done=done)


@pages.post("/surveys/<int:survey_id>/proof/off")
@allow(DESIGN)
def switch_proof_off(survey_id: int) -> ResponseReturnValue:
    """Let the pages ask for none."""
    done = _("Pages ask for no proof of work any more.")
    return _switched(survey_id, asked=False, done=done)


def _switched(survey_id: int, *, asked: bool, done: str) -> ResponseReturnValue:
    survey, form = _possible(survey_id), ReasonForm()
    if survey.state != DRAFT and not form.validate():
        return _page(survey, form), 422
    ask_for_proof(
        writer(), survey_id,
        asked=asked, reason=str(form.reason.data or ""), account=username(),
        today=today(),
    )  # fmt: skip
    flash(done)
    return redirect(url_for(".survey", survey_id=survey_id), 303)


def _possible(survey_id: int) -> Survey:
    """Return a survey that can begin or cease to ask, or raise why not."""
    survey = found_survey(survey_id)
    require_possible(survey)
    return survey


def _page(survey: Survey, form: ReasonForm) -> str:
    return render_template(
        "office/surveys/proof_of_work.html",
        survey=survey,
        form=form,
        needs_reason=survey.state != DRAFT,
    )
