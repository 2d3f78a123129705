"""A day on which far more came through one code than on its other days.

Nothing is left out because of it: whoever looks decides. The rule is exact: more than
twenty, and more than the median of the code's days and six times its root.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from statistics import median

FEWEST = 20
"""Answers a day that are never a burst."""
WIDTH = 6
"""Roots of the median that a day may stand above it."""


@dataclass(frozen=True, slots=True, order=True)
class BurstDay:
    """One such day of one code."""

    day: date
    answers: int
    usual: Fraction
    """The median of all its days, those without an answer included."""


def is_burst(answers: int, usual: Fraction) -> bool:
    """Return whether so many are a burst where so many are usual."""
    above = answers - usual
    return answers > FEWEST and above > 0 and above**2 > WIDTH**2 * usual


def bursts_in(
    came: Mapping[date, int], *, first: date, last: date
) -> Iterator[BurstDay]:
    """Yield the bursts among a code's days from the first to the last, in order."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    counts = [came.get(day, 0) for day in days]
    usual = Fraction(median(counts)) if counts else Fraction(0)
    for day, answers in zip(days, counts, strict=True):
        if is_burst(answers, usual):
            yield BurstDay(day, answers, usual)
