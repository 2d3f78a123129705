"""The way of an alert from raised to closed: which act is possible when.

raised → under verification (核实研判) → hearing recorded → decision → follow-up →
closed. An act that takes two people waits for the second one, and while it waits
nothing else happens to the alert. What people decide is theirs: nothing here decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from survey_app.domain.scheme.review_rules import Measure


class State(StrEnum):
    """Where an alert stands, in this order."""

    RAISED = "raised"
    VERIFYING = "verifying"
    HEARD = "heard"
    DECIDED = "decided"
    FOLLOWING = "following"
    CLOSED = "closed"


class Act(StrEnum):
    """What happens to an alert."""

    RAISE = "raise"
    BEGIN = "begin"
    CHECK = "check"
    HEAR = "hear"
    DECIDE = "decide"
    PLAN = "plan"
    CLOSE = "close"
    LIFT = "lift"
    """Closed because what it rests on was corrected or voided."""
    FOUND_AGAIN = "found-again"
    """Another survey of the same cycle found the same."""
    CONFIRM = "confirm"
    DECLINE = "decline"
    ATTACH = "attach"
    TAKE_AWAY = "take-away"


class ClosedAs(StrEnum):
    """As what an alert was closed."""

    NO_MEASURE = "no-measure"
    IMPROVED = "improved"
    NO_EVIDENCE = "no-evidence-of-change"
    ESCALATED = "escalated"
    HANDLED = "handled"
    """A bad rating: contacted, verified, rectified, called back."""
    LIFTED = "lifted"


BY_THE_PROGRAM = frozenset({Act.RAISE, Act.FOUND_AGAIN})
"""What follows from counts alone; everything else is somebody's act."""
FILES = frozenset({Act.ATTACH, Act.TAKE_AWAY})
BY_FOLLOW_UP = (ClosedAs.IMPROVED, ClosedAs.NO_EVIDENCE, ClosedAs.ESCALATED)
"""As what a follow-up can end."""


@dataclass(frozen=True, slots=True)
class Case:
    """What decides which acts are possible."""

    state: State = State.RAISED
    waiting: Act | None = None
    """The act that waits for a second person."""
    measure: Measure | None = None
    """What was decided."""
    lacking: frozenset[str] = frozenset()
    """Points of the checklist nobody has noted yet."""
    is_rechecked: bool = False
    """Whether the results of the follow-up's survey are final."""
    is_rating: bool = False
    """Whether it is about bad ratings, which are handled and decide nothing."""

    @property
    def is_live(self) -> bool:
        """Whether anything can still become of it."""
        return self.state is not State.CLOSED


def possible(case: Case) -> frozenset[Act]:
    """Return every act that is possible now, those of the program included."""
    return frozenset(_possible(case))


def _possible(case: Case) -> Iterator[Act]:
    yield Act.ATTACH
    if not case.is_live:
        return
    yield Act.TAKE_AWAY
    yield Act.FOUND_AGAIN
    if case.waiting is not None:
        yield from (Act.CONFIRM, Act.DECLINE)
        return
    yield Act.LIFT
    if case.state is State.RAISED:
        yield Act.BEGIN
    if case.state in (State.VERIFYING, State.HEARD):
        yield Act.CHECK
        yield from () if case.is_rating else (Act.HEAR,)
    if case.state is State.HEARD and not case.lacking:
        yield Act.DECIDE
    if case.state in (State.DECIDED, State.FOLLOWING):
        yield Act.PLAN
    if outcomes(case):
        yield Act.CLOSE


def outcomes(case: Case) -> tuple[ClosedAs, ...]:
    """Return as what it could be closed now; empty: not at all."""
    if case.waiting is not None:
        return ()
    if case.state is State.VERIFYING and case.is_rating and not case.lacking:
        return (ClosedAs.HANDLED,)
    if case.state is State.DECIDED and case.measure is Measure.NONE:
        return (ClosedAs.NO_MEASURE,)
    if case.state is State.FOLLOWING and case.is_rechecked:
        return BY_FOLLOW_UP
    return ()


LEADS_TO: dict[Act, State] = {
    Act.BEGIN: State.VERIFYING,
    Act.HEAR: State.HEARD,
    Act.DECIDE: State.DECIDED,
    Act.PLAN: State.FOLLOWING,
    Act.CLOSE: State.CLOSED,
    Act.LIFT: State.CLOSED,
}
"""Act → the state after it; any other leaves the alert where it stands."""


def after(case: Case, act: Act, *, needs_two: bool = False) -> Case:
    """Return the case after an act that is possible.

    With `needs_two` the act only waits from now on. Raises ValueError for an act that
    is not possible.
    """
    if act not in possible(case):
        raise ValueError(act)
    if act is Act.DECLINE:
        return replace(case, waiting=None)
    if act is Act.CONFIRM:
        done = case.waiting
        assert done is not None  # noqa: S101 -- else it would not be possible
        return replace(case, waiting=None, state=LEADS_TO.get(done, case.state))
    if needs_two:
        return replace(case, waiting=act)
    return replace(case, state=LEADS_TO.get(act, case.state))
