"""Telephone interviews: next call, how it ended, and how many ended how.

Nobody's number is asked for, and no call leaves an entry in the record: its minute
would be the minute in which somebody answered.
"""

from fractions import Fraction

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import DESIGN, INSPECT, TYPE
from survey_app.analytics.phone_calls import calls_by_day
from survey_app.database import session, writer
from survey_app.domain.counting.call_rates import CallCounts, CallEnd
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.door_refusals import CallFromNowhere
from survey_app.domain.ground.printed_code import SUBMISSION_BYTES
from survey_app.forms.answer_form import Flaw
from survey_app.forms.sheet_form import TypedForm
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.phone_calls import count_call, keep_interview
from survey_app.web.clock import today
from survey_app.web.office.access import allow
from survey_app.web.office.found import settings
from survey_app.web.office.number_words import per_cent
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.typed_channel import (
    asked_channel,
    sent_sheet,
    typed_page,
)

CALL, OUTCOME = "call", "outcome"
"""Fields: the code of the call, and how it ended."""


@pages.get("/channels/<int:channel_id>/calls")
@allow(DESIGN, TYPE, INSPECT)
def phone_calls(channel_id: int) -> str:
    """Show what became of the calls, by day, and which part of them answered."""
    channel = asked_channel(channel_id, ChannelKind.PHONE)
    days = calls_by_day(session(), channel.survey_id, channel_id)
    return render_template(
        "office/surveys/phone_calls.html",
        channel=channel,
        days=days,
        every=sum(days.values(), CallCounts()),
        as_share=as_share,
    )


@pages.get("/channels/<int:channel_id>/call")
@allow(TYPE)
def next_call(channel_id: int) -> str:
    """Begin a call: a fresh code, what to say, and the questions."""
    channel = asked_channel(channel_id, ChannelKind.PHONE)
    channel.require_taking(today())
    return _call(channel, channel.new_submission(), TypedForm.read([]))


@pages.post("/channels/<int:channel_id>/call/outcome")
@allow(TYPE)
def tell_outcome(channel_id: int) -> ResponseReturnValue:
    """Count how a call ended that was no interview, and go on to the next one."""
    channel = asked_channel(channel_id, ChannelKind.PHONE)
    told = request.form.get(OUTCOME, "")
    if told not in set(CallEnd):
        return _call(channel, _sent_call(), sent_sheet()), 422
    count_call(writer(), channel, _sent_call(), CallEnd(told), today=today())
    flash(_("Counted. Here is the next call."))
    return redirect(url_for(".next_call", channel_id=channel_id), 303)


@pages.post("/channels/<int:channel_id>/call")
@allow(TYPE)
def save_interview(channel_id: int) -> ResponseReturnValue:
    """Keep what was answered, once, and go on to the next call."""
    channel = asked_channel(channel_id, ChannelKind.PHONE)
    form, call = sent_sheet(), _sent_call()
    if flaws := form.flaws(channel, call):
        return _call(channel, call, form, flaws), 422
    keep_interview(writer(), channel, call, form.response(channel, call), today=today())
    flash(_("The interview is counted. Here is the next call."))
    return redirect(url_for(".next_call", channel_id=channel_id), 303)


def as_share(part: int, rate: Fraction | None, whole: int) -> str:
    """Return a rate as it is exactly, and in per cent; a dash where there is none."""
    if rate is None:
        return "—"
    return _(
        "%(part)s of %(whole)s (%(rate)s)", part=part, whole=whole, rate=per_cent(rate)
    )


def _sent_call() -> str:
    """Return the code of the call; raises CallFromNowhere for what is none."""
    call = request.form.get(CALL, "")
    if len(call) != 2 * SUBMISSION_BYTES or set(call) - set("0123456789abcdef"):
        raise CallFromNowhere
    return call


def _call(
    channel: OpenChannel, call: str, form: TypedForm, flaws: tuple[Flaw, ...] = ()
) -> str:
    return render_template(
        "office/surveys/next_call.html",
        channel=channel,
        call=call,
        typed=typed_page(channel, form, flaws),
        settings=settings(),
    )
