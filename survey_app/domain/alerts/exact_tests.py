"""Whether a count proves that a share lies above a threshold; integers only.

Each test asks: if the true share were at the threshold a/b, how often would chance
give as many as were picked? Binomial tail after Clopper and Pearson (1934), score
interval after Wilson (1927); on a closed roster the hypergeometric tail, because there
Wilson can ask for more than certainty.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from fractions import Fraction
from math import comb

Z_SQUARED = Fraction(3841459, 10**6)
"""The 95 % point of chi-square with one degree of freedom."""


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
    first = comb(answered, picked) * part**picked * rest ** max(answered - picked, 0)
    ratios = (((answered - k) * part, (k + 1) * rest) for k in range(picked, answered))
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
    others = roster - most
    start, end = max(picked, answered - others, 0), min(most, answered)
    if start > end:
        return True
    first = comb(most, start) * comb(others, answered - start)
    ratios = (
        ((most - k) * (answered - k), (k + 1) * (others - answered + k + 1))
        for k in range(start, end)
    )
    return _sums_within(inverse_alpha * first, ratios, comb(roster, answered))


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


def wilson_ok(picked: int, answered: int, threshold: Fraction) -> bool:
    """Return whether Wilson's 95 % interval lies above a/b; for charts, not alerts."""
    part, whole = threshold.numerator, threshold.denominator
    excess = whole * picked - part * answered
    spread = Z_SQUARED * part * (whole - part) * answered
    return excess > 0 and excess**2 > spread


def wilson_fpc(picked: int, answered: int, roster: int, threshold: Fraction) -> bool:
    """Return the same with the finite population correction for a closed roster."""
    part, whole = threshold.numerator, threshold.denominator
    excess = whole * picked - part * answered
    spread = Z_SQUARED * part * (whole - part) * answered * (roster - answered)
    return excess > 0 and excess**2 * (roster - 1) > spread


def smallest_confirmed(
    answered: int, threshold: Fraction, inverse_alpha: int
) -> int | None:
    """Return the fewest that confirm in a sample, or None when even all do not."""
    return _smallest(
        answered, lambda d: binom_tail(d, answered, threshold, inverse_alpha)
    )


def smallest_on_roster(
    answered: int, roster: int, threshold: Fraction, inverse_alpha: int
) -> int | None:
    """Return the fewest that confirm on a closed roster, or None."""
    return _smallest(
        answered, lambda d: hyper_tail(d, answered, roster, threshold, inverse_alpha)
    )


def _smallest(answered: int, confirms: Callable[[int], bool]) -> int | None:
    """Return the smallest count that confirms; every larger one does so, too."""
    found = bisect_left(range(answered + 1), x=True, key=confirms)
    return found if found <= answered else None
