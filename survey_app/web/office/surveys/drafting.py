"""Drafting a survey: what it can be for, and in which mode."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import DESIGN
from survey_app.analytics import office_lists
from survey_app.analytics.paging import ListPage
from survey_app.appraisal.cycle import Cycle
from survey_app.database import reading, session, writer
from survey_app.domain.ground.file_faults import QuestionnaireRefused
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.components import every_component
from survey_app.domain.scheme.scheme import Component, Design
from survey_app.forms.survey_forms import SurveyForm
from survey_app.rulebook.offered import OfferedRules
from survey_app.survey.draft import SurveyPlan
from survey_app.survey.draft import make_survey as begin_survey
from survey_app.survey.tables import OPEN_SURVEY, SECRET_BALLOT, Survey
from survey_app.web.office.access import allow
from survey_app.web.office.found import offered_rules, settings
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


@pages.get("/surveys/new")
@allow(DESIGN)
def new_survey() -> str:
    """Offer the components that a survey can feed, cycle by cycle."""
    offer = offer_of(".new_survey")
    return _new_page(offer, _form(offer.fed))


@pages.post("/surveys/new")
@allow(DESIGN)
def make_survey() -> ResponseReturnValue:
    """Draft the survey with the questionnaire its component asks for."""
    offer = offer_of(".new_survey")
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


@dataclass(frozen=True, slots=True)
class Offer:
    """What a survey can be for, of one page of cycles."""

    listing: Listing
    page: ListPage[Cycle]
    fed: tuple[Fed, ...]


def offer_of(endpoint: str, *own: Cycle) -> Offer:
    """Return what the address asks for; a form is sent to the address it came from.

    `own` are cycles that are offered whatever the address says. Reading schemes and
    questionnaires takes a while, and no write lock.
    """
    asks = listing(endpoint=endpoint)
    with reading(session()) as reader:
        page = office_lists.cycles_page(reader, asks.asked, only_unsettled=True)
        reader.expunge_all()
    there = {cycle.id for cycle in page.rows}
    more = (cycle for cycle in own if cycle.id not in there)
    return Offer(asks, page, fed_components((*page.rows, *more)))


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
