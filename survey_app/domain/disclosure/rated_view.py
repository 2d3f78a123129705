"""What the person who was rated may be told: less than the office reads, never more.

The rated person knows the raters and is the one they fear. So he is told, question by
question, how many were dissatisfied among a rater group of twenty or more; of a smaller
group only a band; of one below his floor nothing. Where nearly everybody agrees, "over
one third" is all: whoever hears "all of them" knows what each of them said.

That says no more only if the same words stand where not nearly everybody agrees. So a
group of which over half objected to anything is told in bands throughout, with none
above "over one third"; and where numbers give way to a band, they and it are marked
alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from survey_app.domain.scheme.floors import Floors
from survey_app.domain.scheme.scheme import POOLED

COUNTED_FROM = 20
"""Ratings from which a number is told instead of a band."""


class ShareBand(StrEnum):
    """How large the dissatisfied share is; each ends where the next begins."""

    TENTH = "tenth"
    """From none to 10 %, both included."""
    THIRD = "third"
    """Over 10 % up to one third, one third included."""
    OVER_THIRD = "over-third"
    OVER_HALF = "over-half"
    ONE_OF_THESE = "one-of-these"
    """Over one third in at least one of all the places where this stands."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """One rater group's ratings on one question, as the office reads them."""

    group: str
    """Rater-group key, or POOLED."""
    valid: int
    """Ratings, without those who abstained or did not know."""
    dissatisfied: int | None
    """None: nearly all agree, and the office itself reads a band."""
    gave_way: bool = False
    """The office itself reads nothing, for a band could be worked out from it."""


@dataclass(frozen=True, slots=True)
class RatedLine:
    """What is told of one rater group on one question."""

    group: str
    valid: int | None
    """None: a band is told, or nothing."""
    dissatisfied: int | None
    """Told exactly where `valid` is."""
    band: ShareBand | None
    """None: too few ratings, or a band could be worked out; nothing is told."""


def rated_view(
    questions: Sequence[Sequence[Ratings]], floors: Floors
) -> tuple[tuple[RatedLine, ...], ...]:
    """Return what may be told of each question, from what the office is shown of it.

    Either rater groups or all together, never both: a whole beside its parts would be
    an equation for the part that is missing. In the order given.
    """
    apart = _are_told_apart(questions, floors)
    asked = [[r for r in one if (r.group != POOLED) == apart] for one in questions]
    enough = [r for one in asked for r in one if _are_enough(r, floors)]
    words = _Words.of(enough, floors)
    return tuple(tuple(words.line(ratings) for ratings in one) for one in asked)


def band_of(part: int, whole: int) -> ShareBand:
    """Return the band of part/whole, compared in integers only.

    Exactly one tenth, one third and one half belong to the lower band: "over" is over.
    """
    if 10 * part <= whole:
        return ShareBand.TENTH
    if 3 * part <= whole:
        return ShareBand.THIRD
    return ShareBand.OVER_THIRD if 2 * part <= whole else ShareBand.OVER_HALF


def nearly_all(part: int, whole: int, shroud: int) -> bool:
    """Return whether so many agree that the number tells what each of them said.

    More than all but `shroud`: `d > n - s`; the band "over one third" takes its place.
    """
    return part > whole - shroud


def _are_enough(ratings: Ratings, floors: Floors) -> bool:
    return ratings.valid >= floors.rated


def _are_told_apart(questions: Sequence[Sequence[Ratings]], floors: Floors) -> bool:
    """Return whether the groups are told, and not all of them together."""
    every = [ratings for one in questions for ratings in one]
    groups = [ratings for ratings in every if ratings.group != POOLED]
    told = any(_are_enough(ratings, floors) for ratings in groups)
    return told or len(groups) == len(every)


@dataclass(frozen=True, slots=True)
class _Words:
    """In which words the ratings of one subject are told."""

    floors: Floors
    counted: frozenset[str]
    """Groups of whose ratings numbers may be told."""
    capped: frozenset[str]
    """Groups of which "over one third" is the highest band."""
    marked: bool
    """Whether nearly unanimous ratings and what gave way to them are told alike."""

    @classmethod
    def of(cls, told: Sequence[Ratings], floors: Floors) -> "_Words":
        """Return the words for these ratings, none of which is below the floor."""
        loud = {r.group for r in told if r.dissatisfied is None or _over_half(r)}
        large = {r.group for r in told if r.valid >= COUNTED_FROM}
        agreeing = any(_agree(r, floors) for r in told)
        return cls(
            floors=floors,
            counted=frozenset(large - loud),
            capped=frozenset(large & loud),
            marked=agreeing and any(r.gave_way for r in told),
        )

    def line(self, ratings: Ratings) -> RatedLine:
        """Return what is told of these ratings."""
        group, part, whole = ratings.group, ratings.dissatisfied, ratings.valid
        if not _are_enough(ratings, self.floors):
            return RatedLine(group, None, None, None)
        band = self._band(ratings)
        if group in self.counted and whole >= COUNTED_FROM:
            return RatedLine(group, whole, part, band)
        return RatedLine(group, None, None, band)

    def _band(self, ratings: Ratings) -> ShareBand | None:
        """Return the band, None where nothing is told."""
        if ratings.gave_way or _agree(ratings, self.floors):
            alone = None if ratings.gave_way else ShareBand.OVER_THIRD
            return ShareBand.ONE_OF_THESE if self.marked else alone
        band = band_of(ratings.dissatisfied or 0, ratings.valid)
        capped = band is ShareBand.OVER_HALF and ratings.group in self.capped
        return ShareBand.OVER_THIRD if capped else band


def _over_half(ratings: Ratings) -> bool:
    return 2 * (ratings.dissatisfied or 0) > ratings.valid


def _agree(ratings: Ratings, floors: Floors) -> bool:
    """Return whether nearly everybody objected."""
    if ratings.dissatisfied is None:
        return not ratings.gave_way
    return nearly_all(ratings.dissatisfied, ratings.valid, floors.shroud)
