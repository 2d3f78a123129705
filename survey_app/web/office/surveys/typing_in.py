"""Sheet after sheet under the fingers; and a third look where two differ.

No single sheet leaves an entry in the record: the stack's own row says who typed it.
"""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import TYPE
from survey_app.analytics.typed_channels import typed_channels
from survey_app.database import session, writer
from survey_app.domain.counting.typed_twice import (
    FIRST,
    SECOND,
    TypedSheet,
    differing,
)
from survey_app.domain.ground.channel_kind import KIND_NAMES
from survey_app.domain.ground.door_refusals import (
    SheetOutOfStack,
    StackEnded,
    StackTypedByOthers,
)
from survey_app.forms.answer_form import Flaw
from survey_app.forms.sheet_form import TypedForm
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.paper_stacks import TYPING, PaperStack
from survey_app.survey.typed_stacks import (
    LookedAt,
    copies_of,
    settle_sheet,
    type_sheet,
    unsettled,
)
from survey_app.web.clock import today
from survey_app.web.office.access import allow, username
from survey_app.web.office.found import looking
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.typed_channel import (
    INVALID_WORDS,
    field_name,
    found_stack,
    sent_sheet,
    told_of,
    typed_page,
)

SHEET, TAKE = "sheet", "take"
"""Fields: which sheet of the stack, and whose version of it is right."""


@pages.get("/typing")
@allow(TYPE)
def typing() -> str:
    """List the channels for which something can be typed today."""
    return render_template(
        "office/surveys/typing.html",
        channels=typed_channels(session(), today=today()),
        kinds=KIND_NAMES,
    )


@pages.get("/stacks/<int:stack_id>/type")
@allow(TYPE)
def type_stack(stack_id: int) -> ResponseReturnValue:
    """Show the boxes of the next sheet, or of the one that the address names."""
    stack, channel = found_stack(stack_id)
    channel.require_taking(today())
    done = _done(stack)
    if done == stack.sheets:
        return redirect(url_for(".paper_stack", stack_id=stack_id), 303)
    position = request.args.get(SHEET, done + 1, int)
    if not 1 <= position <= done + 1:
        raise SheetOutOfStack
    return _boxes(stack, channel, position, TypedForm.read([]))


@pages.post("/stacks/<int:stack_id>/type")
@allow(TYPE)
def save_sheet(stack_id: int) -> ResponseReturnValue:
    """Keep a sheet and go on to the next one."""
    stack, channel = found_stack(stack_id)
    form, position = sent_sheet(), request.form.get(SHEET, 0, int)
    if flaws := form.flaws(channel):
        return _boxes(stack, channel, position, form, flaws), 422
    told = LookedAt(position, form.sheet(channel), username(), today())
    is_counted = type_sheet(writer(), channel, stack_id, told)
    return _on(stack_id, is_counted=is_counted, typing=True)


@pages.get("/stacks/<int:stack_id>/settle")
@allow(TYPE)
def settle_stack(stack_id: int) -> str:
    """Show in what the two differ about one sheet, to be looked at a third time."""
    stack, channel = found_stack(stack_id)
    return _settling(stack, channel, request.args.get(SHEET, 0, int), sent_sheet())


@pages.post("/stacks/<int:stack_id>/settle")
@allow(TYPE)
def settle_one_sheet(stack_id: int) -> ResponseReturnValue:
    """Keep what a third look says."""
    stack, channel = found_stack(stack_id)
    position = request.form.get(SHEET, 0, int)
    typed, _fields = _versions(stack, position)
    form, taken = sent_sheet(), request.form.get(TAKE, "")
    sheet = dict(zip(("first", "second"), typed, strict=True)).get(taken)
    if sheet is None:
        if flaws := form.flaws(channel):
            return _settling(stack, channel, position, form, flaws), 422
        sheet = form.sheet(channel)
    told = LookedAt(position, sheet, username(), today())
    is_counted = settle_sheet(writer(), channel, stack_id, told)
    return _on(stack_id, is_counted=is_counted, typing=False)


def _on(stack_id: int, *, is_counted: bool, typing: bool) -> ResponseReturnValue:
    """Send the browser on, to the next sheet or to the stack's page."""
    if is_counted:
        flash(_("Both agree: the stack is counted, and what was typed is deleted."))
    page = ".type_stack" if typing and not is_counted else ".paper_stack"
    return redirect(url_for(page, stack_id=stack_id), 303)


def _done(stack: PaperStack) -> int:
    """Return how many sheets this account has typed; raises where it may type none."""
    if stack.state != TYPING:
        raise StackEnded
    me = username()
    look = FIRST if stack.first_by in (None, me) else SECOND
    if look == SECOND and stack.second_by not in (None, me):
        raise StackTypedByOthers
    return sum(1 for _, whose in copies_of(session(), stack.id) if whose == look)


def _versions(
    stack: PaperStack, position: int
) -> tuple[tuple[TypedSheet, TypedSheet], tuple[str, ...]]:
    """Return what the two typed of a sheet, and in what they differ.

    Raises StackEnded, or SheetOutOfStack where there is nothing to settle.
    """
    if stack.state != TYPING:
        raise StackEnded
    with looking() as reader:
        typed = copies_of(reader, stack.id)
    if position not in unsettled(typed, stack.sheets):
        raise SheetOutOfStack
    first, second = typed[position, FIRST], typed[position, SECOND]
    return (first, second), differing(first, second)


def _boxes(
    stack: PaperStack,
    channel: OpenChannel,
    position: int,
    form: TypedForm,
    flaws: tuple[Flaw, ...] = (),
) -> str:
    return render_template(
        "office/surveys/type_stack.html",
        stack=stack,
        channel=channel,
        position=position,
        typed=typed_page(channel, form, flaws),
        why_invalid=INVALID_WORDS,
        is_again=stack.first_by not in (None, username()),
    )


def _settling(
    stack: PaperStack,
    channel: OpenChannel,
    position: int,
    form: TypedForm,
    flaws: tuple[Flaw, ...] = (),
) -> str:
    typed, fields = _versions(stack, position)
    return render_template(
        "office/surveys/settle_sheet.html",
        stack=stack,
        channel=channel,
        position=position,
        differences=[
            (
                field_name(channel, field),
                *(told_of(channel, one, field) for one in typed),
            )
            for field in fields
        ],
        typed=typed_page(channel, form, flaws),
        why_invalid=INVALID_WORDS,
        is_anew="anew" in request.values or bool(flaws),
    )
