"""Whom a draft is about, and its channels."""

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.tables import MANAGER, ORGANIZER
from survey_app.appraisal.rated import Rated
from survey_app.ballot.set_up import draft_without_slips
from survey_app.database import ballot_engine_if_any, session, writer
from survey_app.domain.ground.refusals import WrongMode
from survey_app.domain.scheme.scheme import SubjectKind
from survey_app.forms.part_forms import ChannelForm, SubjectsForm
from survey_app.survey import parts as giving
from survey_app.survey import parts as membership
from survey_app.survey.parts import HeldDraft
from survey_app.survey.rated import rated_of_kind
from survey_app.survey.tables import Survey
from survey_app.web.language import words
from survey_app.web.office.access import allow
from survey_app.web.office.found import (
    found_draft,
    group_labels,
    named_in,
    signing_key,
)
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
    form = _subject_form(offer)
    if not form.validate():
        return _page(survey, offer, form), 422
    ids = form.subjects.data or []
    added = membership.add_subjects(writer(), survey_id, subject_ids=ids, held=_held())
    flash(_("Subjects added: %(count)s.", count=added))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/subjects/<int:subject_id>/remove")
@allow(MANAGER, ORGANIZER)
def remove_subject(survey_id: int, subject_id: int) -> ResponseReturnValue:
    """Take a subject out, together with the channels that name it."""
    membership.remove_subject(writer(), survey_id, subject_id=subject_id, held=_held())
    flash(_("The subject is out of the survey, and so are the channels that named it."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


def _held() -> HeldDraft:
    """Return how a draft is held: one whose slips are printed stays as it is."""
    return partial(draft_without_slips, ballots=ballot_engine_if_any())


def _offer(survey: Survey) -> list[Rated]:
    """Return whom the survey's component is about and who is not in it yet."""
    kind = survey.component.about if survey.component else SubjectKind.CADRE
    there = {subject.id for subject in survey.subjects}
    return [s for s in rated_of_kind(session(), kind) if s.id not in there]


def _subject_form(offer: list[Rated]) -> SubjectsForm:
    return SubjectsForm([subject.id for subject in offer])


def _page(survey: Survey, offer: list[Rated], form: SubjectsForm | None) -> str:
    return render_template(
        "office/surveys/subjects.html",
        survey=survey,
        offer=offer,
        form=form or _subject_form(offer),
    )


@pages.get("/surveys/<int:survey_id>/channels")
@allow(MANAGER, ORGANIZER)
def new_channel(survey_id: int) -> str:
    """Ask who answers, about whom, and where the code will hang."""
    survey = _open_survey(survey_id)
    return render_template(
        "office/surveys/channel.html", survey=survey, form=_form(survey)
    )


@pages.post("/surveys/<int:survey_id>/channels")
@allow(MANAGER, ORGANIZER)
def add_channel(survey_id: int) -> ResponseReturnValue:
    """Add one channel."""
    survey = _open_survey(survey_id)
    form = _form(survey)
    if not form.validate():
        return render_template(
            "office/surveys/channel.html", survey=survey, form=form
        ), 422
    giving.add_channel(writer(), survey_id, **form.chosen(), key=signing_key())
    flash(_("The channel is added."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/channels/all")
@allow(MANAGER, ORGANIZER)
def add_channels(survey_id: int) -> ResponseReturnValue:
    """Add the channels that are wanting, one per subject and rater group."""
    _open_survey(survey_id)
    added = giving.add_channels(writer(), survey_id, key=signing_key())
    flash(_("Channels added: %(count)s.", count=added))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/channels/<int:channel_id>/remove")
@allow(MANAGER, ORGANIZER)
def remove_channel(survey_id: int, channel_id: int) -> ResponseReturnValue:
    """Take a channel away."""
    giving.remove_channel(writer(), survey_id, channel_id=channel_id)
    flash(_("The channel is removed. Posters printed with its code lead nowhere."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


def _open_survey(survey_id: int) -> Survey:
    """Return the draft of an open survey; WrongMode: secret ballots have tickets."""
    survey = found_draft(survey_id)
    if survey.is_secret:
        raise WrongMode
    return survey


def _form(survey: Survey) -> ChannelForm:
    """Return the form with the survey's rater groups and subjects."""
    return ChannelForm(
        groups=[(key, words(label)) for key, label in group_labels(survey).items()],
        subjects=[(one.id, one.name) for one in named_in(survey).values()],
    )
