"""Raise alerts: once, when the results of a survey become final, from what is kept.

An alert is the same through a whole cycle: another survey that finds it again adds an
act. What a survey found once and does not find any more, because it was corrected or
voided, is lifted with the reason.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey_app.accounts.record import note
from survey_app.accounts.second_person import given_so_far
from survey_app.alerts.tables import AlertAct, AlertCase
from survey_app.domain.alerts.review import Act, ClosedAs, State
from survey_app.domain.scheme.alert_watch import ORDINARY, AlertKind, AlertWatch
from survey_app.domain.scheme.review_rules import RATING_CHECKS
from survey_app.domain.scheme.scheme import Scheme
from survey_app.survey.survey_acts import SurveyAct
from survey_app.survey.tables import VOID, Survey

BATCH = 500


@dataclass(frozen=True, slots=True, order=True)
class FoundAlert:
    """What a rule found about one subject in a survey."""

    subject_id: int
    rule: str
    question: str
    group: str
    """Rater-group key, or POOLED."""


def raise_alerts(
    session: Session, survey_id: int, found: Collection[FoundAlert], *, today: date
) -> None:
    """Let every alert that was found in a settled survey be raised; commits.

    `found` is all of them. Called again it raises nothing twice. What the counts of
    this survey raised before and is not among them is lifted.
    """
    survey = session.get_one(Survey, survey_id, with_for_update=True)
    cases = _of_cycle(session, survey.cycle_id, {one.subject_id for one in found})
    seen = _seen_by(session, survey_id)
    anew, again = [], []
    for one in sorted(set(found) - seen):
        last = cases.get(one)
        if last is None or last.state == State.CLOSED:
            anew.append((one, last))
        else:
            again.append(last)
    insert_rounds(session, survey, anew, today)
    for case in again:
        add_act(session, case, Act.FOUND_AGAIN, today, survey_id=survey_id)
    gone = seen - set(found)
    for case in live_cases(session, survey_id, by_counts=True):
        if identity(case) in gone:
            lift(session, case, "", today)  # nobody did it: the counts did
    session.commit()


def raise_by_hand(
    session: Session,
    survey_id: int,
    found: FoundAlert,
    *,
    account: str,
    reason: str,
    today: date,
) -> int:
    """Open a case of what is only near a threshold, or of too little data.

    Return its number: of the live one where there is one already. Commits.
    """
    survey = session.get_one(Survey, survey_id, with_for_update=True)
    last = _of_cycle(session, survey.cycle_id, {found.subject_id}).get(found)
    if last is not None and last.state != State.CLOSED:
        session.rollback()
        return last.id
    by: dict[str, Any] = {"account": account, "reason": reason}
    by |= {"given_before": given_so_far(session)}
    (number,) = insert_rounds(session, survey, [(found, last)], today, **by)
    session.commit()
    return number


def lift_for(
    session: Session, case: AlertCase, act: SurveyAct, *, but: Collection[int] = ()
) -> None:
    """Lift a case because a survey was voided; what another one found is raised anew.

    `but`: surveys that do not count as another one. Does not commit: it belongs to the
    act that voids, whose reason and second account it takes over.
    """
    today = act.granted_on or act.asked_on
    lift(session, case, act.reason, today, account=act.granted_by or "")
    others = select(AlertAct.survey_id).join(
        Survey, Survey.id == AlertAct.survey_id
    ).where(
        AlertAct.alert_id == case.id,
        AlertAct.kind == Act.FOUND_AGAIN,
        Survey.state != VOID,
        Survey.id.not_in(but),
    )  # fmt: skip
    other = session.scalar(others.order_by(AlertAct.number).limit(1))
    if other is not None:
        again = [(identity(case), case)]
        insert_rounds(session, session.get_one(Survey, other), again, today)


def lift(
    session: Session, case: AlertCase, reason: str, today: date, account: str = ""
) -> None:
    """Close a live alert that does not rest on anything any more; does not commit."""
    case.waiting = None
    outcome = ClosedAs.LIFTED.value
    close_case(case, outcome)
    add_act(
        session, case, Act.LIFT, today, reason=reason, account=account, outcome=outcome,
        after=State.CLOSED,
    )  # fmt: skip


def close_case(case: AlertCase, outcome: str) -> None:
    """Let nothing be due any more."""
    case.outcome, case.due_on = outcome, None


def add_act(
    session: Session,
    case: AlertCase,
    kind: Act,
    today: date,
    *,
    after: State | None = None,
    **told: Any,
) -> AlertAct:
    """Add the next act of an alert, which stands in `after` from now on."""
    before = case.state
    case.state = after.value if after else before
    case.version += 1
    act = AlertAct(
        alert_id=case.id, number=case.version, kind=kind.value, day=today,
        before=before, after=case.state, **told,
    )  # fmt: skip
    session.add(act)
    said = (told.get("point"), told.get("measure"), told.get("outcome"))
    note(
        session,
        f"alert {kind.value}",
        about=named(case),
        before=before,
        after=" ".join(filter(None, (case.state, *said))),
        reason=told.get("reason", ""),
    )
    return act


def named(case: AlertCase) -> str:
    """Return how the record names an alert."""
    widest = f"cycle:{case.cycle_id} survey:{case.survey_id} subject:{case.subject_id}"
    return f"{widest} alert:{case.id}"


def identity(case: AlertCase) -> FoundAlert:
    """Return which alert of its cycle a case is about."""
    return FoundAlert(
        case.subject_id, case.rule_key, case.question_key, case.rater_group
    )


def _of_cycle(
    session: Session, cycle_id: int, subjects: Collection[int]
) -> dict[FoundAlert, AlertCase]:
    """Return the last round of every alert of these subjects in a cycle."""
    last: dict[FoundAlert, AlertCase] = {}
    every = sorted(subjects)
    for start in range(0, len(every), BATCH):
        some = every[start : start + BATCH]
        wanted = select(AlertCase).where(
            AlertCase.cycle_id == cycle_id, AlertCase.subject_id.in_(some)
        )
        for case in session.scalars(wanted.order_by(AlertCase.round)):
            last[identity(case)] = case
    return last


def _seen_by(session: Session, survey_id: int) -> set[FoundAlert]:
    """Return what this survey raised or found again before."""
    acts = select(AlertAct.alert_id).where(
        AlertAct.survey_id == survey_id, AlertAct.kind == Act.FOUND_AGAIN
    )
    wanted = select(AlertCase).where(
        (AlertCase.survey_id == survey_id) | AlertCase.id.in_(acts)
    )
    return {identity(case) for case in session.scalars(wanted)}


def live_cases(
    session: Session, survey_id: int, *, by_counts: bool = False
) -> Sequence[AlertCase]:
    """Return the cases of this survey that are not closed.

    `by_counts`: only those that counts raised, and that counts can therefore lift.
    """
    wanted = select(AlertCase).where(
        AlertCase.survey_id == survey_id, AlertCase.state != State.CLOSED
    )
    if by_counts:
        first = (AlertAct.alert_id == AlertCase.id) & (AlertAct.number == 1)
        wanted = wanted.join(AlertAct, first).where(AlertAct.account == "")
    return session.scalars(wanted.order_by(AlertCase.id)).all()


def insert_rounds(
    session: Session,
    survey: Survey,
    found: Sequence[tuple[FoundAlert, AlertCase | None]],
    today: date,
    *,
    proposed: str | None = None,
    **by: Any,
) -> list[int]:
    """Insert new rounds with their first act; return their numbers, in this order."""
    scheme = survey.cycle.rules
    given = {} if proposed is None else {"proposed": proposed}
    rows = [_row(survey, scheme, one, last, today) | given for one, last in found]
    numbers: list[int] = []
    for start in range(0, len(rows), BATCH):
        made = session.scalars(
            insert(AlertCase).returning(AlertCase.id, sort_by_parameter_order=True),
            rows[start : start + BATCH],
        )
        numbers.extend(made)
    acts = [
        {
            "alert_id": number, "number": 1, "kind": Act.RAISE.value, "day": today,
            "after": State.RAISED.value, "survey_id": survey.id, **by,
        }
        for number in numbers
    ]  # fmt: skip
    if acts:
        session.execute(insert(AlertAct), acts)
        listed = " ".join(f"alert:{number}" for number in numbers)
        note(
            session, "alert raise", about=f"survey:{survey.id}", after=listed,
            reason=by.get("reason", ""),
        )  # fmt: skip
    return numbers


def is_rating(scheme: Scheme, rule: str) -> bool:
    """Return whether a rule is about bad ratings."""
    return watch_of(scheme, rule).kind is AlertKind.RATING


def watch_of(scheme: Scheme, rule: str) -> AlertWatch:
    """Return what a rule watches; the share itself where the scheme knows no such."""
    return next((one.watch for one in scheme.alerts if one.key == rule), ORDINARY)


def due_of(
    scheme: Scheme, rule: str, raised_on: date, noted: Collection[str] = ()
) -> date:
    """Return when what comes next is due, the points of the checklist noted so far."""
    watch, review = watch_of(scheme, rule), scheme.review
    if watch.kind is not AlertKind.RATING:
        return review.due(raised_on, review.verify_days.value)
    left = [one.key for one in RATING_CHECKS if one.key not in noted]
    point = left[0] if left else RATING_CHECKS[-1].key
    return review.due(raised_on, watch.point_days(point), watch.days.value)


def _row(
    survey: Survey, scheme: Scheme, one: FoundAlert, last: AlertCase | None, today: date
) -> dict[str, Any]:
    return {
        "cycle_id": survey.cycle_id,
        "survey_id": survey.id,
        "subject_id": one.subject_id,
        "rule_key": one.rule,
        "question_key": one.question,
        "rater_group": one.group,
        "round": last.round + 1 if last else 1,
        "follows": last.id if last else None,
        "is_rating": is_rating(scheme, one.rule),
        "proposed": scheme.review.proposal(one.rule) or "",
        "raised_on": today,
        "due_on": due_of(scheme, one.rule, today),
        "version": 1,
        "state": State.RAISED.value,
    }
