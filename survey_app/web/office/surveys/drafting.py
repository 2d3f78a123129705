"""Drafting a survey, changing the draft, and moving its days."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import DESIGN
from survey_app.analytics import office_lists
from survey_app.analytics.paging import ListPage
from survey_app.appraisal.cycle import Cycle
from survey_app.ballot import change_draft as verbs
from survey_app.database import ballot_engine_if_any, reading, session, writer
from survey_app.domain.ground.file_faults import QuestionnaireRefused
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.components import every_component
from survey_app.domain.scheme.scheme import Component, Design
from survey_app.forms.act_forms import ComponentForm, TitleForm
from survey_app.forms.survey_forms import DaysForm, SurveyForm
from survey_app.rulebook.offered import OfferedRules
from survey_app.survey.draft import SurveyPlan
from survey_app.survey.draft import change_days as move_days
from survey_app.survey.draft import make_survey as begin_survey
from survey_app.survey.tables import OPEN_SURVEY, SECRET_BALLOT, Survey
from survey_app.web.language import words
from survey_app.web.office.access import allow
from survey_app.web.office.found import found_draft, offered_rules, settings
from survey_app.web.office.listing import Listing, listing
from survey_app.web.office.pages import pages


@dataclass(frozen=True, slots=True)
class Fed:
    """One component that takes its value from a survey."""

    cycle: Cycle
    component: Component
    questionnaire: Questionnaire | None
    """None where there is no file of it that can be used."""

    @property
    def key(self) -> str:
        """What the form sends: cycle id and component key."""
        return f"{self.cycle.id}:{self.component.key}"

    @property
    def suggested_mode(self) -> str:
        """A secret ballot where all who answer stand on a roster of people."""
        rules = self.component.survey
        groups = rules.asked if rules else ()
        on_roster = all(group.design is Design.ROSTER for group in groups)
        return SECRET_BALLOT if groups and on_roster else OPEN_SURVEY


def fed_components(cycles: Iterable[Cycle]) -> tuple[Fed, ...]:
    """Return those of these cycles, where they are not settled."""
    rules = offered_rules()
    return tuple(
        Fed(cycle, component, _questionnaire(rules, component.survey.questionnaire))
        for cycle in cycles
        for component in every_component(cycle.rules.components)
        if component.survey is not None and not cycle.is_settled
    )


def _questionnaire(rules: OfferedRules, key: str) -> Questionnaire | None:
    """Return the questionnaire, None without one that can be used."""
    try:
        return rules.questionnaire(key)
    except (NotFound, QuestionnaireRefused):
        return None


@pages.get("/surveys/<int:survey_id>/title")
@allow(DESIGN)
def survey_title(survey_id: int) -> str:
    """Ask for another title."""
    survey = found_draft(survey_id)
    return _title_page(survey, TitleForm(obj=survey))


@pages.post("/surveys/<int:survey_id>/title")
@allow(DESIGN)
def rename_survey(survey_id: int) -> ResponseReturnValue:
    """Give the draft another title."""
    survey, form = found_draft(survey_id), TitleForm()
    if not form.validate():
        return _title_page(survey, form), 422
    verbs.rename_survey(
        writer(), survey_id,
        title=str(form.title.data), ballots=ballot_engine_if_any(),
    )  # fmt: skip
    flash(_("The title is changed. Print posters anew that were printed before."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.get("/surveys/<int:survey_id>/component")
@allow(DESIGN)
def survey_component(survey_id: int) -> str:
    """Offer the other components of its cycle."""
    survey = found_draft(survey_id)
    fed = _offered(survey)
    now = f"{survey.cycle_id}:{survey.component_key}"
    return _component_page(survey, fed, ComponentForm([one.key for one in fed], now))


@pages.post("/surveys/<int:survey_id>/component")
@allow(DESIGN)
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
        writer(), survey_id,
        component=chosen.component, questionnaire=chosen.questionnaire,
        ballots=ballot_engine_if_any(),
    )  # fmt: skip
    flash(_("The survey is for “%(name)s” now.", name=words(chosen.component.label)))
    if gone:
        flash(_("Subjects or channels that did not fit were taken out."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


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


def _offered(survey: Survey) -> tuple[Fed, ...]:
    """Return the components of the survey's cycle that have a questionnaire."""
    return tuple(one for one in fed_components([survey.cycle]) if one.questionnaire)


def _title_page(survey: Survey, form: TitleForm) -> str:
    return render_template("office/title.html", survey=survey, form=form)


def _component_page(survey: Survey, fed: tuple[Fed, ...], form: ComponentForm) -> str:
    return render_template(
        "office/surveys/component.html", survey=survey, fed=fed, form=form
    )


@pages.get("/surveys/new")
@allow(DESIGN)
def new_survey() -> str:
    """Offer the components that a survey can feed, cycle by cycle."""
    offer = _offer()
    return _new_page(offer, _form(offer.fed))


@pages.post("/surveys/new")
@allow(DESIGN)
def make_survey() -> ResponseReturnValue:
    """Draft the survey with the questionnaire its component asks for."""
    offer = _offer()
    form = _form(offer.fed)
    if not form.validate():
        return _new_page(offer, form), 422
    chosen = next(one for one in offer.fed if one.key == form.component.data)
    made = _begin(form, chosen)
    if made.is_secret:
        flash(_("The ballot is drafted. Next: whom it is about, keys, and tickets."))
    else:
        flash(_("The survey is drafted. Next: whom it is about, and its channels."))
    return redirect(url_for(".survey", survey_id=made.id), 303)


@pages.get("/surveys/<int:survey_id>/days")
@allow(DESIGN)
def survey_days(survey_id: int) -> str:
    """Ask for other days."""
    survey = found_draft(survey_id)
    return render_template(
        "office/surveys/days.html", survey=survey, form=DaysForm(obj=survey)
    )


@pages.post("/surveys/<int:survey_id>/days")
@allow(DESIGN)
def change_days(survey_id: int) -> ResponseReturnValue:
    """Move the days of a draft."""
    survey, form = found_draft(survey_id), DaysForm()
    if not form.validate():
        return render_template(
            "office/surveys/days.html", survey=survey, form=form
        ), 422
    first, last = form.days()
    move_days(writer(), survey_id, opens_on=first, closes_on=last)
    flash(_("The days are changed."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a survey can be for, of one page of cycles."""

    listing: Listing
    page: ListPage[Cycle]
    fed: tuple[Fed, ...]


def _offer() -> Offer:
    """Return what the address asks for; a form is sent to the address it came from.

    Reading schemes and questionnaires takes a while, and no write lock.
    """
    asks = listing(endpoint=".new_survey")
    with reading(session()) as reader:
        page = office_lists.cycles_page(reader, asks.asked, only_unsettled=True)
        reader.expunge_all()
    return Offer(asks, page, fed_components(page.rows))


def _new_page(offer: Offer, form: SurveyForm) -> str:
    return render_template("office/surveys/new_survey.html", offer=offer, form=form)


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
        writer(), fed.cycle.id, questionnaire=fed.questionnaire, plan=plan
    )
