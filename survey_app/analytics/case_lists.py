"""Alerts in lists: by their state, on the list of what was found, and on sheets.

A sheet that is kept stays as it is: what stands beside it is read by key.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from survey_app.alerts.due import LIVE, group_of, label_of
from survey_app.alerts.raising import FoundAlert
from survey_app.alerts.tables import AlertCase
from survey_app.analytics.alerts import ToldAlert
from survey_app.analytics.kept.alerts import KeptAlert
from survey_app.analytics.objections import rated_name
from survey_app.analytics.paging import ListAsked, ListColumns, ListPage, page_of
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.appraisal.scope import EVERYWHERE, Scope
from survey_app.database import seal_key_of
from survey_app.domain.alerts.review import State
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.plain import value_of
from survey_app.domain.ground.refusals import NotFound, PlanChanged
from survey_app.domain.scheme.scheme import Scheme
from survey_app.survey.kept_plan import seal
from survey_app.survey.tables import UNSETTLED, RatedSubject, Survey

Identity = tuple[int, int, str, str, str]
"""Cycle, subject, rule, question and rater group."""


@dataclass(frozen=True, slots=True)
class LastRound:
    """Where the last round of an alert stands."""

    id: int
    state: State
    raised_on: date
    due_on: date | None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One alert in a list."""

    id: int
    cycle_id: int
    subject_id: int
    subject: str
    unit: str
    rule: Bilingual
    group: Bilingual
    state: State
    outcome: str
    measure: str
    raised_on: date
    due_on: date | None
    is_late: bool
    waits: bool
    """Whether an act of it waits for a second person."""
    is_of_body: bool = False
    """On a cadre's sheet: whether it is the leading body's, and so "the unit's"."""


_NAME = func.coalesce(func.nullif(RatedSubject.shown_name, ""), Cadre.name, Unit.name)
_UNIT = func.coalesce(func.nullif(RatedSubject.shown_unit, ""), Unit.name)
_CASE = (
    select(AlertCase, Survey.cycle_id, _NAME.label("subject"), _UNIT.label("unit"))
    .select_from(AlertCase)
    .join(Survey, Survey.id == AlertCase.survey_id)
    .join(Subject, Subject.id == AlertCase.subject_id)
    .join(Unit, Unit.id == Subject.unit_id)
    .outerjoin(Cadre, Cadre.id == Subject.cadre_id)
    .outerjoin(
        RatedSubject,
        (RatedSubject.survey_id == AlertCase.survey_id)
        & (RatedSubject.subject_id == AlertCase.subject_id),
    )
)


def case_within(scope: Scope) -> ColumnElement[bool]:
    """Return the condition of the alerts of some surveys, about units within."""
    ours = scope.of_survey(AlertCase.survey_id)
    return and_(ours, scope.condition(Subject.unit_id))


_COLUMNS = ListColumns(
    always=(AlertCase.due_on.is_(None), AlertCase.due_on, AlertCase.id),
    search=(
        _NAME, _UNIT, Unit.code, func.coalesce(Cadre.initials, ""), Unit.initials,
        func.coalesce(RatedSubject.initials, ""),
    ),
    within=case_within,
    unit_code=Unit.code,
    unit_name=Unit.name,
    orders={
        "name": _NAME, "unit": _UNIT,
        "raised": AlertCase.raised_on, "due": AlertCase.due_on,
    },
)  # fmt: skip


def case_page(
    session: Session,
    asked: ListAsked,
    *,
    today: date,
    state: State | None = None,
) -> ListPage[CaseLine]:
    """Return one page of the alerts in a state, what is due first on top.

    None: in every state but closed.
    """
    stands = AlertCase.state.in_((state,) if state else LIVE)
    page = page_of(session, _CASE.where(stands), _COLUMNS, asked)
    return page.holding(_lines(session, page.rows, today))


