"""Named ratings: those that count, and the whole list with its history."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.appraisal.named_ratings import NamedRatingEntry
from survey_app.domain.counting.evidence import NamedRating
from survey_app.survey.rated import rated_in_cycle

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


def rating_lines(session: Session, cycle_id: int) -> tuple[RatingLine, ...]:
    """Return everything that was ever entered in a cycle, by unit and subject."""
    entered: defaultdict[int, list[NamedRatingEntry]] = defaultdict(list)
    every = select(NamedRatingEntry).where(NamedRatingEntry.cycle_id == cycle_id)
    for one in session.scalars(every.order_by(NamedRatingEntry.id)):
        entered[one.subject_id].append(one)
    return tuple(
        RatingLine(
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
        for subject in rated_in_cycle(session, cycle_id, some=entered)
        for one in entered[subject.id]
    )
