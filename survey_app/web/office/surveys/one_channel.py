"""One channel: how it lets people in, and its stopping."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import DESIGN, INSPECT
from survey_app.analytics.listed_channels import (
    ListedChannel,
    channels_by_number,
    names_before_opening,
)
from survey_app.database import reading, session, writer
from survey_app.domain.ground.channel_kind import KIND_NAMES, ChannelKind
from survey_app.domain.ground.refusals import NotFound
from survey_app.forms.act_forms import ReasonForm
from survey_app.survey.stop_channel import stop_channel
from survey_app.survey.tables import Channel, Survey
from survey_app.web.clock import today
from survey_app.web.office.access import allow, username
from survey_app.web.office.found import found_survey, group_labels, settings, state_of
from survey_app.web.office.pages import pages
from survey_app.web.screen_address import screen_address


@pages.get("/channels/<int:channel_id>")
@allow(DESIGN, INSPECT, scoped=True)
def one_channel(channel_id: int) -> str:
    """Show how one channel lets people in, and what can be done with it."""
    return _page(*channel_found(channel_id), ReasonForm())


@pages.post("/channels/<int:channel_id>/stop")
@allow(DESIGN)
def stop_one_channel(channel_id: int) -> ResponseReturnValue:
    """Take no more answers through the channel."""
    return _stop(channel_id, stopped=True, done=_("No answer is taken through it."))


@pages.post("/channels/<int:channel_id>/resume")
@allow(DESIGN)
def resume_one_channel(channel_id: int) -> ResponseReturnValue:
    """Take answers through the channel again."""
    return _stop(channel_id, stopped=False, done=_("Answers are taken again."))


def _stop(channel_id: int, *, stopped: bool, done: str) -> ResponseReturnValue:
    channel, survey = channel_found(channel_id)
    form = ReasonForm()
    if not form.validate():
        return _page(channel, survey, form), 422
    stop_channel(
        writer(), channel_id,
        stopped=stopped, reason=str(form.reason.data), account=username(),
        today=today(),
    )  # fmt: skip
    flash(done)
    return redirect(url_for(".one_channel", channel_id=channel_id), 303)


def channel_found(channel_id: int) -> tuple[ListedChannel, Survey]:
    """Return a channel as the lists have it, and its survey; raises NotFound."""
    row = session().get(Channel, channel_id)
    if row is None:
        raise NotFound
    survey = found_survey(row.survey_id)
    with reading(session()) as reader:
        names = names_before_opening(reader, survey)
        found = channels_by_number(reader, survey.id, [channel_id], names)
    if not found:
        raise NotFound
    return found[0], survey


def _page(channel: ListedChannel, survey: Survey, form: ReasonForm) -> str:
    row = session().get_one(Channel, channel.id)
    screen = (
        screen_address(settings(), channel.code)
        if channel.kind is ChannelKind.SCREEN
        else ""
    )
    return render_template(
        "office/surveys/one_channel.html",
        survey=survey,
        state=state_of(survey),
        is_out=state_of(survey) in ("waiting", "open", "over"),
        channel=channel,
        row=row,
        groups=group_labels(survey),
        kinds=KIND_NAMES,
        screen=screen,
        form=form,
    )
