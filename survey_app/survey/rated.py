"""How the tables say who is rated: by the frozen facts, or else by the roster.

Everybody who names a subject of a survey, its unit, post or title asks here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased, object_session

from survey_app.appraisal.frozen_facts import FACTS, CycleSubject
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.appraisal.rated import Rated, RatedCadre, RatedUnit, named_apart
from survey_app.appraisal.roster.kept_roster import InUse
from survey_app.survey.tables import (
    CLOSED,
    VOID,
    Channel,
    RatedSubject,
    Survey,
    SurveySubject,
)

PARENT = aliased(Unit)
OWN_COLUMNS = 3 + len(FACTS)
"""How many columns `rated_from` reads."""


Fact = ColumnElement[Any]
Statement = Select[*tuple[Any, ...]]

ROSTER: dict[str, Fact] = {
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
ROSTER_INITIALS: Fact = func.coalesce(Cadre.initials + " ", "") + Unit.initials
"""By what the roster is searched besides: initials of the name, then of the unit."""


def of_roster(chosen: Statement, *, with_nobody: bool = False) -> Statement:
    """Return the statement about subjects with what the roster says of them.

    `with_nobody` keeps the rows in which there is no subject.
    """
    return (
        chosen.join(Unit, Unit.id == Subject.unit_id, isouter=with_nobody)
        .outerjoin(PARENT, PARENT.id == Unit.parent_id)
        .outerjoin(Cadre, Cadre.id == Subject.cadre_id)
    )


def facts_in(*frozen: type[RatedSubject | CycleSubject]) -> dict[str, Fact]:
    """Return fact → as the first table that knows it has it, else as the roster."""
    return {
        name: func.coalesce(*(getattr(table, name) for table in frozen), ROSTER[name])
        for name in FACTS
    }


def rated_in(
    session: Session, survey_ids: Iterable[int], *, some: Iterable[int] | None = None
) -> dict[int, list[Rated]]:
    """Return survey → its subjects by number, in one statement; none if none is named.

    A survey without subjects has an empty list. `some` names all that are asked for.
    """
    found: dict[int, list[Rated]] = {survey_id: [] for survey_id in survey_ids}
    if not found:
        return found
    chosen = _asked_about(SurveySubject.survey_id.expression, *_told(RatedSubject))
    if some is not None:
        chosen = chosen.where(SurveySubject.subject_id.in_(some))
    wanted = chosen.where(SurveySubject.survey_id.in_(found)).order_by(Subject.id)
    for survey_id, *told in session.execute(wanted):
        found[survey_id].append(rated_from(told))
    return {survey_id: named_apart(rated) for survey_id, rated in found.items()}


def _asked_about(*told: Fact) -> Statement:
    """Return the statement about the subjects of surveys, with these columns."""
    chosen = select(*told).select_from(SurveySubject)
    return of_roster(
        chosen.join(Subject, Subject.id == SurveySubject.subject_id)
    ).outerjoin(
        RatedSubject,
        (RatedSubject.survey_id == SurveySubject.survey_id)
        & (RatedSubject.subject_id == SurveySubject.subject_id),
    )


NAMES: tuple[Fact, ...] = (
    RatedSubject.shown_name.expression,
    RatedSubject.shown_unit.expression,
)


def subjects_of(survey_id: int, *beside: Fact) -> Statement:
    """Return the statement about one survey's subjects, for `named_rated` to read.

    `beside` are more columns, which stand behind what it reads.
    """
    chosen = _asked_about(*_told(RatedSubject), *NAMES, *beside)
    return chosen.where(SurveySubject.survey_id == survey_id)


def channels_of(survey_id: int, *beside: Fact) -> Statement:
    """Return the same about one survey's channels that ask about somebody."""
    chosen = (
        select(*_told(RatedSubject), *NAMES, *beside)
        .select_from(Channel)
        .outerjoin(Subject, Subject.id == Channel.subject_id)
        .outerjoin(
            RatedSubject,
            (RatedSubject.survey_id == Channel.survey_id)
            & (RatedSubject.subject_id == Channel.subject_id),
        )
    )
    ours = Channel.survey_id == survey_id
    return of_roster(chosen, with_nobody=True).where(ours, leads_somewhere())


def leads_somewhere() -> ColumnElement[bool]:
    """Return whether a channel's survey asks about whom the channel names."""
    asked = (SurveySubject.survey_id == Channel.survey_id) & (
        SurveySubject.subject_id == Channel.subject_id
    )
    return Channel.subject_id.is_(None) | exists().where(asked)


def named_rated(row: Sequence[Any]) -> Rated:
    """Return the subject of a row of `subjects_of`, named as its survey has settled.

    Without a look at the others: of a draft, or where nothing was frozen, it has its
    bare name.
    """
    shown_name, shown_unit = row[OWN_COLUMNS : OWN_COLUMNS + len(NAMES)]
    one = rated_from(row[:OWN_COLUMNS])
    if not shown_name:
        return one
    return replace(
        one,
        told=shown_name if shown_name != one.bare_name else "",
        unit=replace(one.unit, told=shown_unit if shown_unit != one.unit.name else ""),
    )


