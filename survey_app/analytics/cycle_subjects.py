"""The subjects of a cycle as a list to choose from: by the page, by code, by name.

Nobody reads everybody to name one of them.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from survey_app.analytics.paging import (
    Fact,
    ListAsked,
    ListColumns,
    ListPage,
    Statement,
    page_of,
)
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.frozen_facts import CycleSubject
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.appraisal.rated import Rated
from survey_app.appraisal.scope import EVERYWHERE, Scope
from survey_app.appraisal.sheet_rows import KeptSheet
from survey_app.domain.ground.written_value import tidy_name
from survey_app.domain.scheme.scheme import SubjectKind
from survey_app.survey.rated import (
    OWN_COLUMNS,
    ROSTER_INITIALS,
    in_cycle,
    is_frozen_in_cycle,
    known_in_cycle,
    rated_from,
    rated_in_cycle,
)
from survey_app.survey.tables import RatedSubject, Survey

_NAME = func.coalesce(in_cycle("cadre_name"), in_cycle("unit_name"))
COLUMNS = ListColumns(
    always=(in_cycle("unit_code"), Subject.cadre_id.is_not(None), Subject.id),
    search=(
        _NAME,
        in_cycle("unit_name"),
        in_cycle("unit_code"),
        func.coalesce(in_cycle("cadre_code"), ""),
        func.coalesce(KeptSheet.initials, RatedSubject.initials, ROSTER_INITIALS),
    ),
    within=lambda scope: scope.condition(Subject.unit_id),
    unit_code=in_cycle("unit_code"),
    unit_name=in_cycle("unit_name"),
    orders={"name": _NAME},
)
NAMES: tuple[ColumnElement[str], ...] = (
    func.coalesce(KeptSheet.name, ""),
    func.coalesce(KeptSheet.unit, ""),
)


def subjects_in(cycle: Cycle, *beside: ColumnElement[Any]) -> Statement:
    """Return the statement about a cycle's subjects, for `named_in` to read.

    `beside` are more columns, which stand behind what it reads.
    """
    known = known_in_cycle(cycle.id, *NAMES, *beside, is_settled=cycle.is_settled)
    kept = (KeptSheet.subject_id == Subject.id) & (KeptSheet.cycle_id == cycle.id)
    return known.outerjoin(KeptSheet, kept)


def named_in(row: Sequence[Any]) -> Rated:
    """Return the subject of such a row, told from the others as its line is."""
    name, unit = row[OWN_COLUMNS : OWN_COLUMNS + len(NAMES)]
    one = rated_from(row[:OWN_COLUMNS])
    is_told = name != one.bare_name and name.startswith(one.bare_name)
    of_unit = unit if unit.startswith(one.unit.name) else ""
    return replace(
        one, told=name if is_told else "", unit=replace(one.unit, told=of_unit)
    )


def cycle_subjects_page(
    session: Session,
    cycle: Cycle,
    asked: ListAsked,
    *,
    kinds: Collection[str] = tuple(SubjectKind),
    only_frozen: bool = False,
) -> ListPage[Rated]:
    """Return one page of the subjects as the cycle knows them."""
    chosen = subjects_in(cycle).where(Subject.kind.in_([*kinds]))
    if only_frozen:
        chosen = chosen.where(is_frozen_in_cycle())
    return page_of(session, chosen, COLUMNS, asked).of(named_in)


def meant_in_cycle(
    session: Session,
    cycle: Cycle,
    written: str,
    *,
    kinds: Collection[str],
    scope: Scope = EVERYWHERE,
) -> list[Rated]:
    """Return who has this code, or else whoever bears this name in the cycle.

    Nobody outside the scope is found.
    """
    by_code = (
        select(Subject.id)
        .join(Unit, Unit.id == Subject.unit_id)
        .outerjoin(Cadre, Cadre.id == Subject.cadre_id)
        .where(func.coalesce(Cadre.code, Unit.code) == written)
    )
    some = by_code.where(scope.condition(Subject.unit_id))
    found = _known(session, cycle, session.scalars(some).all(), kinds)
    name = tidy_name(written)
    if found or not name:
        return found
    bearing = _within(session, _bearing(session, cycle.id, name), scope)
    named = _known(session, cycle, bearing, kinds)
    return [one for one in named if one.bare_name == name]


def _within(session: Session, subjects: set[int], scope: Scope) -> set[int]:
    """Return those of them that lie within; without a statement where all do."""
    if scope.is_whole or not subjects:
        return subjects
    found = select(Subject.id).where(Subject.id.in_(subjects))
    return set(session.scalars(found.where(scope.condition(Subject.unit_id))))


def _bearing(session: Session, cycle_id: int, name: str) -> set[int]:
    """Return whoever bears a name in the roster or was frozen with it in the cycle."""
    of_roster = (
        select(Subject.id)
        .join(Unit, Unit.id == Subject.unit_id)
        .outerjoin(Cadre, Cadre.id == Subject.cadre_id)
        .where(func.coalesce(Cadre.name, Unit.name) == name)
    )
    survey = aliased(Survey)
    opened = select(RatedSubject.subject_id).join(
        survey, survey.id == RatedSubject.survey_id
    )
    frozen = select(CycleSubject.subject_id).where(CycleSubject.cycle_id == cycle_id)
    return {
        *session.scalars(of_roster),
        *session.scalars(
            opened.where(survey.cycle_id == cycle_id, _is_called(RatedSubject, name))
        ),
        *session.scalars(frozen.where(_is_called(CycleSubject, name))),
    }


def _is_called(table: type[RatedSubject | CycleSubject], name: str) -> Fact:
    return or_(table.cadre_name == name, table.unit_name == name)


def _known(
    session: Session, cycle: Cycle, some: Collection[int], kinds: Collection[str]
) -> list[Rated]:
    rated = rated_in_cycle(
        session, cycle.id, is_settled=cycle.is_settled, some=list(some)
    )
    return [one for one in rated if one.kind in kinds]
