"""The rules of one place and year, as values: components, weights, alerts.

`scheme_file` reads one from TOML; `scoring` and `one_third` apply it. docs/schemes.md.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.stated import Stated
from survey_app.domain.questionnaire.ballot_rules import BallotRule, Trim
from survey_app.domain.scheme.alert_watch import ORDINARY, AlertWatch
from survey_app.domain.scheme.floors import DEFAULTS, DisclosureRules
from survey_app.domain.scheme.other_values import HUNDRED, NumberRule, Values
from survey_app.domain.scheme.review_rules import REVIEW_DEFAULTS, ReviewRules
from survey_app.domain.scheme.scheme_words import (
    Comparator,
    CountsAs,
    Denominator,
    Grouping,
    WhenEmpty,
)
from survey_app.domain.scheme.total_rules import (
    NOTHING,
    WITHIN_FULL_MARKS,
    AdjustmentRules,
    Bounds,
)

__all__ = [
    "POOLED", "AlertRule", "Comparator", "Component", "ComponentKind", "Condition",
    "CountsAs", "Denominator", "Design", "Grouping", "Post", "Rate", "RaterGroup",
    "Scheme", "SubjectKind", "SurveyRules", "Weight", "WhenEmpty",
]  # fmt: skip

POOLED = "pooled"
"""Stands for several rater groups counted as one; no group may be called so."""


class Post(StrEnum):
    """The two kinds of post; some weights differ between them."""

    PRINCIPAL = "principal"
    DEPUTY = "deputy"


class SubjectKind(StrEnum):
    """Who a number is about."""

    CADRE = "cadre"
    LEADING_BODY = "leading-body"


class Design(StrEnum):
    """How the raters of a group were chosen; decides how strong evidence can get.

    In the order of strength, what can prove least first; see `strength`.
    """

    OPEN = "open"
    SAMPLE = "sample"
    ROSTER = "roster"
    NAMED = "named"
    """They sign what they say: a named rating, no ballot; see `named_score`."""

    @property
    def strength(self) -> int:
        """The higher, the more it can prove."""
        return list(Design).index(self)


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight for principal and for deputy posts, usually the same."""

    principal: Stated[Fraction]
    deputy: Stated[Fraction]

    def of(self, post: Post) -> Stated[Fraction]:
        """Return the weight that applies to this post."""
        return self.deputy if post is Post.DEPUTY else self.principal


@dataclass(frozen=True, slots=True)
class RaterGroup:
    """Who answers, and how much their mean counts."""

    key: str
    label: Bilingual
    weight: Weight
    design: Design = Design.OPEN
    scope: str = "all"
    """Free word for who belongs to the group, such as "supervising only"."""
    minimum_answers: Stated[int] | None = None
    """Where it differs from the survey's: few people sit in a group of leaders."""

    @property
    def is_asked(self) -> bool:
        """Whether its people answer the survey, and do not sign a rating instead."""
        return self.design is not Design.NAMED


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must hold between two ballot counts, such as a quorum."""

    key: str
    part: Denominator
    whole: Denominator
    comparator: Comparator
    threshold: Stated[Fraction]


@dataclass(frozen=True, slots=True)
class SurveyRules:
    """How the counts of one survey become a value between 0 and the full marks."""

    questionnaire: str
    """Key of the questionnaire whose choices the values speak of."""
    values: Values
    """Points of each rating."""
    abstain: Stated[CountsAs]
    dont_know: Stated[CountsAs]
    blank: Stated[CountsAs]
    question_weights: tuple[tuple[str, Stated[Fraction]], ...]
    """Empty: every question weighs the same."""
    rater_groups: tuple[RaterGroup, ...]
    grouping: Stated[Grouping]
    empty_group: Stated[WhenEmpty]
    empty_question: Stated[WhenEmpty]
    minimum_answers: Stated[int]
    """Valid answers a rater group needs on each question before it has a score."""
    conditions: tuple[Condition, ...] = ()
    trim: Trim | None = None
    ballot_rules: tuple[BallotRule, ...] = ()
    singles: tuple[tuple[str, Values], ...] = ()
    """Question of one choice → points of its choices; who is not named has none."""
    numbers: tuple[tuple[str, NumberRule], ...] = ()
    """Question answered with a number → what the numbers are worth."""

    def points(self) -> dict[str, Fraction]:
        """Return choice → points, of ratings."""
        return {choice: stated.value for choice, stated in self.values}

    @property
    def other_valued(self) -> frozenset[str]:
        """The questions that count although they are no ratings."""
        return frozenset(key for key, _ in (*self.singles, *self.numbers))

    def number_rule(self, question: str) -> NumberRule | None:
        """Return what the numbers of a question are worth; None: they do not count."""
        return dict(self.numbers).get(question)

    def values_of(self, question: str, full_marks: Fraction = HUNDRED) -> Values:
        """Return choice and points of one question that counts, as a tally has them."""
        if rule := self.number_rule(question):
            return tuple(rule.worth(full_marks).items())
        return dict(self.singles).get(question, self.values)

    def watched(self, questions: tuple[str, ...]) -> dict[str, Fraction]:
        """Return choice → points of what an alert about these questions may watch."""
        named = [values for key, values in self.singles if key in questions]
        ratings = set(questions) - self.other_valued or not questions
        every = [*(self.values if ratings else ()), *(p for v in named for p in v)]
        return {choice: stated.value for choice, stated in every}

    @property
    def asked(self) -> tuple[RaterGroup, ...]:
        """The rater groups whose people answer, in their order."""
        return tuple(group for group in self.rater_groups if group.is_asked)

    def minimum_for(self, group: RaterGroup) -> Stated[int]:
        """Return how many valid answers this group needs on each question."""
        return group.minimum_answers or self.minimum_answers


class ComponentKind(StrEnum):
    """Where a component's value comes from."""

    GIVEN = "given"
    """Handed in from outside, such as achievements."""
    LEADING_BODY = "leading-body"
    """The score of the leading body the cadre belongs to."""
    SURVEY = "survey"
    """Computed from a tally."""
    SUM = "sum"
    """The weighted sum of its own components."""
    POINTS = "points"
    """Added as it is, without a weight."""
    NAMED = "named"
    """The mean of named ratings: points given over a signature."""


