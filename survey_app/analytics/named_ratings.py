"""Named ratings: those that count, and the whole list with its history."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.analytics.cycle_subjects import COLUMNS as BY_SUBJECT
from survey_app.analytics.cycle_subjects import named_in, subjects_in
from survey_app.analytics.paging import ListAsked, ListPage, Statement, page_of
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.named_ratings import NamedRatingEntry
from survey_app.appraisal.people import Subject
from survey_app.appraisal.rated import Rated
from survey_app.domain.counting.evidence import NamedRating
from survey_app.domain.ground.refusals import NotFound

COLUMNS = replace(
    BY_SUBJECT,
    always=(*BY_SUBJECT.always, NamedRatingEntry.id),
    search=(*BY_SUBJECT.search, NamedRatingEntry.rater),
    orders={},
)
Signed = dict[tuple[str, int], dict[str, tuple[NamedRating, ...]]]
"""(component, subject) → rater group → what was signed, in the order entered."""


@dataclass(frozen=True, slots=True)
class RatingLine:
    """One entry of the list, counting or not."""

    id: int
    subject: str
    unit: str
    component_key: str
    rater_group: str
    rater: str
    capacity: str
    points: str
    """As it was written."""
    reason: str
    signed_on: date
    source: str
    entered_by: str
    confirmed_by: str | None
    withdrawn_by: str | None
    withdrawn_because: str | None


def counting_ratings(
    session: Session, cycle_id: int, subjects: Sequence[int] | None = None
) -> Signed:
    """Return the confirmed ratings of a cycle that were not withdrawn."""
    counting = select(NamedRatingEntry).where(
        NamedRatingEntry.cycle_id == cycle_id,
        NamedRatingEntry.confirmed_by.is_not(None),
        NamedRatingEntry.withdrawn_by.is_(None),
    )
    if subjects is not None:
        counting = counting.where(NamedRatingEntry.subject_id.in_(subjects))
    found: defaultdict[tuple[str, int], dict[str, tuple[NamedRating, ...]]]
    found = defaultdict(dict)
    for one in session.scalars(counting.order_by(NamedRatingEntry.id)):
        groups = found[one.component_key, one.subject_id]
        rating = NamedRating(
            one.rater, one.capacity, Fraction(one.points), one.reason, one.source
        )
        groups[one.rater_group] = (*groups.get(one.rater_group, ()), rating)
    return dict(found)


def rating_page(
    session: Session, cycle: Cycle, asked: ListAsked
) -> ListPage[RatingLine]:
    """Return one page of what was ever entered in a cycle, by unit and subject."""
    page = page_of(session, _entered(cycle), COLUMNS, asked)
    return page.holding(_lines(session, page.rows))


def rating_line(session: Session, cycle: Cycle, rating_id: int) -> RatingLine:
    """Return one entry of the cycle's list; raises NotFound."""
    row = session.execute(_entered(cycle).where(NamedRatingEntry.id == rating_id))
    for line in _lines(session, row.all()):
        return line
    raise NotFound


def _entered(cycle: Cycle) -> Statement:
    """Return the statement about the entries, each with whom it is about."""
    chosen = subjects_in(cycle, NamedRatingEntry.id.expression).join(
        NamedRatingEntry, NamedRatingEntry.subject_id == Subject.id
    )
    return chosen.where(NamedRatingEntry.cycle_id == cycle.id)


def _lines(session: Session, rows: Sequence[Sequence[Any]]) -> list[RatingLine]:
    """Return these entries in the order given, in one statement."""
    about = {row[-1]: named_in(row) for row in rows}
    wanted = select(NamedRatingEntry).where(NamedRatingEntry.id.in_(about))
    found = {one.id: one for one in session.scalars(wanted)}
    return [_line(found[number], about[number]) for number in about]


def _line(one: NamedRatingEntry, subject: Rated) -> RatingLine:
    return RatingLine(
        id=one.id,
        subject=subject.name,
        unit=subject.unit.shown,
        component_key=one.component_key,
        rater_group=one.rater_group,
        rater=one.rater,
        capacity=one.capacity,
        points=one.points,
        reason=one.reason,
        signed_on=one.signed_on,
        source=one.source,
        entered_by=one.entered_by,
        confirmed_by=one.confirmed_by,
        withdrawn_by=one.withdrawn_by,
        withdrawn_because=one.withdrawn_because,
    )
