"""The way of an alert: every sequence of acts there is, and what none can do."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from survey_app.domain.alerts.review import (
    BY_FOLLOW_UP,
    BY_THE_PROGRAM,
    FILES,
    Act,
    Case,
    ClosedAs,
    State,
    after,
    outcomes,
    possible,
)
from survey_app.domain.scheme.review_rules import Measure

POINTS = frozenset({"talks"})
MEASURES = (Measure.NONE, Measure.WAITING)


def steps(case: Case) -> Iterator[tuple[Act, Case]]:
    """Yield every act that is possible with every way it can turn out."""
    for act in possible(case):
        alone = act in {Act.CONFIRM, Act.DECLINE, *BY_THE_PROGRAM, *FILES}
        for needs_two in (False,) if alone else (False, True):
            then = after(case, act, needs_two=needs_two)
            done = case.waiting if act is Act.CONFIRM else None if needs_two else act
            if done is Act.CHECK:
                yield act, replace(then, lacking=frozenset())
            elif done is Act.DECIDE:
                yield from ((act, replace(then, measure=one)) for one in MEASURES)
            elif done is Act.PLAN:
                yield from (
                    (act, replace(then, is_rechecked=one)) for one in (False, True)
                )
            else:
                yield act, then


def reachable(*, is_rating: bool) -> dict[Case, list[tuple[Act, Case]]]:
    """Return every case any sequence of acts leads to, with the steps from it."""
    first = Case(lacking=POINTS, is_rating=is_rating)
    found: dict[Case, list[tuple[Act, Case]]] = {}
    waiting = deque([first])
    while waiting:
        case = waiting.popleft()
        if case not in found:
            found[case] = list(steps(case))
            waiting.extend(then for _, then in found[case])
    return found


ALERTS, RATINGS = reachable(is_rating=False), reachable(is_rating=True)
ORDER = list(State)


def test_nobody_decides_before_all_was_looked_into_and_the_person_heard() -> None:
    for case, ways in ALERTS.items():
        for act, _ in ways:
            if act is Act.DECIDE:
                assert case.state is State.HEARD
                assert not case.lacking


def test_no_act_leaves_a_state_out_or_goes_back_but_lifting() -> None:
    for case, ways in ALERTS.items():
        for act, then in ways:
            done = case.waiting if act is Act.CONFIRM else act
            step = ORDER.index(then.state) - ORDER.index(case.state)
            skips = case.measure is Measure.NONE and done is Act.CLOSE
            assert step in (0, 1) or done is Act.LIFT or skips, (case, act)


def test_a_measure_is_there_exactly_from_a_decision_on() -> None:
    for case in ALERTS:
        decided = case.state in (State.DECIDED, State.FOLLOWING)
        assert (case.measure is not None) == decided or not case.is_live


def test_only_a_re_check_closes_a_measure_and_what_is_closed_stays_so() -> None:
    for case, ways in ALERTS.items():
        found = outcomes(case)
        assert set(found) <= {*BY_FOLLOW_UP, ClosedAs.NO_MEASURE}
        if ClosedAs.IMPROVED in found:
            assert case.is_rechecked
        if not case.is_live:
            assert [act for act, _ in ways] == [Act.ATTACH]


def test_while_an_act_waits_nothing_else_happens() -> None:
    for case, ways in (ALERTS | RATINGS).items():
        if case.waiting is None:
            continue
        moved = {act for act, then in ways if then != case}
        assert moved == {Act.CONFIRM, Act.DECLINE}
        declined = next(then for act, then in ways if act is Act.DECLINE)
        assert declined == replace(case, waiting=None)


def test_the_program_moves_no_alert() -> None:
    for case, ways in (ALERTS | RATINGS).items():
        assert all(then == case for act, then in ways if act in BY_THE_PROGRAM)


def test_every_alert_can_come_to_an_end() -> None:
    for known in (ALERTS, RATINGS):
        ends = {case for case in known if not case.is_live}
        assert ends
        grown = True
        while grown:
            more = {
                case
                for case, ways in known.items()
                if case not in ends and any(then in ends for _, then in ways)
            }
            ends |= more
            grown = bool(more)
        assert ends == set(known)


def test_bad_ratings_are_handled_and_decide_nothing() -> None:
    ways = [act for steps_of in RATINGS.values() for act, _ in steps_of]
    assert Act.DECIDE not in ways
    assert Act.HEAR not in ways
    closable = [case for case in RATINGS if ClosedAs.HANDLED in outcomes(case)]
    assert closable
    assert not any(case.lacking for case in closable)
