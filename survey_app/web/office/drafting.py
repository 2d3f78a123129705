"""Drafting a survey and moving its days."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.database import session
from survey_app.domain.refusals import NotFound
from survey_app.forms.survey_forms import DaysForm, SurveyForm
from survey_app.models.account import MANAGER, ORGANIZER
from survey_app.models.survey import Survey
from survey_app.services.change_days import change_days as move_days
from survey_app.services.make_survey import SurveyPlan
from survey_app.services.make_survey import make_survey as begin_survey
from survey_app.web.office.access import allow
from survey_app.web.office.fed_components import Fed, fed_components
from survey_app.web.office.found import found_draft, settings
from survey_app.web.office.pages import pages


@pages.get("/surveys/new")
@allow(MANAGER, ORGANIZER)
def new_survey() -> str:
    """Offer the components that a survey can feed, cycle by cycle."""
    fed = fed_components()
    return render_template("office/new_survey.html", form=_form(fed), fed=fed)


@pages.post("/surveys/new")
@allow(MANAGER, ORGANIZER)
def make_survey() -> ResponseReturnValue:
    """Draft the survey with the questionnaire its component asks for."""
    fed = fed_components()
    form = _form(fed)
    if not form.validate():
        return render_template("office/new_survey.html", form=form, fed=fed), 422
    made = _begin(form, next(one for one in fed if one.key == form.component.data))
    if made.is_secret:
        flash(_("The ballot is drafted. Next: whom it is about, keys, and tickets."))
    else:
        flash(_("The survey is drafted. Next: whom it is about, and its channels."))
    return redirect(url_for(".survey", survey_id=made.id), 303)


@pages.get("/surveys/<int:survey_id>/days")
@allow(MANAGER, ORGANIZER)
def survey_days(survey_id: int) -> str:
    """Ask for other days."""
    survey = found_draft(survey_id)
    return render_template("office/days.html", survey=survey, form=DaysForm(obj=survey))


@pages.post("/surveys/<int:survey_id>/days")
@allow(MANAGER, ORGANIZER)
def change_days(survey_id: int) -> ResponseReturnValue:
    """Move the days of a draft."""
    survey, form = found_draft(survey_id), DaysForm()
    if not form.validate():
        return render_template("office/days.html", survey=survey, form=form), 422
    first, last = form.days()
    move_days(session(), survey_id, opens_on=first, closes_on=last)
    flash(_("The days are changed."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


def _form(fed: tuple[Fed, ...]) -> SurveyForm:
    """Return the form, offering what has a questionnaire."""
    offered = {one.key: one.suggested_mode for one in fed if one.questionnaire}
    return SurveyForm(offered, secret=bool(settings().ballots_at))


def _begin(form: SurveyForm, fed: Fed) -> Survey:
    """Draft what a valid form describes."""
    if fed.questionnaire is None:
        raise NotFound
    first, last = form.days()
    plan = SurveyPlan(
        str(form.title.data), fed.component.key, first, last, mode=form.chosen_mode()
    )
    return begin_survey(
        session(), fed.cycle.id, questionnaire=fed.questionnaire, plan=plan
    )
