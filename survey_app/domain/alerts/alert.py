"""What an alert rule found: the counts, whether they cross, how strong it is."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from survey_app.domain.alerts.exact_tests import binom_tail, hyper_tail
from survey_app.domain.counting.ballots_handed_in import Ballots, condition_holds
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scheme.scheme import (
    AlertRule,
    Comparator,
    Denominator,
    Design,
    SurveyRules,
)


class Evidence(StrEnum):
    """How much a share proves; stands beside the alert and never replaces it.

    In the order of strength, what says least first; see `strength`.
    """

    CLEAR = "clear"
    INSUFFICIENT = "insufficient"
    VOID = "void"
    ATTENTION = "attention"
    WATCH = "watch"
    CORROBORATED = "corroborated"
    CONFIRMED_STATISTICALLY = "confirmed-statistically"
    CONFIRMED_CERTAIN = "confirmed-certain"

    @property
    def strength(self) -> int:
        """The higher, the more it proves."""
        return list(Evidence).index(self)


@dataclass(frozen=True, slots=True)
class Alert:
    """One rule applied to one rater group (or all of them pooled)."""

    rule: str
    label: Bilingual
    question: str
    group: str
    """Rater-group key, or POOLED."""
    numerator: int
    denominator: int | None
    """None: the counts needed for this denominator were not given."""
    denominator_kind: Denominator
    crossed: bool
    evidence: Evidence
    source: Bilingual
    published: bool
    design: Design
    """How its raters were chosen; what the evidence means depends on it."""


@dataclass(frozen=True, slots=True)
class Count:
    """The two numbers a rule compares, turned so that more of `part` is worse.

    "Fewer than two thirds are content" is "more than one third are not".
    """

    part: int
    whole: int
    threshold: Fraction
    reached: bool
    """Whether reaching the threshold is enough (达到) or it must be passed (超过)."""

    def crosses(self, whole: int) -> bool:
        """Return whether the part crosses the threshold of this many; integers only."""
        left = self.threshold.denominator * self.part
        right = self.threshold.numerator * whole
        return left >= right > 0 if self.reached else left > right

    @property
    def near(self) -> bool:
        """Whether more than three quarters of the way: a quarter, of one third."""
        share = self.threshold
        return 4 * share.denominator * self.part > 3 * share.numerator * self.whole


def counted(rule: AlertRule, picked: int, whole: int) -> Count:
    """Return what the rule compares; of nobody, nobody crosses."""
    comparator, threshold = rule.comparator.value, rule.threshold.value
    reached = comparator in {Comparator.AT_LEAST, Comparator.AT_MOST}
    if comparator in {Comparator.LESS_THAN, Comparator.AT_MOST}:
        return Count(whole - picked, whole, 1 - threshold, reached)
    return Count(picked if whole else 0, whole, threshold, reached)


def evidence_of(
    rule: AlertRule,
    rules: SurveyRules,
    design: Design,
    ballots: Ballots,
    count: Count,
) -> Evidence:
    """Return how much the count proves, before any corroboration."""
    if _void(design, ballots, count):
        return Evidence.VOID
    if _insufficient(rule, rules, design, ballots, count):
        return Evidence.INSUFFICIENT
    if not count.crosses(count.whole):
        return Evidence.ATTENTION if count.near else Evidence.CLEAR
    inverse_alpha = rule.inverse_alpha.value
    if design is Design.ROSTER:
        return _on_roster(ballots, count, inverse_alpha)
    if design is Design.SAMPLE and binom_tail(
        count.part, count.whole, count.threshold, inverse_alpha
    ):
        return Evidence.CONFIRMED_STATISTICALLY
    return Evidence.WATCH


def _void(design: Design, ballots: Ballots, count: Count) -> bool:
    """Return whether the counts contradict each other."""
    beyond_roster = design is Design.ROSTER and ballots.overfull
    beyond_whole = 0 < count.whole < ballots.valid
    return ballots.void or ballots.overcounted or beyond_roster or beyond_whole


def _insufficient(
    rule: AlertRule,
    rules: SurveyRules,
    design: Design,
    ballots: Ballots,
    count: Count,
) -> bool:
    """Return whether too few answered, or the counts needed are not known."""
    if ballots.valid < max(1, rule.minimum_answers.value) or not count.whole:
        return True
    if design is Design.ROSTER and not _quorum(ballots):
        return True
    return not all(condition_holds(one, ballots) for one in rules.conditions)


def _quorum(ballots: Ballots) -> bool:
    """Return whether more than half of the roster returned a ballot."""
    members = ballots.number(Denominator.MEMBERSHIP)
    returned = ballots.number(Denominator.RETURNED) or 0
    return members is not None and 2 * returned > members


def _on_roster(ballots: Ballots, count: Count, inverse_alpha: int) -> Evidence:
    """Return what a crossing share of a closed roster proves about all of it."""
    members = ballots.number(Denominator.MEMBERSHIP) or 0
    returned = ballots.number(Denominator.RETURNED) or 0
    if count.crosses(members):
        return Evidence.CONFIRMED_CERTAIN
    if 3 * returned >= 2 * members and hyper_tail(
        count.part,
        count.whole,
        members,
        count.threshold,
        inverse_alpha,
        reached=count.reached,
    ):
        return Evidence.CONFIRMED_STATISTICALLY
    return Evidence.WATCH