def rated_some(
    session: Session, survey_id: int, subject_ids: Iterable[int]
) -> list[Rated]:
    """Return some subjects of a survey by key, in the order of lists.

    Whoever the survey is not about is absent.
    """
    chosen = subjects_of(survey_id).where(SurveySubject.subject_id.in_(subject_ids))
    return in_order(named_rated(row) for row in session.execute(chosen))


def rated_of(session: Session, survey_id: int) -> list[Rated]:
    """Return the subjects of one survey by number."""
    return rated_in(session, [survey_id])[survey_id]


def session_of(survey: Survey) -> Session:
    """Return whoever read the survey; ValueError where nobody can ask for more."""
    found = object_session(survey)
    if found is None:
        raise ValueError("the survey is a picture of a moment")
    return found


def subject_ids_of(survey: Survey) -> list[int]:
    """Return the numbers of the survey's subjects, in order."""
    ours = SurveySubject.survey_id == survey.id
    wanted = select(SurveySubject.subject_id).where(ours)
    return list(session_of(survey).scalars(wanted.order_by(SurveySubject.subject_id)))


def in_order(rated: Iterable[Rated]) -> list[Rated]:
    """Return them as lists show them: by unit code, the leading body first."""
    return sorted(rated, key=lambda r: (r.unit.code, r.cadre is not None, r.id))


def rated_in_cycle(
    session: Session,
    cycle_id: int,
    *,
    is_settled: bool = False,
    some: Iterable[int] | None = None,
) -> list[Rated]:
    """Return the subjects of a cycle in the order of lists, in one statement.

    Whoever was rated stands where the cycle has frozen it, everybody else where the
    roster has it; in a settled cycle there is nobody else. `some` names all that are
    asked for.
    """
    chosen = known_in_cycle(cycle_id, is_settled=is_settled)
    if some is not None:
        chosen = chosen.where(Subject.id.in_(some))
    return in_order(named_apart([rated_from(told) for told in session.execute(chosen)]))


def known_in_cycle(cycle_id: int, *beside: Fact, is_settled: bool) -> Statement:
    """Return the statement about a cycle's subjects, for `rated_from` to read.

    `beside` are more columns, which stand behind what it reads.
    """
    told = _told(CycleSubject, RatedSubject)
    chosen = of_cycle(select(*told, *beside), cycle_id)
    if is_settled:
        chosen = chosen.where(CycleSubject.subject_id.is_not(None))
    return chosen


def is_frozen_in_cycle() -> ColumnElement[bool]:
    """Return whether an opening or the settling has frozen a subject of these."""
    return or_(
        CycleSubject.subject_id.is_not(None), RatedSubject.subject_id.is_not(None)
    )


def in_use(session: Session) -> InUse:
    """Return whom and which cycles surveys hold fast, in two statements."""
    closed = select(Survey.cycle_id).where(Survey.state == CLOSED)
    return InUse(
        rated=frozenset(session.scalars(select(RatedSubject.subject_id).distinct())),
        with_results=frozenset(session.scalars(closed)),
    )


def of_kind(kind: str) -> Statement:
    """Return the statement about everybody of this kind as the roster has them now.

    `rated_from` reads its rows.
    """
    own = Subject.id, Subject.kind, false()
    told = select(*own, *(ROSTER[name] for name in FACTS)).select_from(Subject)
    return of_roster(told).where(Subject.kind == kind)


def of_cycle(chosen: Statement, cycle_id: int) -> Statement:
    """Return the statement about subjects with all that one cycle knows of them."""
    first = _first_opening(cycle_id, Subject.id)
    settled = CycleSubject.subject_id == Subject.id
    rated = RatedSubject.subject_id == Subject.id
    return (
        of_roster(chosen.select_from(Subject))
        .outerjoin(CycleSubject, settled & (CycleSubject.cycle_id == cycle_id))
        .outerjoin(RatedSubject, rated & (RatedSubject.survey_id == first))
    )


def in_cycle(name: str) -> Fact:
    """Return one fact in a statement that went through `of_cycle`."""
    return facts_in(CycleSubject, RatedSubject)[name]


def _first_opening(cycle_id: int, subject: Any) -> Fact:
    """Return the first opening of the cycle that reached a subject and is not void."""
    reached = aliased(RatedSubject)
    return (
        select(reached.survey_id)
        .join(Survey, Survey.id == reached.survey_id)
        .where(Survey.cycle_id == cycle_id, Survey.state != VOID)
        .where(reached.subject_id == subject)
        .order_by(reached.turn)
        .limit(1)
        .scalar_subquery()
    )


def _told(*frozen: type[RatedSubject | CycleSubject]) -> tuple[Fact, ...]:
    """Return the columns `rated_from` reads."""
    is_frozen = or_(*(table.subject_id.is_not(None) for table in frozen))
    own = Subject.id.expression, Subject.kind.expression, is_frozen.label("is_frozen")
    facts = facts_in(*frozen).items()
    return (*own, *(fact.label(name) for name, fact in facts))


def rated_from(told: Sequence[Any]) -> Rated:
    """Return the subject of a row: number, kind, whether frozen, and FACTS."""
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
