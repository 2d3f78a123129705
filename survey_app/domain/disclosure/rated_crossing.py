"""Whether a rule's threshold was crossed, as far as the rated person may know.

Worked out from what the notice tells and from nothing else, so it tells no more: a
number decides, a band decides where it lies wholly on one side of the threshold, and
everything else is left unsaid.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from survey_app.domain.disclosure.rated_view import RatedLine, ShareBand
from survey_app.domain.scheme.scheme import POOLED, AlertRule, Comparator, Denominator


class RuleVerdict(StrEnum):
    """What the notice says about one rule."""

    CROSSED = "crossed"
    NOT_CROSSED = "not-crossed"
    NOT_AS_FAR_AS_TOLD = "not-as-far-as-told"
    """Where anything can be said it was not crossed, but not everywhere can it."""
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Crossing:
    """What is said about one rule, and where it was crossed."""

    rule: AlertRule
    verdict: RuleVerdict
    places: tuple[tuple[str, str], ...] = ()
    """(question, rater group) where it was crossed, in the order told."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the notice tells of one question."""

    question: str
    lines: Sequence[RatedLine]


BETWEEN = {
    ShareBand.TENTH: (Fraction(0), Fraction(1, 10)),
    ShareBand.THIRD: (Fraction(1, 10), Fraction(1, 3)),
    ShareBand.OVER_THIRD: (Fraction(1, 3), Fraction(1)),
    ShareBand.OVER_HALF: (Fraction(1, 2), Fraction(1)),
}
"""Band → what the share is above, and what it is at most."""


def crossing(
    rule: AlertRule,
    told: Iterable[Told],
    *,
    groups: Collection[str],
    dissatisfied: Collection[str],
    ratings: Collection[str],
) -> Crossing:
    """Return what may be said about the rule.

    `groups` are those of the survey, `dissatisfied` the choices whose number is told,
    `ratings` all choices that rate.
    """
    asked = set(rule.rater_groups or groups)
    found = {
        (one.question, group): _holds(rule, line, dissatisfied, ratings)
        for one in told
        if not rule.questions or one.question in rule.questions
        for group, line in _lines(one.lines, asked, groups)
    }
    places = tuple(place for place, holds in found.items() if holds)
    if places:
        return Crossing(rule, RuleVerdict.CROSSED, places)
    if found and all(holds is False for holds in found.values()):
        return Crossing(rule, RuleVerdict.NOT_CROSSED)
    if any(holds is False for holds in found.values()):
        return Crossing(rule, RuleVerdict.NOT_AS_FAR_AS_TOLD)
    return Crossing(rule, RuleVerdict.UNSAID)


def _lines(
    lines: Sequence[RatedLine], asked: set[str], groups: Collection[str]
) -> Iterable[tuple[str, RatedLine | None]]:
    """Yield what is told of each group the rule is about; None where nothing is."""
    by_group = {line.group: line for line in lines}
    if POOLED in by_group and asked == set(groups):
        yield POOLED, by_group[POOLED]
        return
    for group in groups:
        if group in asked:
            yield group, by_group.get(group)


def _holds(
    rule: AlertRule,
    line: RatedLine | None,
    dissatisfied: Collection[str],
    ratings: Collection[str],
) -> bool | None:
    """Return whether the threshold was crossed there; None: cannot be said."""
    comparator, threshold = rule.comparator.value, rule.threshold.value
    watched = set(rule.choices)
    if comparator in {Comparator.LESS_THAN, Comparator.AT_MOST}:
        # "Fewer than two thirds are content" is "more than one third are not".
        watched, threshold = set(ratings) - watched, 1 - threshold
    if line is None or not watched <= set(dissatisfied):
        return None
    reached = comparator in {Comparator.AT_LEAST, Comparator.AT_MOST}
    holds = _share_holds(line, threshold, reached=reached)
    if holds is not True:
        return holds
    # Of fewer choices, or of more ballots than those that rate, the share is smaller.
    is_all = watched == set(dissatisfied)
    return True if is_all and rule.denominator.value is Denominator.VALID else None


def _share_holds(line: RatedLine, threshold: Fraction, *, reached: bool) -> bool | None:
    """Return whether the share told meets the threshold; None where it may or not."""
    if line.valid is not None and line.dissatisfied is not None:
        share = Fraction(line.dissatisfied, line.valid)
        return share >= threshold if reached else share > threshold
    if line.band is None or line.band not in BETWEEN:
        return None
    above, at_most = BETWEEN[line.band]
    if above >= threshold and line.band is not ShareBand.TENTH:
        return True
    return False if (at_most < threshold if reached else at_most <= threshold) else None
