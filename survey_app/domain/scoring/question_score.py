"""From the counted choices of one question to the mean of their points."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm

from survey_app.domain.counting.number_bands import bands_from, in_bands
from survey_app.domain.counting.tally import Counts
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.ground.stated import Stated
from survey_app.domain.questionnaire.ballot_rules import Trim
from survey_app.domain.questionnaire.question import NumberBand
from survey_app.domain.questionnaire.questionnaire import (
    ABSTAIN,
    BLANK,
    DONT_KNOW,
    WITHOUT_POINTS,
    WITHOUT_POINTS_LABELS,
    Question,
    path,
)
from survey_app.domain.scheme.other_values import NumberRule
from survey_app.domain.scheme.scheme import CountsAs, SurveyRules
from survey_app.domain.scoring.score_sheet import (
    IN_BAND,
    NOBODY,
    Choices,
    Node,
    NodeKind,
)
from survey_app.domain.scoring.worked import Worked, no_value, node_of

HUNDRED = Fraction(100)
Points = dict[str, Stated[Fraction]]
"""Choice → points, for every choice that counts as an answer."""
_Row = tuple[tuple[str, ...], tuple[Node, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the sheet a question stands, and what its choices are worth."""

    above: Bilingual
    """Where the people stand whose answers these are."""
    question: Question
    scale: "AnswerScale"

    @property
    def where(self) -> Bilingual:
        """Where the question stands."""
        return path(self.above, self.question.text)


class AnswerScale:
    """What every choice of one question is worth, whoever picked it.

    All rater groups are asked the same: names, points and sources are put together for
    the first of them, and every further one only adds its counts.
    """

    def __init__(
        self,
        rules: SurveyRules,
        question: Question,
        source: Bilingual,
        full_marks: Fraction = HUNDRED,
    ) -> None:
        self.rules = rules
        self.points = points_by_choice(rules, question.key, full_marks)
        self.valued = tuple(set_by(rules, question.key, full_marks))
        self.known = frozenset({*self.valued, *WITHOUT_POINTS})
        self._rule = rules.number_rule(question.key)
        self._bands = told_bands(self._rule, question)
        worth = {choice: points.value for choice, points in self.points.items()}
        self._below = lcm(*[value.denominator for value in worth.values()])
        self._tops = {c: int(value * self._below) for c, value in worth.items()}
        self._treatments = _treatments(rules)
        self._labels = WITHOUT_POINTS_LABELS | {
            choice.key: choice.label for choice in question.choices
        }
        self._source = source
        self._blank: dict[str, Node] = {}
        self._asked = {one.key: at for at, one in enumerate(question.choices)}
        self._asked |= {band.key: at for at, band in enumerate(self._bands)}
        self._labels |= {band.key: band.label for band in self._bands}
        self._rows: dict[frozenset[str], _Row] = {}

    def label_of(self, choice: str) -> Bilingual:
        """Return what a choice is called; the key where nothing is known of it."""
        return self._labels.get(choice) or Bilingual(choice, choice)

    def ordered(self, counts: Counts) -> tuple[str, ...]:
        """Return the choices of a tally in the order of the scheme, then the others.

        Those as they are asked, and by name what is no choice of the question: a tally
        has no order of its own, since no database promises one.
        """
        valued = [c for c in self.valued if c in counts and not self._bands]
        last = len(self._asked)
        others = sorted(counts.keys() - set(valued))
        others.sort(key=lambda choice: self._asked.get(choice, last))
        return (*valued, *others)

    def mean(self, kept: Counts, answers: int) -> Fraction:
        """Return the mean points of so many answers, in whole numbers to the end."""
        tops = self._tops
        top = sum([tops[choice] * count for choice, count in kept.items()])
        return Fraction(top, self._below * answers)

    def mean_of(self, answers: int, counted: int | None = None) -> Remark:
        """Return how the mean of so many answers came about, of so many counted."""
        is_mean = self._rule is not None and self._rule.is_mean
        return (_number_mean_of if is_mean else _mean_of)(answers, counted)

    def choices(self, counts: Counts, kept: Counts, answers: int) -> Choices:
        """Return the choices of a tally; where there is a mean, of so many answers."""
        if self._bands:
            counts, kept = in_bands(counts, self._bands), in_bands(kept, self._bands)
        inside = frozenset(counts)
        row = self._rows.get(inside)
        if row is None:
            order = self.ordered(counts)
            row = order, tuple(self.blank(choice) for choice in order)
            self._rows[inside] = row
        order, blanks = row
        picked = [(counts[choice], kept.get(choice, 0)) for choice in order]
        return Choices(blanks, tuple(picked), answers)

    def blank(self, choice: str) -> Node:
        """Return the choice as a number of the sheet that nobody has picked yet."""
        known = self._blank.get(choice)
        if known is None:
            title = (NodeKind.CHOICE, choice, self.label_of(choice), self._source)
            points = self._worth_of(choice)
            because = points or self._treatments.get(choice)
            settings = (because,) if because else ()
            value = points.value if points else None
            is_band = choice in self._asked and bool(self._bands)
            nobody = IN_BAND if is_band and points is None else NOBODY
            worked = Worked(value, nobody, relies_on=settings)
            known = self._blank[choice] = node_of(title, worked)
        return known

    def _worth_of(self, choice: str) -> Stated[Fraction] | None:
        """Return the points of a choice or band; None where it has none of its own."""
        if not self._bands or choice not in self._asked:
            return self.points.get(choice)
        rule = self._rule
        if rule is None or rule.is_mean:
            return None
        return rule.of_band(self._bands[self._asked[choice]].low)


