"""How far the stacks of a channel are, and what became of those that ended."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.counting.typed_twice import FIRST, SECOND
from survey_app.survey.paper_stacks import COUNTED, TYPING, PaperStack, TypedCopy


@dataclass(frozen=True, slots=True)
class StackBalance:
    """What became of all sheets of a channel: on covers, counted, invalid, waiting."""

    sheets: int
    counted: int
    invalid: int
    waiting: int


@dataclass(frozen=True, slots=True)
class ListedStack:
    """One stack, and how many of its sheets each of the two has typed."""

    stack: PaperStack
    first: int
    second: int

    @property
    def is_whole(self) -> bool:
        """Whether both have typed all of it, so that the two may be compared."""
        return self.first == self.second == self.stack.sheets


def listed_stack(session: Session, stack: PaperStack) -> ListedStack:
    """Return one stack with its progress."""
    return _listed(stack, _typed(session, [stack]))


def stacks_of(session: Session, channel_id: int) -> list[ListedStack]:
    """Return the stacks of a channel, the newest first."""
    ours = select(PaperStack).where(PaperStack.channel_id == channel_id)
    stacks = session.scalars(ours.order_by(PaperStack.id.desc())).all()
    typed = _typed(session, stacks)
    return [_listed(one, typed) for one in stacks]


def sheets_waiting(session: Session, survey_id: int) -> int:
    """Return how many sheets lie in stacks of a survey that are not whole."""
    waiting = select(func.coalesce(func.sum(PaperStack.sheets), 0)).where(
        PaperStack.survey_id == survey_id, PaperStack.state == TYPING
    )
    return int(session.scalar(waiting) or 0)


def balance_of(listed: list[ListedStack]) -> StackBalance:
    """Return the balance of these stacks; what was thrown away is in none of it."""
    stacks = [one.stack for one in listed]
    waiting = sum(one.sheets for one in stacks if one.state == TYPING)
    counted = sum(one.counted for one in stacks if one.state == COUNTED)
    invalid = sum(one.invalid for one in stacks if one.state == COUNTED)
    return StackBalance(counted + invalid + waiting, counted, invalid, waiting)


def _typed(
    session: Session, stacks: Sequence[PaperStack]
) -> Mapping[tuple[int, int], int]:
    numbers = [one.id for one in stacks]
    counted = (
        select(TypedCopy.stack_id, TypedCopy.look, func.count())
        .where(TypedCopy.stack_id.in_(numbers))
        .group_by(TypedCopy.stack_id, TypedCopy.look)
    )
    found = Counter[tuple[int, int]]()
    for stack, look, count in session.execute(counted):
        found[stack, look] = count
    return found


def _listed(stack: PaperStack, typed: Mapping[tuple[int, int], int]) -> ListedStack:
    return ListedStack(
        stack, typed.get((stack.id, FIRST), 0), typed.get((stack.id, SECOND), 0)
    )
