"""Stacks of filled-in sheets: opened with the number on their cover, counted whole.

Sheets bear no number of their own, so that nobody finds one again. What stands between
opening and counting is the stack: two accounts type all of it, and where they agree it
is counted at once and the typed copies are gone, see typed_stacks.py. Nothing of a
stack that is not whole counts.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.database import forget_order
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.door_refusals import NoPaperHere, StackEnded
from survey_app.domain.ground.refusals import NotFound
from survey_app.survey.open_channel import OpenChannel
from survey_app.table_base import Base

TYPING, COUNTED, THROWN, LATE = "typing", "counted", "thrown", "late"
STATES = (TYPING, COUNTED, THROWN, LATE)
"""late: the survey was closed or void before the stack agreed."""
MOST_SHEETS = 500
"""In one stack; a larger pile is several."""


class PaperStack(Base):
    """One stack: who typed it, and what came of it. No column leads to an answer.

    Its answers are those of its channel and of the day it was counted on, mixed with
    all others of that day.
    """

    __tablename__ = "paper_stack"
    __table_args__ = (
        CheckConstraint(
            f"state IN ({', '.join(repr(state) for state in STATES)})", name="state"
        ),
        CheckConstraint(f"sheets BETWEEN 1 AND {MOST_SHEETS}", name="sheets"),
        # Of a stack that counts: what stands on its cover is what became of it.
        CheckConstraint(
            "state <> 'counted' OR sheets = counted + invalid", name="balance"
        ),
        Index(None, "survey_id"),
        Index(None, "channel_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    name: Mapped[str]
    """What its cover calls it; read by the office only."""
    sheets: Mapped[int]
    """The number on its cover."""
    state: Mapped[str] = mapped_column(default=TYPING)
    opened_by: Mapped[str]
    opened_on: Mapped[date]
    first_by: Mapped[str | None]
    """The account that typed it first; None: nobody has begun."""
    given_before: Mapped[int | None]
    """How long the list of given passwords and confirmations was then."""
    second_by: Mapped[str | None]
    """The account of another person that typed it again."""
    settled_by: Mapped[str] = mapped_column(default="", server_default="")
    """Who looked at a sheet a third time; several with commas between them."""
    ended_by: Mapped[str | None]
    ended_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    """Why it was thrown away."""
    counted: Mapped[int] = mapped_column(default=0, server_default="0")
    """Sheets that count."""
    invalid: Mapped[int] = mapped_column(default=0, server_default="0")
    """Sheets that are no answer."""


class TypedCopy(Base):
    """One sheet as it was typed; gone in the transaction that counts its stack."""

    __tablename__ = "typed_copy"
    __table_args__ = ({"sqlite_with_rowid": False},)

    stack_id: Mapped[int] = mapped_column(
        ForeignKey("paper_stack.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Which sheet of the stack, from 1."""
    look: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1 and 2: the two accounts; 3: settled by a third look."""
    sheet: Mapped[str]
    """What stands on it, as `TypedSheet` writes it."""


def open_stack(
    session: Session,
    channel: OpenChannel,
    *,
    name: str,
    sheets: int,
    account: str,
    today: date,
) -> int:
    """Return the number of a new stack of a channel of paper; commits.

    Raises NoPaperHere, or what `require_taking` of the channel raises.
    """
    if channel.kind is not ChannelKind.PAPER:
        raise NoPaperHere
    channel.require_taking(today)
    stack = PaperStack(
        survey_id=channel.survey_id, channel_id=channel.channel_id,
        name=name, sheets=sheets, opened_by=account, opened_on=today,
    )  # fmt: skip
    session.add(stack)
    session.commit()
    return stack.id


def held_stack(session: Session, stack_id: int) -> PaperStack:
    """Return a stack that is being typed; nobody else changes it before the commit.

    Raises NotFound or StackEnded.
    """
    stack = session.get(
        PaperStack, stack_id, with_for_update=True, populate_existing=True
    )
    if stack is None or stack.state != TYPING:
        session.rollback()
        raise NotFound if stack is None else StackEnded
    return stack


def throw_stack_away(
    session: Session, stack_id: int, *, reason: str, account: str, today: date
) -> None:
    """Let a stack never count, and forget what was typed of it; commits.

    Raises NotFound or StackEnded.
    """
    stack = held_stack(session, stack_id)
    stack.state, stack.reason = THROWN, reason
    stack.ended_by, stack.ended_on = account, today
    forget_copies(session, stack_id)
    session.commit()
    forget_order(session)


def forget_copies(session: Session, stack_id: int) -> None:
    """Delete what was typed of a stack; does not commit."""
    session.execute(delete(TypedCopy).where(TypedCopy.stack_id == stack_id))


def end_open_stacks(session: Session, survey_id: int) -> None:
    """Let stacks that are not whole never count: their survey is over; commits.

    Called after its state has changed, so that nobody who counts waits in a ring.
    """
    ours = (PaperStack.survey_id == survey_id, PaperStack.state == TYPING)
    theirs = select(PaperStack.id).where(*ours)
    session.execute(delete(TypedCopy).where(TypedCopy.stack_id.in_(theirs)))
    session.execute(update(PaperStack).where(*ours).values(state=LATE))
    session.commit()


def wipe_stacks(session: Session, survey_id: int) -> None:
    """Delete every stack of a rehearsal; does not commit."""
    theirs = select(PaperStack.id).where(PaperStack.survey_id == survey_id)
    session.execute(delete(TypedCopy).where(TypedCopy.stack_id.in_(theirs)))
    session.execute(delete(PaperStack).where(PaperStack.survey_id == survey_id))
