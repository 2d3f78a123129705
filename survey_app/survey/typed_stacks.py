"""Type a stack twice, settle where the two differ, and count it: whole, once.

The last sheet that makes a stack agree counts it, in the same transaction: its answers
are kept, its typed copies deleted, its row says so. Cut off anywhere, nothing of that
happened, and sending the sheet again does it.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.accounts.record import note
from survey_app.accounts.second_person import given_so_far, refuse_one_person
from survey_app.database import forget_order
from survey_app.domain.counting.typed_twice import (
    FIRST,
    SECOND,
    SETTLED,
    TypedSheet,
    settled,
)
from survey_app.domain.ground.door_refusals import SheetOutOfStack, StackTypedByOthers
from survey_app.domain.ground.printed_code import RECEIPT_BYTES
from survey_app.domain.ground.refusals import NotFound, Refusal
from survey_app.domain.questionnaire.answers import NewResponse
from survey_app.survey.handed_in_whole import hand_in_whole
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.paper_stacks import (
    COUNTED,
    PaperStack,
    TypedCopy,
    forget_copies,
    held_stack,
)

Copies = Mapping[tuple[int, int], TypedSheet]
"""(position, look) → what was typed."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What one account says that one sheet says."""

    position: int
    """Which sheet of the stack, from 1."""
    sheet: TypedSheet
    account: str
    today: date


def copies_of(session: Session, stack_id: int) -> Copies:
    """Return everything that was typed of a stack."""
    ours = select(TypedCopy).where(TypedCopy.stack_id == stack_id)
    return {
        (one.position, one.look): TypedSheet.from_json(one.sheet)
        for one in session.scalars(ours)
    }


def type_sheet(
    session: Session,
    channel: OpenChannel,
    stack_id: int,
    told: LookedAt,
) -> bool:
    """Keep one sheet as this account typed it; return whether that counted the stack.

    Whoever types first of all has the first look, the next one, another person, the
    second; each may mend a sheet until the own look is whole. Commits. Raises
    NotFound, StackEnded, StackTypedByOthers, SheetOutOfStack, what `refuse_one_person`
    raises of the second account, or what `require_taking` of the channel raises.
    """
    channel.require_taking(told.today)
    stack = _stack(session, channel, stack_id)
    try:
        look = _look(session, stack, told.account)
        typed = copies_of(session, stack_id)
        done = sum(1 for _, whose in typed if whose == look)
        if done == stack.sheets:
            raise StackTypedByOthers
        if not 1 <= told.position <= min(done + 1, stack.sheets):
            raise SheetOutOfStack
    except Refusal:
        session.rollback()
        raise
    return _keep(session, channel, stack, look, told)


def settle_sheet(
    session: Session,
    channel: OpenChannel,
    stack_id: int,
    told: LookedAt,
) -> bool:
    """Keep what a third look at a sheet says; return whether that counted the stack.

    Both have typed all of it before. Commits. Raises NotFound, StackEnded,
    SheetOutOfStack where the two agree or it was settled, or what `require_taking` of
    the channel raises.
    """
    channel.require_taking(told.today)
    stack = _stack(session, channel, stack_id)
    typed = copies_of(session, stack_id)
    if told.position not in unsettled(typed, stack.sheets):
        session.rollback()
        raise SheetOutOfStack
    names = {*filter(None, stack.settled_by.split(", ")), told.account}
    stack.settled_by = ", ".join(sorted(names))
    return _keep(session, channel, stack, SETTLED, told)


def unsettled(typed: Copies, sheets: int) -> tuple[int, ...]:
    """Return the positions in which two differ; none before both typed everything."""
    if sum(1 for _, look in typed if look != SETTLED) < 2 * sheets:
        return ()
    return tuple(place for place, agreed in settled(typed, sheets) if agreed is None)


def _stack(session: Session, channel: OpenChannel, stack_id: int) -> PaperStack:
    stack = held_stack(session, stack_id)
    if stack.channel_id != channel.channel_id:
        session.rollback()
        raise NotFound
    return stack


def _look(session: Session, stack: PaperStack, account: str) -> int:
    """Return which look is this account's, from now on."""
    if stack.first_by is None:
        stack.first_by, stack.given_before = account, given_so_far(session)
        _note(session, stack, "type_stack")
    if account == stack.first_by:
        return FIRST
    if stack.second_by not in (None, account):
        raise StackTypedByOthers
    # Asked at every sheet: the first one's password may have been given meanwhile.
    refuse_one_person(
        session, first=stack.first_by, second=account, since=stack.given_before
    )
    if stack.second_by is None:
        stack.second_by = account
        _note(session, stack, "type_stack")
    return SECOND


def _note(session: Session, stack: PaperStack, act: str) -> None:
    """Leave an entry: single sheets leave none, for nobody's minutes are told."""
    about = f"survey:{stack.survey_id} channel:{stack.channel_id} stack:{stack.id}"
    note(session, act, about=about)


def _keep(
    session: Session, channel: OpenChannel, stack: PaperStack, look: int, told: LookedAt
) -> bool:
    key = (stack.id, told.position, look)
    kept = session.get(TypedCopy, key)
    if kept is None:
        kept = TypedCopy(stack_id=stack.id, position=told.position, look=look)
        session.add(kept)
    kept.sheet = told.sheet.to_json()
    session.flush()
    agreed = [one for _, one in settled(copies_of(session, stack.id), stack.sheets)]
    sheets = [one for one in agreed if one is not None]
    if len(sheets) < stack.sheets:
        session.commit()
        return False
    _count(session, channel, stack, sheets, told.today)
    stack.ended_by, stack.ended_on = told.account, told.today
    _note(session, stack, "count_stack")
    session.commit()
    forget_order(session)
    return True


def _count(
    session: Session,
    channel: OpenChannel,
    stack: PaperStack,
    sheets: Sequence[TypedSheet],
    today: date,
) -> None:
    """Hand the answers of a stack in; does not commit.

    They lie in the order of receipts and keys drawn at random, as those of every batch:
    nothing is left of the order of the sheets. A sheet about somebody who was taken out
    of the survey since is invalid. Raises what the intake raises where the survey takes
    no answers any more.
    """
    asked = {subject.id for subject in channel.subjects}
    valid = [one for one in sheets if not one.invalid and one.subject_id in asked]
    answers = [_response(channel, one) for one in valid]
    hand_in_whole(session, answers, today=today)
    stack.state, stack.counted = COUNTED, len(valid)
    stack.invalid = stack.sheets - len(valid)
    forget_copies(session, stack.id)


def _response(channel: OpenChannel, sheet: TypedSheet) -> NewResponse:
    """Return the answer of a sheet: like any other, whoever typed it."""
    return NewResponse(
        survey_id=channel.survey_id,
        channel_id=channel.channel_id,
        rater_group=channel.rater_group,
        subject_id=sheet.subject_id,
        picks=sheet.picks,
        comment=sheet.comment,
        receipt=secrets.token_bytes(RECEIPT_BYTES),
        rehearsed=channel.is_rehearsal,
        texts=sheet.texts,
    )
