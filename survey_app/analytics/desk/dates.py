"""The year in days: when surveys open and end, and what is due about alerts.

Own data only. Each kind of day is one statement in a table, as what is due is.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey_app.alerts.tables import AlertCase, Objection
from survey_app.analytics.desk.found import of_scope
from survey_app.analytics.paging import Statement
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.appraisal.scope import Scope
from survey_app.domain.alerts.review import State
from survey_app.domain.ground.marked import message
from survey_app.survey.tables import CLOSED, CLOSING, VOID, Survey

MOST = 200
"""So many days of a kind are listed."""


@dataclass(frozen=True, slots=True)
class DeskSpan:
    """The days that are asked for."""

    first: date
    last: date
    today: date


@dataclass(frozen=True, slots=True)
class DayKind:
    """One kind of day: what it is called, which page it leads to, who sees that."""

    key: str
    says: str
    """Marked for translators; "%(about)s" is who or what it is about."""
    seen: str
    """The endpoint that shows such things: whoever may call it sees the day."""
    page: str
    """The endpoint it leads to, where whoever looks may call that too."""
    at: str
    """What its address names."""
    listed: Callable[[DeskSpan, Scope], Statement]
    """Selects the day, the key for the address, and the name; by day, not cut."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One entry of the calendar."""

    on: date
    kind: DayKind
    key: int
    about: str

    @property
    def at(self) -> dict[str, Any]:
        """What the address of its page names."""
        return {self.kind.at: self.key}


def days(
    session: Session, kinds: Iterable[tuple[DayKind, Scope]], span: DeskSpan
) -> tuple[list[CalendarDay], bool]:
    """Return the days of these kinds by date, and whether there are more of a kind."""
    found: list[CalendarDay] = []
    is_cut = False
    for kind, scope in kinds:
        rows = session.execute(kind.listed(span, scope).limit(MOST + 1)).all()
        found += [CalendarDay(on, kind, key, about) for on, key, about in rows[:MOST]]
        is_cut = is_cut or len(rows) > MOST
    return sorted(found, key=lambda day: (day.on, day.kind.key, day.key)), is_cut


def by_month(
    found: Iterable[CalendarDay],
) -> Iterator[tuple[date, list[CalendarDay]]]:
    """Yield the first of each month that has days, with them."""
    for month, some in groupby(found, key=lambda day: day.on.replace(day=1)):
        yield month, list(some)


def _of_survey(
    day: InstrumentedAttribute[date],
) -> Callable[[DeskSpan, Scope], Statement]:
    def listed(span: DeskSpan, scope: Scope) -> Statement:
        ours = day.between(span.first, span.last), Survey.state != VOID
        over = Survey.state.in_((CLOSING, CLOSED)), day > span.today
        chosen = select(day, Survey.id, Survey.title).where(*ours, ~and_(*over))
        return chosen.where(of_scope(scope)).order_by(day)

    return listed


def _name() -> ColumnElement[str]:
    return func.coalesce(Unit.name + " " + Cadre.name, Unit.name)


def _about_subjects(chosen: Statement, scope: Scope) -> Statement:
    """Return the statement with the subject's name, of subjects within."""
    return (
        chosen.join(Unit, Unit.id == Subject.unit_id)
        .outerjoin(Cadre, Cadre.id == Subject.cadre_id)
        .where(scope.condition(Subject.unit_id))
    )


def _of_alerts(*, following: bool) -> Callable[[DeskSpan, Scope], Statement]:
    def listed(span: DeskSpan, scope: Scope) -> Statement:
        chosen = (
            select(AlertCase.due_on, AlertCase.id, _name())
            .join(Subject, Subject.id == AlertCase.subject_id)
            .where(
                AlertCase.due_on.between(span.first, span.last),
                scope.of_survey(AlertCase.survey_id),
                AlertCase.state == State.FOLLOWING.value
                if following
                else AlertCase.state.not_in((State.FOLLOWING, State.CLOSED)),
            )
        )
        return _about_subjects(chosen, scope).order_by(AlertCase.due_on)

    return listed


def _of_objections(span: DeskSpan, scope: Scope) -> Statement:
    chosen = (
        select(Objection.answer_by, Objection.id, _name())
        .join(Subject, Subject.id == Objection.subject_id)
        .where(
            Objection.answer_by.between(span.first, span.last),
            Objection.answered_on.is_(None),
        )
    )
    return _about_subjects(chosen, scope).order_by(Objection.answer_by)


def _of_cycles(span: DeskSpan, _scope: Scope) -> Statement:
    settled = select(Cycle.settled_on, Cycle.id, Cycle.name)
    return settled.where(Cycle.settled_on.between(span.first, span.last)).order_by(
        Cycle.settled_on
    )


DAYS: tuple[DayKind, ...] = (
    DayKind(
        "opens", message("%(about)s opens"), "office.surveys", "office.survey",
        "survey_id",
        _of_survey(Survey.opens_on),
    ),
    DayKind(
        "closes", message("Last day of %(about)s"), "office.surveys", "office.survey",
        "survey_id",
        _of_survey(Survey.closes_on),
    ),
    DayKind(
        "follow-up", message("Follow-up due: %(about)s"), "office.alert",
        "office.alert", "alert_id",
        _of_alerts(following=True),
    ),
    DayKind(
        "alert", message("Deadline of an alert: %(about)s"), "office.alert",
        "office.alert", "alert_id",
        _of_alerts(following=False),
    ),
    DayKind(
        "objection", message("Objection to answer by: %(about)s"), "office.objection",
        "office.objection", "objection_id", _of_objections,
    ),
    DayKind(
        "settled", message("Cycle settled: %(about)s"), "office.cycle", "office.cycle",
        "cycle_id", _of_cycles,
    ),
)  # fmt: skip
