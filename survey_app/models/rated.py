"""How the tables say who is rated: by the frozen facts, or else by the roster.

Everybody who names a subject of a survey, its unit, post or title asks here.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session, aliased

from survey_app.domain.rated import Rated, RatedCadre, RatedUnit, named_apart
from survey_app.models.cadre import Cadre
from survey_app.models.frozen_facts import FACTS, CycleSubject, RatedSubject
from survey_app.models.subject import Subject
from survey_app.models.survey import SurveySubject
from survey_app.models.unit import Unit

PARENT = aliased(Unit)

ROSTER: dict[str, ColumnElement[Any]] = {
    "unit_id": Unit.id.expression,
    "unit_code": Unit.code.expression,
    "unit_name": Unit.name.expression,
    "parent_name": func.coalesce(PARENT.name, ""),
    "cadre_code": Cadre.code.expression,
    "cadre_name": Cadre.name.expression,
    "title": Cadre.title.expression,
    "post": Cadre.post.expression,
}
"""Fact → where the roster has it; see `of_roster`."""


def of_roster(chosen: Select[Any]) -> Select[Any]:
    """Return the statement about subjects with what the roster says of them."""
    return (
        chosen.join(Unit, Unit.id == Subject.unit_id)
        .outerjoin(PARENT, PARENT.id == Unit.parent_id)
        .outerjoin(Cadre, Cadre.id == Subject.cadre_id)
    )


def fact(table: type[RatedSubject | CycleSubject], name: str) -> ColumnElement[Any]:
    """Return one fact: as it was frozen, or as the roster has it."""
    return func.coalesce(getattr(table, name), ROSTER[name])


def rated_in(session: Session, survey_ids: Iterable[int]) -> dict[int, list[Rated]]:
    """Return survey → its subjects by number, in one statement; none if none is named.

    A survey without subjects has an empty list.
    """
    found: dict[int, list[Rated]] = {survey_id: [] for survey_id in survey_ids}
    if not found:
        return found
    chosen = of_roster(
        select(SurveySubject.survey_id, *_told(RatedSubject))
        .select_from(SurveySubject)
        .join(Subject, Subject.id == SurveySubject.subject_id)
    ).outerjoin(
        RatedSubject,
        (RatedSubject.survey_id == SurveySubject.survey_id)
        & (RatedSubject.subject_id == SurveySubject.subject_id),
    )
    wanted = chosen.where(SurveySubject.survey_id.in_(found)).order_by(Subject.id)
    for survey_id, *told in session.execute(wanted):
        found[survey_id].append(_rated(told))
    return {survey_id: named_apart(rated) for survey_id, rated in found.items()}


def rated_of(session: Session, survey_id: int) -> list[Rated]:
    """Return the subjects of one survey by number."""
    return rated_in(session, [survey_id])[survey_id]


def in_order(rated: Iterable[Rated]) -> list[Rated]:
    """Return them as lists show them: by unit code, the leading body first."""
    return sorted(rated, key=lambda r: (r.unit.code, r.cadre is not None, r.id))


def rated_in_cycle(
    session: Session,
    cycle_id: int,
    *,
    is_settled: bool = False,
    beside: int | None = None,
) -> list[Rated]:
    """Return the subjects of a cycle in the order of lists, in one statement.

    Whoever was rated stands where the cycle has frozen it, everybody else where the
    roster has it; in a settled cycle there is nobody else. `beside` names a subject:
    only those of its unit are returned.
    """
    frozen = CycleSubject
    chosen = of_roster(select(*_told(frozen)).select_from(Subject)).outerjoin(
        frozen, (frozen.subject_id == Subject.id) & (frozen.cycle_id == cycle_id)
    )
    if is_settled:
        chosen = chosen.where(frozen.subject_id.is_not(None))
    # Everybody is read even for one unit: a name is told from all others of the cycle.
    rated = named_apart(_rated(told) for told in session.execute(chosen))
    if beside is not None:
        units = {one.unit_id for one in rated if one.id == beside}
        rated = [one for one in rated if one.unit_id in units]
    return in_order(rated)


def rated_of_kind(session: Session, kind: str) -> list[Rated]:
    """Return everybody of this kind as the roster has them now, in one statement."""
    own = Subject.id, Subject.kind, false()
    chosen = of_roster(select(*own, *(ROSTER[name] for name in FACTS)))
    wanted = chosen.where(Subject.kind == kind)
    return in_order(named_apart(_rated(told) for told in session.execute(wanted)))


def _told(table: type[RatedSubject | CycleSubject]) -> tuple[ColumnElement[Any], ...]:
    """Return the columns `_rated` reads."""
    frozen = table.subject_id.is_not(None)
    own = Subject.id.expression, Subject.kind.expression, frozen.label("is_frozen")
    return (*own, *(fact(table, name).label(name) for name in FACTS))


def _rated(told: Sequence[Any]) -> Rated:
    subject, kind, frozen, unit_id, unit_code, unit, parent, code, name, title, post = (
        told
    )
    return Rated(
        id=subject,
        kind=kind,
        unit=RatedUnit(unit_id, unit_code, unit, parent),
        cadre=None if name is None else RatedCadre(code, name, title, post),
        is_frozen=bool(frozen),
    )