def cases_about(
    session: Session,
    cycle_id: int,
    subject_id: int,
    *,
    today: date,
    body_id: int = 0,
    scope: Scope = EVERYWHERE,
) -> tuple[CaseLine, ...]:
    """Return every alert of a cycle about a subject, and of its unit's leading body.

    Of all surveys in the scope. Two statements; one where there is none.
    """
    chosen = _CASE.where(
        AlertCase.cycle_id == cycle_id,
        scope.of_survey(AlertCase.survey_id),
        or_(AlertCase.subject_id == subject_id, AlertCase.subject_id == body_id),
    )
    rows = session.execute(chosen.order_by(AlertCase.id)).all()
    return tuple(_lines(session, rows, today, own=subject_id))


def cases_of_rows(
    session: Session, wanted: Collection[Identity], scope: Scope = EVERYWHERE
) -> Mapping[Identity, LastRound]:
    """Return which alert the last round of each of these is, and how it stands.

    Of the rounds that surveys in the scope raised.
    """
    cycles, subjects = {one[0] for one in wanted}, {one[1] for one in wanted}
    rows = select(AlertCase).where(
        AlertCase.cycle_id.in_(cycles),
        AlertCase.subject_id.in_(subjects),
        scope.of_survey(AlertCase.survey_id),
    )
    found: dict[Identity, LastRound] = {}
    if not wanted:
        return found
    for row in session.scalars(rows.order_by(AlertCase.round)):
        place = (
            row.cycle_id, row.subject_id, row.rule_key, row.question_key,
            row.rater_group,
        )  # fmt: skip
        found[place] = LastRound(row.id, State(row.state), row.raised_on, row.due_on)
    return found


def _lines(
    session: Session, rows: Iterable[Any], today: date, *, own: int = 0
) -> list[CaseLine]:
    every = list(rows)
    cycles = {row.AlertCase.cycle_id for row in every}
    schemes: dict[int, Scheme] = {}
    if cycles:
        known = session.scalars(select(Cycle).where(Cycle.id.in_(cycles)))
        schemes = {cycle.id: cycle.rules for cycle in known}
    return [_line(row, schemes[row.AlertCase.cycle_id], today, own) for row in every]


def _line(row: Any, scheme: Scheme, today: date, own: int) -> CaseLine:
    case: AlertCase = row.AlertCase
    return CaseLine(
        id=case.id,
        cycle_id=case.cycle_id,
        subject_id=case.subject_id,
        subject=row.subject,
        unit=row.unit,
        rule=label_of(scheme, case.rule_key),
        group=group_of(scheme, case.rule_key, case.rater_group),
        state=State(case.state),
        outcome=case.outcome,
        measure=case.measure,
        raised_on=case.raised_on,
        due_on=case.due_on,
        is_late=case.due_on is not None and case.due_on < today,
        waits=case.waiting is not None,
        is_of_body=bool(own) and case.subject_id != own,
    )


@dataclass(frozen=True, slots=True)
class Openable:
    """What was found and is no alert by itself: near, or of too little data."""

    found: FoundAlert
    told: ToldAlert
    subject: tuple[str, str]
    """Its name and its unit's."""
    survey: str
    cycle_id: int


def openable(
    session: Session, survey_id: int, subject_id: int, number: int
) -> Openable:
    """Return what a case can be opened of by hand.

    Raises NotFound, or PlanChanged where the kept row is not as it was sealed.
    """
    row = session.get(KeptAlert, (survey_id, subject_id, number))
    survey = session.get(Survey, survey_id)
    if row is None or survey is None or survey.state in UNSETTLED:
        raise NotFound
    sealed = (
        row.survey_id, row.subject_id, row.number, row.part, row.place, row.position,
        row.told, row.rests_on,
    )  # fmt: skip
    if row.seal != seal(seal_key_of(session), *sealed):
        raise PlanChanged
    told = value_of(ToldAlert, json.loads(row.told))
    alert = told.alert
    return Openable(
        FoundAlert(subject_id, alert.rule, alert.question, alert.group),
        told,
        rated_name(session, subject_id),
        survey.title,
        survey.cycle_id,
    )
