"""What a survey says, as values: shares, rates and scores by subject and rater group.

Page, chart and workbook all read these values, so none can say more than another, and
what is withheld is withheld everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from survey_app.analytics.rate_meaning import Interval, wilson
from survey_app.analytics.reconciled import Reconciled
from survey_app.domain.counting.shares import Share
from survey_app.domain.counting.subject_plan import Band
from survey_app.domain.disclosure.frozen_plan import dissatisfied
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark
from survey_app.domain.questionnaire.question import QuestionKind
from survey_app.domain.questionnaire.questionnaire import Choice, Questionnaire, listed
from survey_app.domain.scheme.scheme import Component, Rate, RaterGroup, Scheme
from survey_app.survey.take_out import TakenOut


@dataclass(frozen=True, slots=True)
class ChoiceShare:
    """How many of a rater group's answers to one question picked this choice."""

    key: str
    label: Bilingual
    rates: bool
    """Whether the choice is a rating, not an abstention or "don't know"."""
    count: int
    n: int

    @property
    def share(self) -> Fraction:
        """The exact share of all answers of this group to this question."""
        return Fraction(self.count, self.n)

    @property
    def interval(self) -> Interval | None:
        """Wilson's 95 % interval of the share; for display only."""
        return wilson(self.count, self.n)


@dataclass(frozen=True, slots=True)
class UntoldChoice:
    """One of several choices whose count is not told to somebody."""

    key: str
    label: Bilingual
    band: Band | None
    """More than so many ticked it."""
    fewer_than: Band | None = None
    """Fewer than so many ticked it."""


@dataclass(frozen=True, slots=True)
class GroupAnswers:
    """The answers of one rater group, or of all together, to one question."""

    key: str
    label: Bilingual
    n: int
    """All answers, "don't know" included."""
    choices: tuple[ChoiceShare, ...]
    """Empty where the counts are not told: see `band`."""
    rates: tuple[Share, ...]
    score: Fraction | None
    """Mean points by the scheme's rules; None where the scheme makes none."""
    band: Band | None = None
    """What is told instead, where nearly everybody objected or said the same."""
    said: Bilingual | None = None
    """What so many said, where that is no objection."""
    untold: tuple[UntoldChoice, ...] = ()
    """Of several choices, those whose counts are not told."""
    blank: int = 0
    """How many left the question empty; `n` is without them."""
    not_asked: int = 0
    """How many it was not for; `n` is without them."""

    def picked(self, choice: str) -> ChoiceShare | None:
        """Return how many picked a choice; None where that is not told."""
        return next((one for one in self.choices if one.key == choice), None)

    def gone(self, choice: str) -> UntoldChoice | None:
        """Return what is said of a choice whose count is not told."""
        return next((one for one in self.untold if one.key == choice), None)

    @property
    def is_told(self) -> bool:
        """Whether the counts are told; otherwise a band, or nothing, stands there."""
        return bool(self.choices or self.untold)


