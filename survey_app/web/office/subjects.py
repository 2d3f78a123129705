"""Whom a survey is about, while it is a draft."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.database import ballot_engine_if_any, session
from survey_app.domain.rated import Rated
from survey_app.domain.scheme import SubjectKind
from survey_app.forms.part_forms import SubjectsForm
from survey_app.models.account import MANAGER, ORGANIZER
from survey_app.models.rated import rated_of_kind
from survey_app.models.survey import Survey
from survey_app.services import add_subjects as membership
from survey_app.web.office.access import allow
from survey_app.web.office.found import component_of, found_draft
from survey_app.web.office.pages import pages


@pages.get("/surveys/<int:survey_id>/subjects")
@allow(MANAGER, ORGANIZER)
def choose_subjects(survey_id: int) -> str:
    """Offer the subjects that are not in the survey yet."""
    survey = found_draft(survey_id)
    return _page(survey, _offer(survey), None)


@pages.post("/surveys/<int:survey_id>/subjects")
@allow(MANAGER, ORGANIZER)
def add_subjects(survey_id: int) -> ResponseReturnValue:
    """Add the chosen subjects."""
    survey = found_draft(survey_id)
    offer = _offer(survey)
    form = _form(offer)
    if not form.validate():
        return _page(survey, offer, form), 422
    ids = form.subjects.data or []
    added = membership.add_subjects(
        session(), survey_id, subject_ids=ids, ballots=ballot_engine_if_any()
    )
    flash(_("Subjects added: %(count)s.", count=added))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/subjects/<int:subject_id>/remove")
@allow(MANAGER, ORGANIZER)
def remove_subject(survey_id: int, subject_id: int) -> ResponseReturnValue:
    """Take a subject out, together with the channels that name it."""
    membership.remove_subject(
        session(), survey_id, subject_id=subject_id, ballots=ballot_engine_if_any()
    )
    flash(_("The subject is out of the survey, and so are the channels that named it."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


def _offer(survey: Survey) -> list[Rated]:
    """Return whom the survey's component is about and who is not in it yet."""
    component = component_of(survey)
    kind = component.about if component else SubjectKind.CADRE
    there = {subject.id for subject in survey.subjects}
    return [s for s in rated_of_kind(session(), kind) if s.id not in there]


def _form(offer: list[Rated]) -> SubjectsForm:
    return SubjectsForm([subject.id for subject in offer])


def _page(survey: Survey, offer: list[Rated], form: SubjectsForm | None) -> str:
    return render_template(
        "office/subjects.html", survey=survey, offer=offer, form=form or _form(offer)
    )
