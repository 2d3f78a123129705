"""What became of telephone calls, and which part of them answered, exactly."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class CallEnd(StrEnum):
    """How a call ended that was no interview."""

    REFUSED = "refused"
    NOT_REACHED = "not-reached"
    NOT_ELIGIBLE = "not-eligible"
    """Whoever answered is none of those who are asked."""


@dataclass(frozen=True, slots=True)
class CallCounts:
    """How many calls ended how."""

    interviews: int = 0
    refused: int = 0
    not_reached: int = 0
    not_eligible: int = 0

    @property
    def calls(self) -> int:
        """All of them."""
        return self.eligible + self.not_eligible

    @property
    def eligible(self) -> int:
        """All that may have reached somebody who is asked: what was not reached too."""
        return self.interviews + self.refused + self.not_reached

    @property
    def response_rate(self) -> Fraction | None:
        """Interviews of all eligible calls; None where there was none.

        The strictest of the rates that are in use: whoever was not reached counts as
        one who would have been asked.
        """
        return Fraction(self.interviews, self.eligible) if self.eligible else None

    @property
    def refusal_rate(self) -> Fraction | None:
        """Refusals of all eligible calls; None where there was none."""
        return Fraction(self.refused, self.eligible) if self.eligible else None

    def __add__(self, other: "CallCounts") -> "CallCounts":
        """Return both together."""
        return CallCounts(
            self.interviews + other.interviews,
            self.refused + other.refused,
            self.not_reached + other.not_reached,
            self.not_eligible + other.not_eligible,
        )
