"""What is to be done about alerts, and how many stand where: for the desk.

A fixed number of statements, whose cost is that of the alerts that are not closed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from survey_app.alerts.tables import AlertAct, AlertCase, Objection
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.domain.alerts.review import Act, State
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scheme.review_rules import RATING_CHECKS, Measure
from survey_app.domain.scheme.scheme import POOLED, Scheme
from survey_app.domain.scoring.survey_score import ALL_POOLED

Condition = ColumnElement[bool]
"""What narrows a list to what an account may see, such as the units of its scope.

It may speak of columns of `alert` and of `Subject.unit_id`.
"""

NEXT: dict[State, Act] = {
    State.RAISED: Act.BEGIN,
    State.VERIFYING: Act.HEAR,
    State.HEARD: Act.DECIDE,
    State.DECIDED: Act.PLAN,
    State.FOLLOWING: Act.CLOSE,
}
"""State → the act that leads on from it, once all was looked into."""
LIVE = tuple(state for state in State if state is not State.CLOSED)
"""Named one by one: found by the index, however many were closed in all the years."""
MOST = 50
"""How many are handed out unless more are asked for."""


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many alerts stand in one state."""

    count: int
    oldest: date | None
    """When the oldest of them was raised; None: there is none."""
    late: int
    """Of how many what comes next is overdue."""


@dataclass(frozen=True, slots=True)
class DueAct:
    """One thing that somebody should do about an alert or an objection."""

    alert_id: int | None
    """None: an objection against a score sheet."""
    objection_id: int | None
    cycle_id: int
    subject_id: int
    survey_id: int | None
    """The survey that raised the alert; None: an objection against a score sheet."""
    subject: str
    unit: str
    rule: Bilingual
    """What the rule is called; of an objection against a sheet nothing."""
    group: Bilingual
    """Whose answers raised it; of an objection nothing."""
    act: str
    """What is to be done: an `Act`, or "answer"."""
    due_on: date | None
    is_late: bool
    is_mine: bool
    """Whether it waits for this account: he began it, or nobody did yet, or it needs a
    second person and he did not ask for it."""


ANSWER = "answer"
EVERY_ACT: Collection[str] = (*Act, ANSWER)


def alerts_by_state(
    session: Session,
    *,
    today: date,
    cycle_id: int | None = None,
    condition: Condition | None = None,
) -> Mapping[State, StateCount]:
    """Return for every state how many alerts stand there; one statement."""
    late = func.sum(case((AlertCase.due_on < today, 1), else_=0))
    counted = (
        select(AlertCase.state, func.count(), func.min(AlertCase.raised_on), late)
        .join(Subject, Subject.id == AlertCase.subject_id)
        .where(true() if condition is None else condition)
        .group_by(AlertCase.state)
    )
    if cycle_id is not None:
        counted = counted.where(AlertCase.cycle_id == cycle_id)
    found = {
        State(state): StateCount(n, oldest, int(overdue or 0))
        for state, n, oldest, overdue in session.execute(counted)
    }
    return {state: found.get(state, StateCount(0, None, 0)) for state in State}


def due_acts(
    session: Session,
    account: str,
    *,
    today: date,
    condition: Condition | None = None,
    acts: Collection[str] = EVERY_ACT,
    limit: int = MOST,
) -> tuple[DueAct, ...]:
    """Return what is due about alerts and objections: mine first, then by day.

    `acts` are those that this account may do. Three statements, however many alerts
    there are.
    """
    narrowed = true() if condition is None else condition
    schemes = {one.id: one.rules for one in session.scalars(_cycles())}
    following = _next_act(schemes)
    live = _live(account, following, and_(narrowed, following.in_([*acts])))
    cases = session.execute(live.limit(limit)).all()
    objections = and_(narrowed, literal(ANSWER in acts))
    asked = session.execute(_unanswered(objections).limit(limit)).all()
    found = [
        *(_of_alert(row, schemes[row.cycle_id], account, today) for row in cases),
        *(_of_objection(row, schemes[row.cycle_id], today) for row in asked),
    ]
    return tuple(sorted(found, key=_order)[:limit])


def _cycles() -> Select[Cycle]:
    """Return the statement for the cycles of which anything may be due."""
    live = select(AlertCase.cycle_id).where(AlertCase.state.in_(LIVE))
    asked = select(Objection.cycle_id).where(Objection.answered_on.is_(None))
    return select(Cycle).where(or_(Cycle.id.in_(live), Cycle.id.in_(asked)))