@dataclass(frozen=True, slots=True)
class Component:
    """One weighted part of the score above it."""

    key: str
    label: Bilingual
    kind: ComponentKind
    about: SubjectKind
    weight: Weight | None
    """None only for direct points."""
    full_marks: Stated[Fraction]
    """What the value is out of; a value of 92.4 of 100 at weight 5 gives 4.62. The
    parts of a sum add up to its own weight, so its value counts as it is."""
    when_missing: Stated[WhenEmpty]
    source: Bilingual
    components: tuple["Component", ...] = ()
    survey: SurveyRules | None = None
    bounds: Stated[Bounds] = WITHIN_FULL_MARKS
    """Whether its value may leave the range from 0 to the full marks."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of people that is shown beside the scores; it never scores itself."""

    key: str
    label: Bilingual
    component: str
    choices: tuple[str, ...]
    denominator: Stated[Denominator]
    source: Bilingual


@dataclass(frozen=True, slots=True)
class AlertRule:
    """When too large a share picks certain choices, the office must verify."""

    key: str
    label: Bilingual
    component: str
    questions: tuple[str, ...]
    choices: tuple[str, ...]
    comparator: Stated[Comparator]
    threshold: Stated[Fraction]
    denominator: Stated[Denominator]
    rater_groups: tuple[str, ...]
    """Who "the masses" are."""
    pooled: bool
    """Whether the named groups are also judged together, as one."""
    minimum_answers: Stated[int]
    inverse_alpha: Stated[int]
    """40: confirmed statistically at 2.5 %, one-sided."""
    source: Bilingual
    watch: AlertWatch = ORDINARY


@dataclass(frozen=True, slots=True)
class Scheme:
    """All rules of one place and year, complete and consistent by construction."""

    key: str
    title: Bilingual
    subject: SubjectKind
    source: Bilingual
    note: Bilingual
    total: Stated[Fraction]
    """What the top weights add up to."""
    components: tuple[Component, ...]
    rates: tuple[Rate, ...]
    alerts: tuple[AlertRule, ...]
    adjustments: AdjustmentRules
    places: Stated[int]
    """Decimal places of the one rounding at the end, half up."""
    fingerprint: str
    """SHA-256 of the file's content in canonical form, in hex."""
    disclosure: DisclosureRules = DEFAULTS
    floor: Stated[Fraction] = NOTHING
    """Below it no overall score falls, whatever is deducted."""
    ceiling: Stated[Fraction] | None = None
    """Above it none rises; None: adjustments come on top of the full marks."""
    review: ReviewRules = REVIEW_DEFAULTS

    def component(self, key: str) -> Component:
        """Return the component with this key, at any depth; KeyError otherwise."""
        waiting = list(self.components)
        while waiting:
            component = waiting.pop()
            if component.key == key:
                return component
            waiting.extend(component.components)
        raise KeyError(key)
