"""Renaming a draft, letting it feed another component, and deleting it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.database import ballot_engine_if_any, session
from survey_app.domain.refusals import NotFound
from survey_app.forms.act_forms import ComponentForm, TitleForm
from survey_app.models.account import MANAGER, ORGANIZER
from survey_app.models.survey import Survey
from survey_app.services import change_draft as verbs
from survey_app.web.language import words
from survey_app.web.office.access import allow
from survey_app.web.office.fed_components import Fed, fed_components
from survey_app.web.office.found import found_draft, settings
from survey_app.web.office.pages import pages


@pages.get("/surveys/<int:survey_id>/title")
@allow(MANAGER, ORGANIZER)
def survey_title(survey_id: int) -> str:
    """Ask for another title."""
    survey = found_draft(survey_id)
    return _title_page(survey, TitleForm(obj=survey))


@pages.post("/surveys/<int:survey_id>/title")
@allow(MANAGER, ORGANIZER)
def rename_survey(survey_id: int) -> ResponseReturnValue:
    """Give the draft another title."""
    survey, form = found_draft(survey_id), TitleForm()
    if not form.validate():
        return _title_page(survey, form), 422
    verbs.rename_survey(
        session(), survey_id,
        title=str(form.title.data), ballots=ballot_engine_if_any(),
    )  # fmt: skip
    flash(_("The title is changed. Print posters anew that were printed before."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.get("/surveys/<int:survey_id>/component")
@allow(MANAGER, ORGANIZER)
def survey_component(survey_id: int) -> str:
    """Offer the other components of its cycle."""
    survey = found_draft(survey_id)
    fed = _offered(survey)
    now = f"{survey.cycle_id}:{survey.component_key}"
    return _component_page(survey, fed, ComponentForm([one.key for one in fed], now))


@pages.post("/surveys/<int:survey_id>/component")
@allow(MANAGER, ORGANIZER)
def change_component(survey_id: int) -> ResponseReturnValue:
    """Let the draft feed another component, with its questionnaire."""
    survey = found_draft(survey_id)
    fed = _offered(survey)
    form = ComponentForm([one.key for one in fed])
    if not form.validate():
        return _component_page(survey, fed, form), 422
    chosen = next(one for one in fed if one.key == form.component.data)
    if chosen.questionnaire is None:
        raise NotFound
    gone = verbs.change_component(
        session(), survey_id,
        component=chosen.component, questionnaire=chosen.questionnaire,
        ballots=ballot_engine_if_any(),
    )  # fmt: skip
    flash(_("The survey is for “%(name)s” now.", name=words(chosen.component.label)))
    if gone:
        flash(_("Subjects or channels that did not fit were taken out."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.get("/surveys/<int:survey_id>/delete")
@allow(MANAGER, ORGANIZER)
def confirm_draft_deletion(survey_id: int) -> str:
    """Say what deleting will do, and ask."""
    return render_template("office/delete_draft.html", survey=found_draft(survey_id))


@pages.post("/surveys/<int:survey_id>/delete")
@allow(MANAGER, ORGANIZER)
def delete_draft(survey_id: int) -> ResponseReturnValue:
    """Delete the draft with its channels and preparations."""
    found_draft(survey_id)
    verbs.delete_draft(
        session(), survey_id,
        ballots=ballot_engine_if_any(), secrets_folder=settings().secrets_folder,
    )  # fmt: skip
    flash(_("The draft is deleted. Its codes lead nowhere."))
    return redirect(url_for(".surveys"), 303)


def _offered(survey: Survey) -> tuple[Fed, ...]:
    """Return the components of the survey's cycle that have a questionnaire."""
    return tuple(
        one
        for one in fed_components()
        if one.cycle.id == survey.cycle_id and one.questionnaire
    )


def _title_page(survey: Survey, form: TitleForm) -> str:
    return render_template("office/title.html", survey=survey, form=form)


def _component_page(survey: Survey, fed: tuple[Fed, ...], form: ComponentForm) -> str:
    return render_template("office/component.html", survey=survey, fed=fed, form=form)