def _next_act(schemes: Mapping[int, Scheme]) -> ColumnElement[str]:
    """Return what leads on from where an alert stands: an act that is possible."""
    check = aliased(AlertAct)
    noted = (
        select(func.count(check.point.distinct()))
        .where(check.alert_id == AlertCase.id, check.kind == Act.CHECK)
        .scalar_subquery()
    )
    wanted = case(
        (AlertCase.is_rating, len(RATING_CHECKS)),
        *(
            (AlertCase.cycle_id == number, len(scheme.review.checks))
            for number, scheme in schemes.items()
        ),
        else_=0,
    )
    looked_into = AlertCase.state.in_((State.VERIFYING, State.HEARD))
    decided_nothing = and_(
        AlertCase.state == State.DECIDED, AlertCase.measure == Measure.NONE
    )
    return case(
        (AlertCase.waiting.is_not(None), Act.CONFIRM.value),
        (and_(looked_into, noted < wanted), Act.CHECK.value),
        (or_(and_(looked_into, AlertCase.is_rating), decided_nothing), Act.CLOSE.value),
        *((AlertCase.state == state, act.value) for state, act in NEXT.items()),
    )


def _order(one: DueAct) -> tuple[bool, date, int]:
    return not one.is_mine, one.due_on or date.max, one.alert_id or 0


def _named(*columns: Any) -> Select[Any]:
    """Return a statement that names the subject beside these columns."""
    name = func.coalesce(Cadre.name, Unit.name)
    return select(*columns, name.label("subject"), Unit.name.label("unit"))


def _live(
    account: str, following: ColumnElement[str], condition: Condition
) -> Select[Any]:
    """Return the statement about alerts something is to be done about."""
    asked_by = AlertAct.account.label("asked_by")
    mine = or_(
        and_(AlertCase.waiting.is_not(None), AlertAct.account != account),
        and_(AlertCase.waiting.is_(None), AlertCase.held_by.in_((account, ""))),
    )
    return (
        _named(
            AlertCase.id, AlertCase.cycle_id, AlertCase.subject_id, AlertCase.rule_key,
            AlertCase.survey_id, AlertCase.rater_group, AlertCase.due_on,
            AlertCase.waiting, AlertCase.held_by, asked_by, following.label("act"),
        )
        .select_from(AlertCase)
        .join(Subject, Subject.id == AlertCase.subject_id)
        .join(Unit, Unit.id == Subject.unit_id)
        .outerjoin(Cadre, Cadre.id == Subject.cadre_id)
        .outerjoin(
            AlertAct,
            and_(
                AlertAct.alert_id == AlertCase.id,
                AlertAct.number == AlertCase.waiting,
            ),
        )
        .where(AlertCase.state.in_(LIVE), condition)
        .order_by(case((mine, 0), else_=1), AlertCase.due_on, AlertCase.id)
    )  # fmt: skip


def _unanswered(condition: Condition) -> Select[Any]:
    return (
        _named(
            Objection.id, Objection.alert_id, Objection.cycle_id, Objection.subject_id,
            AlertCase.survey_id, Objection.answer_by,
            func.coalesce(AlertCase.rule_key, "").label("rule"),
        )
        .select_from(Objection)
        .outerjoin(AlertCase, AlertCase.id == Objection.alert_id)
        .join(Subject, Subject.id == Objection.subject_id)
        .join(Unit, Unit.id == Subject.unit_id)
        .outerjoin(Cadre, Cadre.id == Subject.cadre_id)
        .where(Objection.answered_on.is_(None), condition)
        .order_by(Objection.answer_by, Objection.id)
    )  # fmt: skip


def _of_alert(row: Any, scheme: Scheme, account: str, today: date) -> DueAct:
    waits = row.waiting is not None
    return DueAct(
        alert_id=row.id,
        objection_id=None,
        cycle_id=row.cycle_id,
        subject_id=row.subject_id,
        survey_id=row.survey_id,
        subject=row.subject,
        unit=row.unit,
        rule=label_of(scheme, row.rule_key),
        group=group_of(scheme, row.rule_key, row.rater_group),
        act=Act(row.act),
        due_on=row.due_on,
        is_late=row.due_on is not None and row.due_on < today,
        is_mine=row.asked_by != account if waits else row.held_by in (account, ""),
    )


def _of_objection(row: Any, scheme: Scheme, today: date) -> DueAct:
    return DueAct(
        alert_id=row.alert_id,
        objection_id=row.id,
        cycle_id=row.cycle_id,
        subject_id=row.subject_id,
        survey_id=row.survey_id,
        subject=row.subject,
        unit=row.unit,
        rule=label_of(scheme, row.rule),
        group=Bilingual("", ""),
        act=ANSWER,
        due_on=row.answer_by,
        is_late=row.answer_by < today,
        is_mine=True,
    )


def group_of(scheme: Scheme, rule: str, group: str) -> Bilingual:
    """Return what a rater group is called; its key where the scheme knows none."""
    parts = [
        scheme.component(one.component) for one in scheme.alerts if one.key == rule
    ]
    asked = [one for part in parts if part.survey for one in part.survey.rater_groups]
    known = {one.key: one.label for one in asked} | {POOLED: ALL_POOLED}
    return known.get(group, Bilingual(group, group))


def label_of(scheme: Scheme, rule: str) -> Bilingual:
    """Return what an alert rule is called; its key where the scheme knows none."""
    known = {one.key: one.label for one in scheme.alerts}
    return known.get(rule, Bilingual(rule, rule))
