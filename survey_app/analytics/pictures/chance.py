"""How far chance alone can move a score, a share, and the change of one.

For pictures, never for a threshold. All bounds err towards more chance than there is:
of people only the sums of their answers are known, not who gave which together.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import sqrt

from survey_app.analytics.rate_meaning import Interval, Z
from survey_app.domain.scoring.score_sheet import Choices, Node, NodeKind

Points = Mapping[str, Fraction]
"""Every rating that could be given → its points."""
FINEST = 10**6
"""A variance is kept in millionths, cut upwards."""


def variance_of(node: Node, points: Points) -> Fraction | None:
    """Return the variance of a survey's score as its node shows it, in points squared.

    `points` are those of all ratings, given or not.

    None where a part of it is not shown or not made of answers alone: what stands on
    the sheet is all that is used, so that an interval tells no more than the sheet.
    Rater groups are independent samples: their variances add up with the squares of
    their weights (Cochran, Sampling Techniques, 3rd ed. 1977, section 5.3). The
    questions were answered by the same people, of whom the worst is assumed, that they
    answered all alike; then a weighted mean varies at most as the mean of variances.
    """
    found = _variance(node, points)
    if found is None:
        return None
    return Fraction(-(-found.numerator * FINEST // found.denominator), FINEST)


def _variance(node: Node, points: Points) -> Fraction | None:
    if node.value is None:
        return None
    if isinstance(node.parts, Choices):
        return _of_answers(node.parts, points)
    adding = [part for part in node.parts if part.contribution is not None]
    if adding and all(part.kind is NodeKind.RATING for part in adding):
        return Fraction(0)
    total = sum((part.weight or Fraction(0) for part in adding), Fraction(0))
    if not total or sum(p.contribution or 0 for p in adding) != node.value:
        return None
    found = Fraction(0)
    for part in adding:
        share = (part.weight or Fraction(0)) / total
        inner = _variance(part, points)
        if inner is None or part.contribution != share * (part.value or 0):
            return None
        found += inner * (share * share if part.kind is NodeKind.GROUP else share)
    return found


def _of_answers(choices: Choices, points: Points) -> Fraction | None:
    """Return the variance of the mean points of one question's answers.

    As if each choice had one answer more (Bayes' and Laplace's uniform prior; the
    variance of its Dirichlet posterior, Gelman and others, Bayesian Data Analysis, 3rd
    ed. 2013, section 3.4): where all said the same, chance is not nothing. None where
    no answer counts.
    """
    told = {key: (value, 1) for key, value in points.items()}
    for blank, (_, kept) in zip(choices.blanks, choices.picked, strict=True):
        if blank.value is not None:
            told[blank.key] = blank.value, kept + 1
    whole = sum(count for _, count in told.values())
    if whole == len(told):
        return None
    mean = sum((p * count for p, count in told.values()), Fraction(0)) / whole
    square = sum((p * p * count for p, count in told.values()), Fraction(0)) / whole
    return (square - mean * mean) / (whole + 1)


def score_interval(
    score: Fraction, variance: Fraction, *, full_marks: Fraction
) -> Interval:
    """Return the 95 % interval of a score, in points; both ends within 0 and full."""
    reach = Z * sqrt(variance)
    low, high = float(score) - reach, float(score) + reach
    return Interval(max(low, 0.0), min(high, float(full_marks)))


def share_interval(share: Fraction, people: int) -> Interval | None:
    """Return Wilson's 95 % interval of a share of ratings, none of nobody's.

    `people` gave them, each several: their number counts, not that of their ratings.
    See `rate_meaning.wilson`, of which this is the same for a share that is no part of
    so many people.
    """
    if not people:
        return None
    p = float(share)
    middle = p + Z * Z / (2 * people)
    reach = Z * sqrt(p * (1 - p) / people + Z * Z / (4 * people * people))
    whole = 1 + Z * Z / people
    low, high = (middle - reach) / whole, (middle + reach) / whole
    return Interval(max(low, 0.0), min(high, 1.0))


def is_change(before: float, was: Interval, now: float, is_now: Interval) -> bool:
    """Return whether chance alone does not explain the change, at 95 %.

    By the square-and-add interval of a difference (Newcombe, Statistics in Medicine 17,
    1998, pp. 873-890, method 10; for scores Zou and Donner, Statistics in Medicine 27,
    2008, pp. 1693-1702). Both years are taken as independent samples; where the same
    people answered again, it says "no evidence" rather too often.
    """
    change = now - before
    lower = change - sqrt((now - is_now.low) ** 2 + (was.high - before) ** 2)
    upper = change + sqrt((is_now.high - now) ** 2 + (before - was.low) ** 2)
    return lower > 0 or upper < 0
