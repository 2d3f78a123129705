"""Whom a draft is about, and its channels."""

from collections.abc import Sequence
from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import DESIGN
from survey_app.analytics.listed_subjects import (
    offered_ids,
    offered_page,
    subjects_page,
)
from survey_app.analytics.paging import ListPage
from survey_app.appraisal.rated import Rated
from survey_app.ballot.set_up import draft_without_slips
from survey_app.database import ballot_engine_if_any, writer
from survey_app.domain.ground.channel_kind import KIND_NAMES
from survey_app.domain.ground.refusals import WrongMode
from survey_app.forms.part_forms import ChannelForm, SubjectsForm
from survey_app.survey import parts as giving
from survey_app.survey import parts as membership
from survey_app.survey.parts import HeldDraft
from survey_app.survey.rated import rated_some
from survey_app.survey.tables import Survey
from survey_app.web.language import words
from survey_app.web.office.access import allow
from survey_app.web.office.found import found_draft, group_labels, looking, signing_key
from survey_app.web.office.listing import Listing, listing
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.listed_parts import SORTED


@pages.get("/surveys/<int:survey_id>/subjects")
@allow(DESIGN)
def choose_subjects(survey_id: int) -> str:
    """Offer the subjects that are not in the survey yet, page by page."""
    return _page(found_draft(survey_id), SubjectsForm())


@pages.post("/surveys/<int:survey_id>/subjects")
@allow(DESIGN)
def add_subjects(survey_id: int) -> ResponseReturnValue:
    """Add the chosen subjects, or all that the address finds."""
    survey, form = found_draft(survey_id), SubjectsForm()
    asked = listing().asked
    with looking() as reader:
        form.offer(
            offered_ids(reader, survey, found=asked)
            if form.everybody.data
            else offered_ids(reader, survey, some=form.sent())
        )
    if not form.validate():
        return _page(survey, form), 422
    ids = form.subjects.data or []
    added = membership.add_subjects(writer(), survey_id, subject_ids=ids, held=_held())
    flash(_("Subjects added: %(count)s.", count=added))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/subjects/<int:subject_id>/remove")
@allow(DESIGN)
def remove_subject(survey_id: int, subject_id: int) -> ResponseReturnValue:
    """Take a subject out, together with the channels that name it."""
    membership.remove_subject(writer(), survey_id, subject_id=subject_id, held=_held())
    flash(_("The subject is out of the survey, and so are the channels that named it."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


def _held() -> HeldDraft:
    """Return how a draft is held: one whose slips are printed stays as it is."""
    return partial(draft_without_slips, ballots=ballot_engine_if_any())


def _page(survey: Survey, form: SubjectsForm) -> str:
    own = listing(*SORTED)
    with looking() as reader:
        page = offered_page(reader, survey, own.asked)
    return render_template(
        "office/surveys/subjects.html", survey=survey, listing=own, page=page, form=form
    )


@pages.get("/surveys/<int:survey_id>/channels")
@allow(DESIGN)
def new_channel(survey_id: int) -> str:
    """Ask who answers, about whom, and where the code will hang."""
    return _channel_page(_open_survey(survey_id))


@pages.post("/surveys/<int:survey_id>/channels")
@allow(DESIGN)
def add_channel(survey_id: int) -> ResponseReturnValue:
    """Add one channel."""
    survey = _open_survey(survey_id)
    form = _form(survey, _found_subjects(survey, listing()).rows)
    if not form.validate():
        return _channel_page(survey), 422
    giving.add_channel(writer(), survey_id, **form.chosen(), key=signing_key())
    flash(_("The channel is added."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/channels/all")
@allow(DESIGN)
def add_channels(survey_id: int) -> ResponseReturnValue:
    """Add the channels that are wanting, one per subject and rater group."""
    _open_survey(survey_id)
    added = giving.add_channels(writer(), survey_id, key=signing_key())
    flash(_("Channels added: %(count)s.", count=added))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/channels/<int:channel_id>/remove")
@allow(DESIGN)
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


def _channel_page(survey: Survey) -> str:
    own = listing()
    page = _found_subjects(survey, own)
    form = _form(survey, page.rows)
    if form.is_submitted():
        form.validate()
    return render_template(
        "office/surveys/channel.html",
        survey=survey,
        listing=own,
        page=page,
        form=form,
        kinds=KIND_NAMES,
    )


def _found_subjects(survey: Survey, asks: Listing) -> ListPage[Rated]:
    """Return the subjects that the form offers: a page of those that are found."""
    with looking() as reader:
        return subjects_page(reader, survey.id, asks.asked)


def _form(survey: Survey, offered: Sequence[Rated]) -> ChannelForm:
    """Return the form with the survey's rater groups and these subjects.

    Besides them whoever was chosen: the list may have been narrowed since.
    """
    groups = [(key, words(label)) for key, label in group_labels(survey).items()]
    form = ChannelForm(groups, known=survey.known_groups)
    sent = [one for one in form.sent() if one not in {o.id for o in offered}]
    with looking() as reader:
        chosen = rated_some(reader, survey.id, sent) if sent else []
    form.offer([(one.id, one.name) for one in (*offered, *chosen)])
    return form
