"""The words in which a scheme says how it counts and compares."""

from enum import StrEnum
from fractions import Fraction


class CountsAs(StrEnum):
    """What an abstention, a "don't know" or a blank does to a score."""

    OUT = "out"
    """Neither in the sum nor in the number of answers."""
    ZERO = "zero"
    """One more answer, worth no points."""


class Denominator(StrEnum):
    """Of which ballots a share is taken."""

    VALID = "valid"
    VALID_WITH_ABSTENTIONS = "valid-with-abstentions"
    RESPONSES = "responses"
    """All answers given, "don't know" and blanks included."""
    RETURNED = "returned"
    PRESENT = "present"
    ISSUED = "issued"
    MEMBERSHIP = "membership"


class Comparator(StrEnum):
    """How a share meets its threshold; the wording of the rule fixes it."""

    MORE_THAN = "more-than"  # 超过
    AT_LEAST = "at-least"  # 达到、以上
    LESS_THAN = "less-than"  # 达不到、不满
    AT_MOST = "at-most"  # 以下

    def holds(self, part: int, whole: int, threshold: Fraction) -> bool:
        """Return whether part/whole meets the threshold, in integers only."""
        left, right = threshold.denominator * part, threshold.numerator * whole
        return {
            Comparator.MORE_THAN: left > right,
            Comparator.AT_LEAST: left >= right,
            Comparator.LESS_THAN: left < right,
            Comparator.AT_MOST: left <= right,
        }[self]


class Grouping(StrEnum):
    """Whether rater groups are averaged first or thrown together."""

    AVERAGED = "averaged"
    POOLED = "pooled"


class WhenEmpty(StrEnum):
    """What a group, question or component without a value does to the sum above it."""

    BLOCK = "block"
    RENORMALISE = "renormalise"
