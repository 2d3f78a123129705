"""The channels of a survey, while it is a draft."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.database import session
from survey_app.domain.refusals import WrongMode
from survey_app.forms.part_forms import ChannelForm
from survey_app.models.account import MANAGER, ORGANIZER
from survey_app.models.survey import Survey
from survey_app.services import add_channel as giving
from survey_app.web.language import words
from survey_app.web.office.access import allow
from survey_app.web.office.found import found_draft, group_labels, named_in, signing_key
from survey_app.web.office.pages import pages


@pages.get("/surveys/<int:survey_id>/channels")
@allow(MANAGER, ORGANIZER)
def new_channel(survey_id: int) -> str:
    """Ask who answers, about whom, and where the code will hang."""
    survey = _open_survey(survey_id)
    return render_template("office/channel.html", survey=survey, form=_form(survey))


@pages.post("/surveys/<int:survey_id>/channels")
@allow(MANAGER, ORGANIZER)
def add_channel(survey_id: int) -> ResponseReturnValue:
    """Add one channel."""
    survey = _open_survey(survey_id)
    form = _form(survey)
    if not form.validate():
        return render_template("office/channel.html", survey=survey, form=form), 422
    giving.add_channel(session(), survey_id, **form.chosen(), key=signing_key())
    flash(_("The channel is added."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/channels/all")
@allow(MANAGER, ORGANIZER)
def add_channels(survey_id: int) -> ResponseReturnValue:
    """Add the channels that are wanting, one per subject and rater group."""
    _open_survey(survey_id)
    added = giving.add_channels(session(), survey_id, key=signing_key())
    flash(_("Channels added: %(count)s.", count=added))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/channels/<int:channel_id>/remove")
@allow(MANAGER, ORGANIZER)
def remove_channel(survey_id: int, channel_id: int) -> ResponseReturnValue:
    """Take a channel away."""
    giving.remove_channel(session(), survey_id, channel_id=channel_id)
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
