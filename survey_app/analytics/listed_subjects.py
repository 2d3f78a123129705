"""The subjects of one survey as a list: what finds, filters and orders them."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from survey_app.analytics.paging import (
    Fact,
    ListAsked,
    ListColumns,
    ListPage,
    Statement,
    matching,
    page_of,
)
from survey_app.appraisal.people import Subject
from survey_app.appraisal.rated import Rated, named_apart
from survey_app.appraisal.scope import Scope
from survey_app.domain.scheme.scheme import SubjectKind
from survey_app.survey.rated import (
    ROSTER,
    ROSTER_INITIALS,
    facts_in,
    named_rated,
    of_kind,
    rated_from,
    subjects_of,
)
from survey_app.survey.tables import RatedSubject, Survey, SurveySubject

_FACTS = facts_in(RatedSubject)
SEARCHED: tuple[Fact, ...] = (
    func.coalesce(_FACTS["cadre_name"], _FACTS["unit_name"]),
    _FACTS["unit_name"],
    _FACTS["unit_code"],
    func.coalesce(_FACTS["cadre_code"], ""),
    func.coalesce(RatedSubject.initials, ROSTER_INITIALS),
)
"""Name, unit, codes and initials."""


def subject_columns(orders: Mapping[str, Fact]) -> ListColumns:
    """Return by what the rows of `subjects_of` are found, and these orders."""
    return ListColumns(
        always=(
            RatedSubject.position,
            _FACTS["unit_code"],
            Subject.cadre_id.is_not(None),
            SurveySubject.subject_id,
        ),
        search=SEARCHED,
        within=lambda scope: scope.condition(Subject.unit_id),
        unit_code=_FACTS["unit_code"],
        unit_name=_FACTS["unit_name"],
        orders={"name": SEARCHED[0], "unit": _FACTS["unit_code"], **orders},
    )


def subjects_page(
    session: Session, survey_id: int, asked: ListAsked
) -> ListPage[Rated]:
    """Return one page of a survey's subjects."""
    page = page_of(session, subjects_of(survey_id), subject_columns({}), asked)
    return page.holding(told_apart_here(named_rated(row) for row in page.rows))


def rated_within(session: Session, survey_id: int, scope: Scope) -> list[int]:
    """Return whom of a survey's subjects the scope holds, in one statement."""
    ours = select(SurveySubject.subject_id).where(
        SurveySubject.survey_id == survey_id, scope.of_subject(SurveySubject.subject_id)
    )
    return list(session.scalars(ours.order_by(SurveySubject.subject_id)))


def subjects_in(session: Session, survey_id: int) -> int:
    """Return how many subjects a survey has."""
    ours = SurveySubject.survey_id == survey_id
    counted = select(func.count()).select_from(SurveySubject).where(ours)
    return session.scalar(counted) or 0


_ROSTER_COLUMNS = ListColumns(
    always=(ROSTER["unit_code"], Subject.cadre_id.is_not(None), Subject.id),
    search=(
        func.coalesce(ROSTER["cadre_name"], ROSTER["unit_name"]),
        ROSTER["unit_name"],
        ROSTER["unit_code"],
        func.coalesce(ROSTER["cadre_code"], ""),
        ROSTER_INITIALS,
    ),
    within=lambda scope: scope.condition(Subject.unit_id),
    unit_code=ROSTER["unit_code"],
    unit_name=ROSTER["unit_name"],
    orders={
        "name": func.coalesce(ROSTER["cadre_name"], ROSTER["unit_name"]),
        "unit": ROSTER["unit_code"],
    },
)


def _offer(survey: Survey) -> Statement:
    """Return whom a draft's component is about and who is not in it yet."""
    kind = survey.component.about if survey.component else SubjectKind.CADRE
    there = exists().where(
        SurveySubject.survey_id == survey.id, SurveySubject.subject_id == Subject.id
    )
    return of_kind(kind).where(~there)


def offered_page(session: Session, survey: Survey, asked: ListAsked) -> ListPage[Rated]:
    """Return one page of those who can be added to a draft, told apart on this page."""
    page = page_of(session, _offer(survey), _ROSTER_COLUMNS, asked)
    return page.holding(named_apart(rated_from(row) for row in page.rows))


def offered_ids(
    session: Session,
    survey: Survey,
    *,
    found: ListAsked | None = None,
    some: Collection[int] = (),
) -> list[int]:
    """Return the numbers of those who can be added: all that are found, or of some."""
    wanted = Subject.id.in_(some) if found is None else matching(_ROSTER_COLUMNS, found)
    numbers = _offer(survey).where(wanted).with_only_columns(Subject.id)
    return list(session.scalars(numbers.order_by(Subject.id)))


def told_apart_here(rated: Iterable[Rated]) -> list[Rated]:
    """Return them as their survey names them; of a draft, told apart on this page."""
    listed = list(rated)
    return listed if all(one.is_frozen for one in listed) else named_apart(listed)
