"""What a scheme values besides ratings: single choices, and numbers.

A rating is worth what the shared values say. A question of another kind is worth
nothing until the scheme names it: then its choices have points of their own, or its
numbers do, by their bands or as their exact mean.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from survey_app.domain.ground.stated import Stated
from survey_app.domain.questionnaire.question import MOST_NUMBER

HUNDRED = Fraction(100)

Values = tuple[tuple[str, Stated[Fraction]], ...]
"""Choice and points, best first."""


class OfNumbers(StrEnum):
    """How the numbers of one question become points."""

    MEAN = "mean"
    """Their exact mean, as a part of 100 of the full marks."""
    BANDS = "bands"
    """Every band has points; the numbers inside it are all worth the same."""


@dataclass(frozen=True, slots=True)
class NumberRule:
    """What the numbers of one question are worth."""

    how: Stated[OfNumbers]
    points: tuple[tuple[int, Stated[Fraction]], ...] = ()
    """Lower end of a band and its points, lowest band first; none for a mean."""

    @property
    def is_mean(self) -> bool:
        """Whether the numbers themselves count, and not their bands."""
        return self.how.value is OfNumbers.MEAN

    def of_band(self, number: int) -> Stated[Fraction]:
        """Return the points of the band a number lies in."""
        return [points for low, points in self.points if low <= number][-1]

    def worth(self, full_marks: Fraction) -> dict[str, Stated[Fraction]]:
        """Return every number as a tally has it → its points."""
        if not self.is_mean:
            return {str(n): self.of_band(n) for n in range(MOST_NUMBER + 1)}
        how = self.how
        return {
            str(n): Stated(n * full_marks / MOST_NUMBER, how.published, how.source)
            for n in range(MOST_NUMBER + 1)
        }