def question_mean(counts: Counts, minimum: Stated[int], place: Place) -> Worked:
    """Return the mean points of the answers, 0 to the full marks, with its choices.

    Without a single rating, or with fewer than the minimum, there is no mean;
    abstentions alone never make one, whatever they count as.
    """
    scale = place.scale
    rules, points = scale.rules, scale.points
    counted = {choice: n for choice, n in counts.items() if n and choice in points}
    kept = trimmed(counted, points, rules.trim)
    rated = sum([counts.get(choice, 0) for choice in scale.valued])
    answers = sum(kept.values())
    if rated == 0:
        nobody = remark("nobody-rated", where=place.where)
        return no_value(nobody, parts=scale.choices(counts, kept, 0))
    if rated < minimum.value:
        reason = remark(
            "fewer-than-minimum",
            where=place.where,
            answers=rated,
            minimum=minimum.value,
        )
        choices = scale.choices(counts, kept, 0)
        return no_value(reason, parts=choices, relies_on=(minimum,))
    if answers == 0:
        reason = remark("all-ratings-trimmed", where=place.where, answers=rated)
        choices = scale.choices(counts, kept, 0)
        return no_value(reason, parts=choices, relies_on=_trim_settings(rules))
    choices = scale.choices(counts, kept, answers)
    mean = scale.mean(kept, answers)
    if kept is counted or answers == sum(counted.values()):
        return Worked(mean, scale.mean_of(answers), choices)
    rule = scale.mean_of(answers, sum(counted.values()))
    return Worked(mean, rule, choices, relies_on=_trim_settings(rules))


@lru_cache(maxsize=4096)
def _mean_of(answers: int, counted: int | None) -> Remark:
    if counted is None:
        return remark("mean-of-points", answers=answers)
    return remark("trimmed-mean-of-points", answers=answers, counted=counted)


@lru_cache(maxsize=4096)
def _number_mean_of(answers: int, counted: int | None) -> Remark:
    if counted is None:
        return remark("mean-of-numbers", answers=answers)
    return remark("trimmed-mean-of-numbers", answers=answers, counted=counted)


def trimmed(counts: Counts, points: Points, trim: Trim | None) -> Counts:
    """Return the counts without the highest and the lowest the rule leaves out.

    The rule acts only on more answers than `when_more_than`. Of choices worth the same
    the one whose name comes first gives way first at the lower end.
    """
    if trim is None or sum(counts.values()) <= trim.when_more_than.value:
        return counts
    kept = dict(counts)
    rising = sorted(counts, key=lambda choice: (points[choice].value, choice))
    _take(kept, rising, trim.lowest.value)
    _take(kept, rising[::-1], trim.highest.value)
    return kept


def _take(kept: dict[str, int], order: list[str], how_many: int) -> None:
    """Take this many answers away, beginning with the first choice of the order."""
    for choice in order:
        taken = min(kept[choice], how_many)
        kept[choice] -= taken
        how_many -= taken


def set_by(rules: SurveyRules, question: str, full_marks: Fraction) -> Points:
    """Return what the scheme says every choice of this question is worth."""
    return dict(rules.values_of(question, full_marks))


def told_bands(rule: NumberRule | None, question: Question) -> tuple[NumberBand, ...]:
    """Return the bands a question's numbers are told in; none of other kinds."""
    if rule is None or question.number_bands:
        return question.number_bands
    return bands_from([low for low, _ in rule.points])


def points_by_choice(
    rules: SurveyRules, question: str = "", full_marks: Fraction = HUNDRED
) -> Points:
    """Return the points of every choice of a question that counts as an answer.

    Without a question: of every choice of a rating.
    """
    return set_by(rules, question, full_marks) | counted_as_nothing(rules)


def counted_as_nothing(rules: SurveyRules) -> Points:
    """Return the choices without points that are answers all the same, worth none."""
    return {
        choice: Stated(Fraction(0), treatment.published, treatment.source)
        for choice, treatment in _treatments(rules).items()
        if treatment.value is CountsAs.ZERO
    }


def _treatments(rules: SurveyRules) -> Mapping[str, Stated[CountsAs]]:
    """Return what the choices without points do to a mean."""
    return {ABSTAIN: rules.abstain, DONT_KNOW: rules.dont_know, BLANK: rules.blank}


def _trim_settings(rules: SurveyRules) -> tuple[Stated[int], ...]:
    """Return the settings of a trimming that took place."""
    trim = rules.trim
    return (trim.highest, trim.lowest, trim.when_more_than) if trim else ()
