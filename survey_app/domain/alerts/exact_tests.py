"""Whether a count proves that a share lies above a threshold; integers only.

Each test asks: if the true share were at the threshold a/b, how often would chance
give as many as were picked? Binomial tail after Clopper and Pearson (1934); on a closed
roster the hypergeometric tail, because there an interval after Wilson (1927) can ask
for more than certainty. Of few answers every term is added up; of many, bounds decide,
and every term is added only where they cannot.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import comb

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


THOUSAND = 1000
ONE_SIDE = 40
"""One in forty, 2.5 %, on either side of an interval of 95 %."""
MOST_ADDED_UP = 1000
"""Up to so many answers every term is added; above, bounds decide almost always."""


def binom_tail(
    picked: int, answered: int, threshold: Fraction, inverse_alpha: int
) -> bool:
    """Return whether a sample of a large population confirms a share above a/b.

    True when inverse_alpha · Σ C(n,k)·a^k·(b-a)^(n-k), k from `picked`, is at most b^n.
    """
    part, whole = threshold.numerator, threshold.denominator
    rest = whole - part
    if rest <= 0:
        return False
    if not part or picked > answered:
        return picked > 0 or inverse_alpha <= 1
    if answered > MOST_ADDED_UP:
        weights = binomial(answered, threshold)
        mirrored = rest == part and 2 * picked == answered + 1
        decided = _decided(weights, picked, inverse_alpha, mirrored=mirrored)
        if decided is not None:
            return decided
    first = comb(answered, picked) * part**picked * rest ** (answered - picked)
    quotient = binomial(answered, threshold).quotient
    ratios = (quotient(k) for k in range(picked, answered))
    return _sums_within(inverse_alpha * first, ratios, whole**answered)


def hyper_tail(
    picked: int,
    answered: int,
    roster: int,
    threshold: Fraction,
    inverse_alpha: int,
    *,
    reached: bool = False,
) -> bool:
    """Return whether part of a closed roster confirms it for the whole of it.

    The most dissatisfied a roster may hold without crossing is K = ⌊a·E/b⌋, or one
    fewer than a·E/b where reaching the threshold is enough (`reached`).
    True when inverse_alpha · Σ C(K,k)·C(E-K,V-k), k from `picked`, is at most C(E,V).
    """
    limit = threshold * roster
    most = -(-limit // 1) - 1 if reached else limit // 1
    return drawn_tail(picked, answered, most, roster, inverse_alpha)


def drawn_tail(
    picked: int, drawn: int, these: int, everybody: int, inverse_alpha: int
) -> bool:
    """Return whether chance rarely puts so many of "these" among those drawn.

    True when inverse_alpha times the hypergeometric mass from `picked` on is at most
    all of it. Of two groups' answers laid together it is Fisher's exact test,
    one-sided (R. A. Fisher, "The logic of inductive inference", Journal of the Royal
    Statistical Society 98, 1935, pp. 39-82): "these" are all who picked something.
    """
    weights = hypergeometric(these, everybody - these, drawn)
    start = max(picked, weights.lowest)
    if start > weights.highest:
        return True
    if everybody > MOST_ADDED_UP:
        mirrored = (2 * these == everybody and 2 * start == drawn + 1) or (
            2 * drawn == everybody and 2 * start == these + 1
        )
        decided = _decided(weights, start, inverse_alpha, mirrored=mirrored)
        if decided is not None:
            return decided
    first = comb(these, start) * comb(everybody - these, drawn - start)
    ratios = (weights.quotient(k) for k in range(start, weights.highest))
    return _sums_within(inverse_alpha * first, ratios, comb(everybody, drawn))


def chance_interval(picked: int, answered: int) -> tuple[Fraction, Fraction] | None:
    """Return between which shares of all the truth lies with 95 % confidence.

    In whole thousandths, rounded outward; None of nobody. The interval of Clopper and
    Pearson ("The use of confidence or fiducial limits illustrated in the case of the
    binomial", Biometrika 26, 1934, pp. 404-413): what `binom_tail` confirms at 2.5 %
    lies below it, so it never contradicts the evidence of an alert. The same sums as
    there, in whole numbers: a library's would be others, in floating point.
    """
    if not answered:
        return None
    low = _confirmed(picked, answered)
    return low, 1 - _confirmed(answered - picked, answered)


def _confirmed(picked: int, answered: int) -> Fraction:
    """Return the largest thousandth above which the share is confirmed at 2.5 %."""
    below, above = 0, THOUSAND
    while above - below > 1:
        middle = (below + above) // 2
        if binom_tail(picked, answered, Fraction(middle, THOUSAND), ONE_SIDE):
            below = middle
        else:
            above = middle
    return Fraction(below, THOUSAND)


def _decided(
    weights: Weights, start: int, inverse_alpha: int, *, mirrored: bool
) -> bool | None:
    """Return the answer, None where only the whole sum could tell.

    Of a distribution that is its own mirror image, half lies above the middle: exactly.
    """
    if mirrored:
        return inverse_alpha <= 2
    return is_rare(weights, start, inverse_alpha)


def _sums_within(term: int, ratios: Iterable[tuple[int, int]], limit: int) -> bool:
    """Return whether the term and all its successors together stay within the limit."""
    total = term
    for up, down in ratios:
        if total > limit:
            return False
        # The ratios only fall, so what follows is at most a geometric series.
        if up < down and total * (down - up) + term * up <= limit * (down - up):
            return True
        term = term * up // down
        total += term
    return total <= limit
