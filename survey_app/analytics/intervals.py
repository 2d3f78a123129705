"""How far a share could be from the truth, for charts; never for a threshold.

Wilson (1927), the interval Brown, Cai and DasGupta (2001) recommend for small numbers.
The only importer of scipy, and only while it draws: serving respondents stays light.
"""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a share lies with 95 % confidence; both ends between 0 and 1."""

    low: float
    high: float


# Groups of one size meet the same counts again and again, and scipy takes its time.
@lru_cache(maxsize=32768)
def wilson(part: int, whole: int) -> Interval | None:
    """Return Wilson's two-sided 95 % interval of part/whole.

    With nobody (0 of 0) there is none: None. With one single answer it runs from 0 to
    0.79 or from 0.21 to 1: one answer tells next to nothing, and the interval says so.
    """
    if whole == 0:
        return None
    # scipy takes about a second to import and only pages of results need it.
    from scipy.stats import binomtest  # noqa: PLC0415 -- see above

    found = binomtest(part, whole).proportion_ci(method="wilson")
    return Interval(float(found.low), float(found.high))
