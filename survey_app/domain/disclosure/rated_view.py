"""What the person who was rated may be told: less than the office reads, never more.

The rated person knows the raters and is the one they fear. So he is told, question by
question, how many were dissatisfied among a rater group of twenty or more; of a smaller
group only a band; of one below his floor nothing. Where nearly everybody agrees, "over
one third" is all: whoever hears "all of them" knows what each of them said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from survey_app.domain.alerts.alert import POOLED
from survey_app.domain.disclosure.floors import Floors

COUNTED_FROM = 20
"""Ratings from which a number is told instead of a band."""


class Band(StrEnum):
    """How large the dissatisfied share is; each ends where the next begins."""

    TENTH = "tenth"
    """From none to 10 %, both included."""
    THIRD = "third"
    """Over 10 % up to one third, one third included."""
    OVER_THIRD = "over-third"
    OVER_HALF = "over-half"


@dataclass(frozen=True, slots=True)
class Ratings:
    """One rater group's ratings on one question, as the office reads them."""

    group: str
    """Rater-group key, or POOLED."""
    valid: int
    """Ratings, without those who abstained or did not know."""
    dissatisfied: int | None
    """None: nearly all agree, and the office itself reads a band."""


@dataclass(frozen=True, slots=True)
class RatedLine:
    """What is told of one rater group on one question."""

    group: str
    valid: int | None
    """None: not told, because there are fewer than COUNTED_FROM or nearly all agree."""
    dissatisfied: int | None
    """Told exactly where `valid` is."""
    band: Band | None
    """None: too few ratings; nothing is told."""


def rated_view(shown: Iterable[Ratings], floors: Floors) -> tuple[RatedLine, ...]:
    """Return what may be told of one question, from what the office is shown of it.

    Either rater groups or all together, never both: a whole beside its parts would be
    an equation for the part that is missing. In the order given.
    """
    told = [_line(ratings, floors) for ratings in shown]
    groups = tuple(line for line in told if line.group != POOLED)
    if any(line.band for line in groups) or len(groups) == len(told):
        return groups
    return tuple(line for line in told if line.group == POOLED)


def band_of(part: int, whole: int) -> Band:
    """Return the band of part/whole, compared in integers only.

    Exactly one tenth, one third and one half belong to the lower band: "over" is over.
    """
    if 10 * part <= whole:
        return Band.TENTH
    if 3 * part <= whole:
        return Band.THIRD
    return Band.OVER_THIRD if 2 * part <= whole else Band.OVER_HALF


def nearly_all(part: int, whole: int, shroud: int) -> bool:
    """Return whether so many agree that the number tells what each of them said.

    More than all but `shroud`: `d > n - s`; the band "over one third" takes its place.
    """
    return part > whole - shroud


def _line(ratings: Ratings, floors: Floors) -> RatedLine:
    """Return what is told of one group."""
    part, whole = ratings.dissatisfied, ratings.valid
    if whole < floors.rated:
        return RatedLine(ratings.group, None, None, None)
    if part is None or nearly_all(part, whole, floors.shroud):
        return RatedLine(ratings.group, None, None, Band.OVER_THIRD)
    band = band_of(part, whole)
    if whole < COUNTED_FROM:
        return RatedLine(ratings.group, None, None, band)
    return RatedLine(ratings.group, whole, part, band)
