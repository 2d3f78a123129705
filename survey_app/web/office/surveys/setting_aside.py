"""Setting aside what came through one channel, which takes two people."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import SETTLE
from survey_app.database import session, writer
from survey_app.domain.ground.refusals import NotFound, WrongMode
from survey_app.forms.act_forms import ReasonForm
from survey_app.survey import set_aside as verbs
from survey_app.survey.act_by_two import asked_act
from survey_app.survey.draft import require_open
from survey_app.survey.survey_acts import SET_ASIDE
from survey_app.survey.tables import Channel
from survey_app.web.clock import today
from survey_app.web.office.access import allow, username
from survey_app.web.office.found import found_survey
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.two_people import grant_of


@pages.get("/channels/<int:channel_id>/set-aside")
@allow(SETTLE)
def confirm_set_aside(channel_id: int) -> str:
    """Ask why what came through the channel shall not count, or the second person."""
    return _page(_channel(channel_id), ReasonForm())


@pages.post("/channels/<int:channel_id>/set-aside")
@allow(SETTLE)
def ask_set_aside(channel_id: int) -> ResponseReturnValue:
    """Keep what is asked for, and why."""
    channel, form = _channel(channel_id), ReasonForm()
    if not form.validate():
        return _page(channel, form), 422
    survey_id = channel.survey_id
    verbs.ask_to_set_aside(
        writer(), channel_id,
        reason=str(form.reason.data), account=username(), today=today(),
    )  # fmt: skip
    flash(_("Asked for. Another person grants it, on this same page."))
    return redirect(url_for(".trust", survey_id=survey_id), 303)


@pages.post("/channels/<int:channel_id>/set-aside/grant")
@allow(SETTLE)
def grant_set_aside(channel_id: int) -> ResponseReturnValue:
    """Do what another person asked for."""
    survey_id = _channel(channel_id).survey_id
    verbs.grant_set_aside(writer(), channel_id, account=username(), today=today())
    flash(_("Granted. The reason stands beside the result."))
    return redirect(url_for(".trust", survey_id=survey_id), 303)


@pages.post("/channels/<int:channel_id>/set-aside/withdraw")
@allow(SETTLE)
def withdraw_set_aside(channel_id: int) -> ResponseReturnValue:
    """Take back what was asked for and not granted."""
    survey_id = _channel(channel_id).survey_id
    verbs.withdraw_set_aside(writer(), channel_id)
    flash(_("Withdrawn. The survey stays as it is."))
    return redirect(url_for(".trust", survey_id=survey_id), 303)


def _channel(channel_id: int) -> Channel:
    """Return a channel about which can be decided, or raise why not."""
    channel = session().get(Channel, channel_id)
    if channel is None:
        raise NotFound
    survey = found_survey(channel.survey_id)
    if survey.is_secret:
        raise WrongMode
    require_open(survey)
    return channel


def _page(channel: Channel, form: ReasonForm) -> str:
    kind = verbs.next_kind(session(), channel)
    asked = asked_act(session(), channel.survey_id, kind, channel_id=channel.id)
    return render_template(
        "office/surveys/set_aside.html",
        survey=channel.survey,
        channel=channel,
        aside=kind == SET_ASIDE,
        form=form,
        grant=grant_of(asked),
    )
