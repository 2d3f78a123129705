"""How few confirm a share, and what Wilson's score test says beside the exact one."""

from bisect import bisect_left
from collections.abc import Callable
from fractions import Fraction

from survey_app.domain.alerts.exact_tests import binom_tail, hyper_tail

Z_SQUARED = Fraction(3841459, 10**6)
"""The 95 % point of chi-square with one degree of freedom."""


def wilson_ok(picked: int, answered: int, threshold: Fraction) -> bool:
    """Return whether Wilson's 95 % interval lies above a/b; it can fire too often."""
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
