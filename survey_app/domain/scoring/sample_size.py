"""How many people a survey must ask for a given margin of error.

n = z²·p·(1-p)/e², and n / (1 + (n-1)/N) in a population of N (Cochran, "Sampling
Techniques", 1977, chapter 4).
"""

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
