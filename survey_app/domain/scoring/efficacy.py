"""The efficacy-coefficient method (功效系数法): from an indicator's value to points.

d = c + k·(x - x_s)/(x_h - x_s), with the satisfactory value x_h (满意值) and the
unacceptable value x_s (不允许值). Sources: "人民论坛 city rankings (exponential
efficacy)" for the general form, "改进功效系数法举例" for 60 + 40, "指标标准化方法" for
the moderate and min-max forms. Interval and exponential constants are commonly known.

Rational results are exact fractions; only the exponential form is not rational.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from math import ceil

Z = Fraction(196, 100)
"""Confidence of 95 %."""
HALF = Fraction(1, 2)
"""The share that needs the largest sample; right whatever the true one is."""


def sample_size(
    margin: Fraction,
    population: int | None = None,
    *,
    share: Fraction = HALF,
    z: Fraction = Z,
) -> int:
    """Return the number of answers needed, rounded up; never above the population."""
    return ceil(exact_sample_size(margin, population, share=share, z=z))


def exact_sample_size(
    margin: Fraction,
    population: int | None = None,
    *,
    share: Fraction = HALF,
    z: Fraction = Z,
) -> Fraction:
    """Return the number before rounding; ValueError for what is no margin or share."""
    if not (0 < margin < 1 and 0 < share < 1 and z > 0):
        raise ValueError("margin and share lie between 0 and 1, z above 0")
    if population is not None and population < 1:
        raise ValueError("a population has at least one member")
    n = z**2 * share * (1 - share) / margin**2
    if population is None:
        return n
    return min(n / (1 + (n - 1) / population), Fraction(population))


PRECISION = 40
"""Significant digits of every result that is no fraction."""


class Direction(StrEnum):
    """Whether more is better; told per indicator, never guessed."""

    POSITIVE = "positive"
    INVERSE = "inverse"


class WhenEqual(StrEnum):
    """What everybody gets when the two reference values are the same."""

    FULL = "full"
    BASE = "base"
    MIDPOINT = "midpoint"


@dataclass(frozen=True, slots=True)
class Scale:
    """From `base` points at the worst reference to `base + span` at the best."""

    base: Fraction
    span: Fraction
    clamp: bool = True
    """Whether values beyond the references get no more and no fewer points."""
    when_equal: WhenEqual = WhenEqual.FULL

    def points(self, share: Fraction) -> Fraction:
        """Return the points at this share of the way from worst to best."""
        if self.clamp:
            share = min(max(share, Fraction(0)), Fraction(1))
        return self.base + self.span * share

    @property
    def share_of_equals(self) -> Fraction:
        """Where everybody stands when there is no way from worst to best."""
        return {
            WhenEqual.FULL: Fraction(1),
            WhenEqual.BASE: Fraction(0),
            WhenEqual.MIDPOINT: Fraction(1, 2),
        }[self.when_equal]


IMPROVED = Scale(Fraction(60), Fraction(40))
"""The improved form (改进的功效系数法), 60 to 100."""
UNIT = Scale(Fraction(0), Fraction(1))
"""Min-max without a floor, 0 to 1."""


@dataclass(frozen=True, slots=True)
class References:
    """The two values an indicator is measured against."""

    satisfactory: Fraction
    unacceptable: Fraction

    def share(self, value: Fraction) -> Fraction | None:
        """Return how far the value has come, or None where there is no way to go."""
        way = self.satisfactory - self.unacceptable
        return (value - self.unacceptable) / way if way else None


def fixed(
    satisfactory: Fraction, unacceptable: Fraction, direction: Direction
) -> References:
    """Return targets set beforehand.

    ValueError when they contradict the direction: that would turn the ranking over.
    """
    rising = satisfactory > unacceptable
    if satisfactory != unacceptable and rising != (direction is Direction.POSITIVE):
        raise ValueError(f"the reference values are not those of a {direction} one")
    return References(satisfactory, unacceptable)


def of_group(values: Iterable[Fraction], direction: Direction) -> References:
    """Return the best and the worst of the group; ValueError if it is empty.

    The points are then relative: another unit in the group changes everybody's.
    """
    found = list(values)
    if direction is Direction.INVERSE:
        return References(min(found), max(found))
    return References(max(found), min(found))


def linear(value: Fraction, references: References, scale: Scale) -> Fraction:
    """Return the points of a positive or inverse indicator."""
    share = references.share(value)
    return scale.points(scale.share_of_equals if share is None else share)


def moderate(
    value: Fraction, ideal: Fraction, group: Iterable[Fraction], scale: Scale
) -> Fraction:
    """Return the points of an indicator that is best at the ideal: 1 - |x-q| / most."""
    found = list(group)
    most = max(ideal - min(found), max(found) - ideal)
    share = 1 - abs(value - ideal) / most if most else scale.share_of_equals
    return scale.points(share)


@dataclass(frozen=True, slots=True)
class IntervalBounds:
    """Full marks from `low` to `high`, falling to the base at the outer bounds."""

    outer_low: Fraction
    low: Fraction
    high: Fraction
    outer_high: Fraction

    def __post_init__(self) -> None:
        """Raise ValueError for bounds that do not rise."""
        if not self.outer_low < self.low <= self.high < self.outer_high:
            raise ValueError("the four bounds of an interval must rise")


def interval(value: Fraction, bounds: IntervalBounds, scale: Scale) -> Fraction:
    """Return the points of an indicator that is best anywhere inside an interval."""
    below = References(bounds.low, bounds.outer_low).share(value) or Fraction(0)
    above = References(bounds.high, bounds.outer_high).share(value) or Fraction(0)
    return scale.points(min(below, above, Fraction(1)))


def exponential(value: Fraction, references: References, scale: Scale) -> Decimal:
    """Return c·((c+k)/c)^share, convex between base and full; 40 significant digits.

    ValueError for a base that is not positive.
    """
    if scale.base <= 0:
        raise ValueError("the exponential form needs a base above zero")
    share = references.share(value)
    if share is None:
        share = scale.share_of_equals
    elif scale.clamp:
        share = min(max(share, Fraction(0)), Fraction(1))
    with localcontext() as context:
        context.prec = PRECISION + 10
        growth = as_decimal((scale.base + scale.span) / scale.base)
        result = as_decimal(scale.base) * growth ** as_decimal(share)
        context.prec = PRECISION
        return +result


def as_decimal(value: Fraction) -> Decimal:
    """Return the number to the precision of the moment."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def arithmetic(
    points: Sequence[Fraction], weights: Sequence[Fraction] | None = None
) -> Fraction:
    """Return the weighted mean; without weights all count the same."""
    shares = shares_of(points, weights)
    pairs = zip(points, shares, strict=True)
    return sum((share * point for point, share in pairs), Fraction(0))


def geometric(
    points: Sequence[Fraction], weights: Sequence[Fraction] | None = None
) -> Decimal:
    """Return the weighted geometric mean to 40 significant digits.

    One indicator at zero makes the total zero; ValueError below zero.
    """
    shares = shares_of(points, weights)
    if any(point < 0 for point in points):
        raise ValueError("a geometric mean has no room for points below zero")
    counted = [(p, s) for p, s in zip(points, shares, strict=True) if s]
    if any(point == 0 for point, _ in counted):
        return Decimal(0)
    with localcontext() as context:
        context.prec = PRECISION + 10
        logs = (as_decimal(share) * as_decimal(p).ln() for p, share in counted)
        result = sum(logs, Decimal(0)).exp()
        context.prec = PRECISION
        return +result


def shares_of(
    points: Sequence[Fraction], weights: Sequence[Fraction] | None
) -> list[Fraction]:
    """Return the weights as shares of one; ValueError where they weigh nothing."""
    given = [Fraction(1)] * len(points) if weights is None else list(weights)
    total = sum(given, Fraction(0))
    if len(given) != len(points) or total <= 0 or min(given) < 0:
        raise ValueError("as many weights as points, none negative, not all zero")
    return [weight / total for weight in given]