@dataclass(frozen=True, slots=True)
class QuestionResults:
    """One question, answered by the groups that may be shown."""

    key: str
    text: Bilingual
    groups: tuple[GroupAnswers, ...]
    """In the scheme's order; all together last, where that may be shown."""
    choices: tuple[Choice, ...]
    """What could be chosen, in the order asked; of numbers their bands."""
    kind: QuestionKind = QuestionKind.RATING
    is_scored: bool = True
    """Whether it enters the score."""
    is_plain: bool = True
    """Whether it is a rating that everybody gives."""

    @property
    def told(self) -> tuple[GroupAnswers, ...]:
        """The groups whose counts are told."""
        return tuple(group for group in self.groups if group.is_told)

    def share(self, rate: str, group: str) -> Share | None:
        """Return a rate of one group, None where it is not shown or of nobody."""
        return next(
            (
                share
                for answers in self.groups
                if answers.key == group
                for share in answers.rates
                if share.rate == rate and share.denominator
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class GroupScore:
    """One rater group of one subject: how many answered, and their score."""

    key: str
    label: Bilingual
    n: int | None
    """None: at least one and fewer than the floor, so nothing about them is shown."""
    score: Fraction | None
    weight: Fraction
    """How much its score counts among the groups, for this subject's post."""
    counted_in: Bilingual | None = None
    """The group its ballots were counted in; None: it was counted by itself."""
    signed: int | None = None
    """How many named ratings it gave; None: its people answer in secret."""


@dataclass(frozen=True, slots=True)
class QuestionShare:
    """How many of all ratings of one question object, of all groups together."""

    key: str
    rated: int | None
    """How many ratings; 0: nobody rated; None: not shown."""
    objecting: int = 0
    band: Band | None = None
    """What is told instead of a number that is not shown, if anything."""

    @property
    def share(self) -> Fraction | None:
        """The exact share; None where it is not shown and where nobody rated."""
        return Fraction(self.objecting, self.rated) if self.rated else None


@dataclass(frozen=True, slots=True)
class ResultNumbers:
    """What lists and pictures say of one subject: numbers, and those of its groups."""

    groups: tuple[GroupScore, ...]
    """The scheme's groups, those that were counted in another one too."""
    together: int | None
    """How many answered in all; None where that would betray a small group."""
    score: Fraction | None
    assumed: bool
    """Whether any number behind the scores was assumed rather than published."""
    dissatisfied: Fraction | None
    """Of all ratings, of all groups and questions, the part that objects; None where
    any of it is not told."""
    people: int | None = None
    """How many people gave those ratings, at least; None with them."""
    questions: tuple[QuestionShare, ...] = ()
    """Those in which anybody can object, in the order asked."""
    variance: Fraction | None = None
    """Of the score, by chance, in points squared; see pictures/chance.py."""
    full_count: bool = False
    """Whether everybody of every group handed in a valid ballot: nothing is chance."""


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One line of the list of results."""

    subject_id: int
    name: str
    unit: str
    unit_code: str
    title: str
    numbers: ResultNumbers


@dataclass(frozen=True, slots=True)
class SubjectResults:
    """What one survey says about one subject."""

    subject_id: int
    name: str
    unit: str
    title: str
    groups: tuple[GroupScore, ...]
    together: int | None
    """How many answered in all; None where that would betray a small group."""
    score: Fraction | None
    """The component's value by the scheme's rules, or None: `blocked` says why."""
    blocked: tuple[Remark, ...]
    assumed: bool
    """Whether any number behind the scores was assumed rather than published."""
    questions: tuple[QuestionResults, ...]

    @property
    def withheld(self) -> tuple[GroupScore, ...]:
        """The rater groups somebody answered in, about which nothing is shown."""
        return tuple(
            group
            for group in self.groups
            if group.n is None and group.counted_in is None
        )

    @property
    def untold(self) -> tuple[tuple[QuestionResults, GroupAnswers], ...]:
        """Where a band, or nothing, stands in the place of counts."""
        return tuple(
            (question, group)
            for question in self.questions
            for group in question.groups
            if not group.is_told or group.untold
        )


@dataclass(frozen=True, slots=True)
class SurveyResults:
    """The results of one survey."""

    survey_id: int
    title: str
    cycle_id: int
    cycle: str
    opens_on: date
    closes_on: date
    scheme: Scheme
    component: Component
    questionnaire: Questionnaire
    subjects: tuple[SubjectResults, ...]
    """Those that were asked for."""
    floor: int
    """The fewest people of a rater group that is shown."""
    is_secret: bool = False
    """Whether everybody could answer once only, with a ticket."""
    scored: bool = True
    """Whether it feeds a score; a stand-alone survey does not."""
    taken_out: tuple[TakenOut, ...] = ()
    """Who was taken out while it ran, with the reason."""
    reconciled: tuple[Reconciled, ...] = ()
    """The slips of a secret ballot, of the units of these subjects; empty for an open
    survey."""

    @property
    def places(self) -> int:
        """Decimal places of the scheme's one rounding."""
        return self.scheme.places.value

    @property
    def rater_groups(self) -> tuple[RaterGroup, ...]:
        """The rater groups of the component, in the scheme's order."""
        return self.component.survey.rater_groups if self.component.survey else ()

    def label_of(self, rater_groups: Sequence[str]) -> Bilingual:
        """Return what rater groups that were counted together are called."""
        labels = {group.key: group.label for group in self.rater_groups}
        named = [labels.get(key, Bilingual(key, key)) for key in rater_groups]
        return listed(named)

    @property
    def objecting(self) -> tuple[str, ...]:
        """The choices that count as dissatisfied."""
        alerts = [a for a in self.scheme.alerts if a.component == self.component.key]
        rules = self.component.survey
        return dissatisfied(rules, alerts) if rules else ()

    @property
    def rates(self) -> tuple[Rate, ...]:
        """The scheme's rates of this component."""
        key = self.component.key
        return tuple(rate for rate in self.scheme.rates if rate.component == key)
