"""Totals over several indicators: arithmetic, exactly; geometric, to stated digits.

D = Σ w·d or D = Π d^w with weights brought to a sum of one ("改进功效系数法举例").
"""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

from survey_app.domain.scoring.efficacy import PRECISION, as_decimal


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
