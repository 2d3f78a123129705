"""What an alert rule watches of a share: its size, its rise, years running, any at all.

Comparisons are of integers. Years are compared only where question, rater group and
denominator are the same, and only by numbers that both years' plans let be told.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from survey_app.domain.ground.stated import Stated, assumed
from survey_app.domain.scheme.review_rules import DaysOf

_WORKING = assumed(DaysOf.WORKING)


class AlertKind(StrEnum):
    """What of a share is watched."""

    SHARE = "share"
    """That it meets the threshold."""
    RISE = "rise"
    """That it rose by so much since the last cycle, without meeting the threshold."""
    YEARS = "years"
    """That it meets the threshold so many cycles running."""
    RATING = "rating"
    """That anybody at all picked the choices: every bad rating is handled (差评)."""


@dataclass(frozen=True, slots=True)
class AlertWatch:
    """What a rule watches, and what only its kind needs."""

    kind: AlertKind = AlertKind.SHARE
    rise: Stated[Fraction] | None = None
    """Of a rise: by how much at least; 1/10 is ten points of a hundred."""
    years: Stated[int] | None = None
    """Of years running: how many, this one included."""
    contact_days: Stated[int] | None = None
    """Of bad ratings: until when the raters who left a contact are contacted."""
    rectify_days: Stated[int] | None = None
    call_back_days: Stated[int] | None = None
    days: Stated[DaysOf] = _WORKING
    """Which days these three count."""

    def point_days(self, point: str) -> int:
        """Return after how many days a point of handling bad ratings is due."""
        limits = {"contact": self.contact_days, "call_back": self.call_back_days}
        limit = limits.get(point, self.rectify_days)
        return limit.value if limit else 0

    def rises(self, now: tuple[int, int], before: tuple[int, int]) -> bool:
        """Return whether the share grew at least by the rise; integers only.

        Each is how many picked, and of how many.
        """
        if self.rise is None:
            return False
        part, whole = now
        earlier, of = before
        grown = part * of - earlier * whole
        by = self.rise.value
        return grown > 0 and by.denominator * grown >= by.numerator * whole * of


ORDINARY = AlertWatch()
"""The share itself, as all rules did before there were others."""
