"""The subjects of one survey as a list: what finds, filters and orders them."""

from collections.abc import Iterable, Mapping

from sqlalchemy import func
from sqlalchemy.orm import Session

from survey_app.analytics.paging import Fact, ListAsked, ListColumns, ListPage, page_of
from survey_app.appraisal.people import Subject
from survey_app.appraisal.rated import Rated, named_apart
from survey_app.survey.rated import facts_in, named_rated, subjects_of
from survey_app.survey.tables import RatedSubject, SurveySubject

_FACTS = facts_in(RatedSubject)
SEARCHED: tuple[Fact, ...] = (
    func.coalesce(_FACTS["cadre_name"], _FACTS["unit_name"]),
    _FACTS["unit_name"],
    _FACTS["unit_code"],
    func.coalesce(_FACTS["cadre_code"], ""),
    func.coalesce(RatedSubject.initials, ""),
)
"""Name, unit, codes and initials; the last ones once a survey has opened."""


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
        unit_code=_FACTS["unit_code"],
        unit_name=_FACTS["unit_name"],
        orders={"name": SEARCHED[0], **orders},
    )


def subjects_page(
    session: Session, survey_id: int, asked: ListAsked
) -> ListPage[Rated]:
    """Return one page of a survey's subjects."""
    page = page_of(session, subjects_of(survey_id), subject_columns({}), asked)
    return page.holding(told_apart_here(named_rated(row) for row in page.rows))


def told_apart_here(rated: Iterable[Rated]) -> list[Rated]:
    """Return them as their survey names them; of a draft, told apart on this page."""
    listed = list(rated)
    return listed if all(one.is_frozen for one in listed) else named_apart(listed)
