"""How far a value may go, and what bonuses and deductions do to the total.

A component lies between 0 and its full marks unless the scheme says otherwise, and the
total does not fall below its floor. Whatever is cut off stands on the score sheet.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from survey_app.domain.ground.stated import Stated, assumed


class Bounds(StrEnum):
    """How far the value of a component may go."""

    FULL_MARKS = "full-marks"
    """From 0 to the full marks; what lies beyond is cut off, visibly."""
    NONE = "none"
    """Wherever the numbers lead, such as a leading body's score with its bonuses."""


WITHIN_FULL_MARKS: Stated[Bounds] = assumed(Bounds.FULL_MARKS)
NOTHING: Stated[Fraction] = assumed(Fraction(0))


class Order(StrEnum):
    """Whether adjustments come before or after the weighting."""

    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class AdjustmentRules:
    """What bonuses and deductions do."""

    order: Stated[Order]
    component: str = ""
    """With `before`: the component whose value they change."""
    bonus_cap: Stated[Fraction] | None = None
    deduction_cap: Stated[Fraction] | None = None
