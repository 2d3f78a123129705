"""Changing a draft on one page, copying a survey into a new draft, deleting a draft."""

from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import DESIGN
from survey_app.ballot import change_draft as verbs
from survey_app.database import ballot_engine_if_any, writer
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.forms.survey_forms import CopyForm, SurveyDraftForm
from survey_app.survey import copy_survey as copying
from survey_app.survey.draft import SurveyPlan
from survey_app.survey.tables import Survey
from survey_app.web.office.access import allow
from survey_app.web.office.found import found_draft, found_survey, settings, signing_key
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.drafting import Offer, offer_of


@pages.get("/surveys/<int:survey_id>/draft")
@allow(DESIGN)
def survey_draft(survey_id: int) -> str:
    """Show all that can be changed of a draft."""
    survey = found_draft(survey_id)
    offer = _offer(survey)
    return _page(survey, offer, _form(survey, offer))


@pages.post("/surveys/<int:survey_id>/draft")
@allow(DESIGN)
def change_draft(survey_id: int) -> ResponseReturnValue:
    """Let the draft be what was sent."""
    survey = found_draft(survey_id)
    offer = _offer(survey)
    form = _form(survey, offer)
    if not form.validate():
        return _page(survey, offer, form), 422
    gone = verbs.change_draft(
        writer(), survey_id, _change(form, offer),
        ballots=ballot_engine_if_any(), secrets_folder=settings().secrets_folder,
    )  # fmt: skip
    flash(_("The draft is changed. Print posters anew that were printed before."))
    if gone:
        flash(_("Subjects, channels or keys that did not fit were taken out."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.get("/surveys/<int:survey_id>/copy")
@allow(DESIGN)
def copy_of_survey(survey_id: int) -> str:
    """Ask what the copy is called, when it runs, and whether channels come along."""
    survey = found_survey(survey_id)
    return _copy_page(survey, CopyForm(title=survey.title, channels=True))


@pages.post("/surveys/<int:survey_id>/copy")
@allow(DESIGN)
def copy_survey(survey_id: int) -> ResponseReturnValue:
    """Draft a survey like this one."""
    survey, form = found_survey(survey_id), CopyForm()
    if not form.validate():
        return _copy_page(survey, form), 422
    first, last = form.days()
    made = copying.copy_survey(
        writer(), survey_id,
        title=str(form.title.data), opens_on=first, closes_on=last,
        key=signing_key() if form.channels.data else None,
    )  # fmt: skip
    flash(_("The copy is a draft. Nothing of the answers came along."))
    return redirect(url_for(".survey", survey_id=made), 303)


@pages.get("/surveys/<int:survey_id>/delete")
@allow(DESIGN)
def confirm_draft_deletion(survey_id: int) -> str:
    """Say what deleting will do, and ask."""
    return render_template(
        "office/surveys/delete_draft.html", survey=found_draft(survey_id)
    )


@pages.post("/surveys/<int:survey_id>/delete")
@allow(DESIGN)
def delete_draft(survey_id: int) -> ResponseReturnValue:
    """Delete the draft with its channels and preparations."""
    found_draft(survey_id)
    verbs.delete_draft(
        writer(), survey_id,
        ballots=ballot_engine_if_any(), secrets_folder=settings().secrets_folder,
    )  # fmt: skip
    flash(_("The draft is deleted. Its codes lead nowhere."))
    return redirect(url_for(".surveys"), 303)


def _offer(survey: Survey) -> Offer:
    """Return what the draft can be for: what it is for now, whatever is installed."""
    offer = offer_of(".survey_draft", survey.cycle)
    now = f"{survey.cycle_id}:{survey.component_key}"
    asked = Questionnaire.from_json(survey.questionnaire)
    fed = tuple(
        replace(one, questionnaire=asked) if one.key == now else one
        for one in offer.fed
    )
    return replace(offer, fed=fed)


def _form(survey: Survey, offer: Offer) -> SurveyDraftForm:
    """Return the form as the draft is, offering what has a questionnaire."""
    offered = [one.key for one in offer.fed if one.questionnaire]
    now = f"{survey.cycle_id}:{survey.component_key}"
    return SurveyDraftForm(
        offered, survey, now=now, secret=bool(settings().ballots_at) or survey.is_secret
    )


def _change(form: SurveyDraftForm, offer: Offer) -> verbs.DraftChange:
    """Return what a valid form describes."""
    chosen = next(one for one in offer.fed if one.key == form.component.data)
    if chosen.questionnaire is None:
        raise NotFound
    first, last = form.days()
    plan = SurveyPlan(
        str(form.title.data), chosen.component.key, first, last, mode=form.chosen_mode()
    )
    return verbs.DraftChange(
        plan, chosen.cycle.id, chosen.component, chosen.questionnaire
    )


def _page(survey: Survey, offer: Offer, form: SurveyDraftForm) -> str:
    return render_template(
        "office/surveys/draft.html", survey=survey, offer=offer, form=form
    )


def _copy_page(survey: Survey, form: CopyForm) -> str:
    return render_template("office/surveys/copy.html", survey=survey, form=form)
