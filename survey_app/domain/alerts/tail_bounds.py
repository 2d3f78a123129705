"""Whether the upper end of a distribution is rare, decided by bounds in whole numbers.

The weights of a binomial or hypergeometric distribution rise to one peak and fall from
it, and the quotient of neighbours only falls. So weights are needed near the peak only:
what lies beyond is at most a geometric series. Every weight is kept as a whole number
below and one above it; where even the upper sum is rare, or even the lower one is not,
that is a proof. Where they disagree, more digits are taken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

Quotient = Callable[[int], tuple[int, int]]
"""k → the weight of k + 1 over that of k, as two whole numbers."""

PRECISE = (64, 256)
"""Binary digits after which the ends of a distribution are left out, tried in turn."""
ROUNDING = 48
"""Binary digits more, for the halves lost in thousands of roundings."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A distribution over the whole numbers from lowest to highest."""

    lowest: int
    highest: int
    peak: int
    """Where the weight is largest; near it is enough."""
    quotient: Quotient


def binomial(answered: int, share: Fraction) -> Weights:
    """Return how many of so many pick something that this share of all would pick."""
    part, whole = share.numerator, share.denominator
    rest = whole - part
    return Weights(
        lowest=0,
        highest=answered,
        peak=min((answered + 1) * part // whole, answered),
        quotient=lambda k: ((answered - k) * part, (k + 1) * rest),
    )


def hypergeometric(these: int, others: int, answered: int) -> Weights:
    """Return how many of "these" are among so many drawn from both."""
    lowest, highest = max(answered - others, 0), min(these, answered)
    peak = (these + 1) * (answered + 1) // (these + others + 2)
    return Weights(
        lowest=lowest,
        highest=highest,
        peak=max(lowest, min(peak, highest)),
        quotient=lambda k: (
            (these - k) * (answered - k),
            (k + 1) * (others - answered + k + 1),
        ),
    )


def is_rare(weights: Weights, start: int, inverse_alpha: int) -> bool | None:
    """Return whether inverse_alpha times the mass from `start` on is at most the mass.

    None where the two differ by less than the digits show, as equal ones do.
    """
    for precise in PRECISE:
        (low, high), (rest_low, rest_high) = _masses(weights, start, precise)
        # The share from `start` on is m / (m + r), so α·m ≤ m + r is (α - 1)·m ≤ r.
        if (inverse_alpha - 1) * high <= rest_low:
            return True
        if (inverse_alpha - 1) * low > rest_high:
            return False
    return None


def _masses(
    weights: Weights, start: int, precise: int
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the mass from `start` on, and that below it, each between two bounds."""
    from_start, below = [0, 0], [0, 0]

    def keep(k: int, low: int, high: int) -> None:
        side = from_start if k >= start else below
        side[0] += low
        side[1] += high

    one = 1 << precise + ROUNDING
    keep(weights.peak, one, one)
    up = _walk(weights, 1, one, keep)
    down = _walk(weights, -1, one, keep)
    # Nobody looked on which side of `start` the ends lie: they may lie on either.
    from_start[1] += up + (down if start < weights.peak else 0)
    below[1] += down + (up if start > weights.peak else 0)
    return (from_start[0], from_start[1]), (below[0], below[1])


def _walk(
    weights: Weights, step: int, one: int, keep: Callable[[int, int, int], None]
) -> int:
    """Keep the weights on one side of the peak; return a bound of what was left out."""
    k, low, high, enough = weights.peak, one, one, 1 << ROUNDING
    last = weights.highest if step > 0 else weights.lowest
    while k != last:
        up, down = weights.quotient(k if step > 0 else k - 1)
        if step < 0:
            up, down = down, up
        # The quotients only fall: what follows is at most a geometric series.
        if up < down and high * up <= enough * (down - up):
            return enough
        k += step
        low, high = low * up // down, -(-high * up // down)
        keep(k, low, high)
    return 0
