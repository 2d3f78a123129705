"""Paper: the sheets to print, and the stacks that come back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import DESIGN, INSPECT, TYPE
from survey_app.analytics.paper_stacks import balance_of, listed_stack, stacks_of
from survey_app.database import session, writer
from survey_app.domain.counting.typed_twice import FIRST, SECOND, differing
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.clean_text import clean_name
from survey_app.forms.act_forms import ReasonForm
from survey_app.forms.stack_form import StackForm
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.paper_stacks import (
    TYPING,
    PaperStack,
    open_stack,
    throw_stack_away,
)
from survey_app.survey.tables import Channel
from survey_app.survey.typed_stacks import copies_of, unsettled
from survey_app.web.asked_fields import asked_fields
from survey_app.web.clock import today
from survey_app.web.look import asked_look
from survey_app.web.office.access import allow, username
from survey_app.web.office.found import found_survey, settings
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.typed_channel import (
    asked_channel,
    field_name,
    found_stack,
    told_of,
)
from survey_app.web.rule_list import listed_rules
from survey_app.web.spoken import asked_here, offered_here, speak_as, speaks_none

MOST_NAMES = 30
"""Subjects that a sheet lists to be ticked; of more one writes the name."""
LONGEST = 120
"""Characters of where the sheet is to be put."""


@pages.get("/channels/<int:channel_id>/sheet")
@allow(DESIGN, INSPECT)
def paper_sheet(channel_id: int) -> str:
    """Show the questionnaire as a sheet to print, in one of its languages."""
    channel = asked_channel(channel_id, ChannelKind.PAPER)
    survey = found_survey(channel.survey_id)
    if channel.rules:
        speaks_none()
    else:
        speak_as(channel.questionnaire)
    place = session().get_one(Channel, channel_id).place
    drop = clean_name(request.args.get("drop", ""))[:LONGEST]
    return render_template(
        "office/surveys/paper_sheet.html",
        survey=survey,
        channel=channel,
        questionnaire=asked_here(channel.questionnaire),
        fields=list(asked_fields(asked_here(channel.questionnaire))),
        rules=listed_rules(channel.rules, channel.questionnaire, (), people={}),
        place=place,
        drop=drop,
        look=asked_look(),
        offered=offered_here(),
        names=channel.subjects if len(channel.subjects) <= MOST_NAMES else (),
        settings=settings(),
    )


@pages.get("/channels/<int:channel_id>/stacks")
@allow(DESIGN, TYPE, INSPECT)
def paper_stacks(channel_id: int) -> str:
    """List the stacks of a channel, and what became of all their sheets."""
    channel = asked_channel(channel_id, ChannelKind.PAPER)
    return _stacks(channel, StackForm())


@pages.post("/channels/<int:channel_id>/stacks")
@allow(DESIGN)
def open_paper_stack(channel_id: int) -> ResponseReturnValue:
    """Open a stack."""
    channel, form = asked_channel(channel_id, ChannelKind.PAPER), StackForm()
    if not form.validate():
        return _stacks(channel, form), 422
    stack_id = open_stack(
        writer(), channel,
        name=str(form.name.data), sheets=form.sheets.data or 0,
        account=username(), today=today(),
    )  # fmt: skip
    flash(_("The stack is open. Two people type it, one after the other."))
    return redirect(url_for(".paper_stack", stack_id=stack_id), 303)


@pages.get("/stacks/<int:stack_id>")
@allow(DESIGN, TYPE, INSPECT)
def paper_stack(stack_id: int) -> str:
    """Show how far a stack is, and where the two who typed it differ."""
    return _stack(*found_stack(stack_id), ReasonForm())


@pages.post("/stacks/<int:stack_id>/throw-away")
@allow(DESIGN)
def throw_paper_stack_away(stack_id: int) -> ResponseReturnValue:
    """Let a stack never count."""
    (stack, channel), form = found_stack(stack_id), ReasonForm()
    if not form.validate():
        return _stack(stack, channel, form), 422
    throw_stack_away(
        writer(), stack_id,
        reason=str(form.reason.data), account=username(), today=today(),
    )  # fmt: skip
    flash(_("The stack is thrown away; nothing of it counts."))
    return redirect(url_for(".paper_stack", stack_id=stack_id), 303)


def _stacks(channel: OpenChannel, form: StackForm) -> str:
    listed = stacks_of(session(), channel.channel_id)
    return render_template(
        "office/surveys/paper_stacks.html",
        channel=channel,
        stacks=listed,
        balance=balance_of(listed),
        form=form,
        takes=_takes(channel),
    )


def _stack(stack: PaperStack, channel: OpenChannel, form: ReasonForm) -> str:
    listed = listed_stack(session(), stack)
    typed = copies_of(session(), stack.id) if listed.is_whole else {}
    differences = [
        (
            position,
            [
                (
                    field_name(channel, field),
                    told_of(channel, typed[position, FIRST], field),
                    told_of(channel, typed[position, SECOND], field),
                )
                for field in differing(typed[position, FIRST], typed[position, SECOND])
            ],
        )
        for position in unsettled(typed, stack.sheets)
    ]
    return render_template(
        "office/surveys/paper_stack.html",
        channel=channel,
        stack=stack,
        listed=listed,
        differences=differences,
        is_typing=stack.state == TYPING,
        takes=_takes(channel),
        me=username(),
        form=form,
    )


def _takes(channel: OpenChannel) -> bool:
    """Return whether sheets can be counted today."""
    is_open = channel.state == "open"
    in_days = channel.opens_on <= today() <= channel.closes_on
    return not channel.is_stopped and (channel.is_rehearsal or (is_open and in_days))
