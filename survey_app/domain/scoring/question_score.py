"""From the counted choices of one question to the mean of their points."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm

from survey_app.domain.counting.tally import Counts
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.ground.stated import Stated
from survey_app.domain.questionnaire.ballot_rules import Trim
from survey_app.domain.questionnaire.questionnaire import (
    ABSTAIN,
    BLANK,
    DONT_KNOW,
    WITHOUT_POINTS_LABELS,
    Question,
    path,
)
from survey_app.domain.scheme.scheme import CountsAs, SurveyRules
from survey_app.domain.scoring.score_sheet import Node, NodeKind
from survey_app.domain.scoring.worked import Worked, no_value, node_of

Points = Mapping[str, Stated[Fraction]]
"""Choice → points, for every choice that counts as an answer."""
_NOBODY = remark("choice-not-counted", count=0)


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
        self, rules: SurveyRules, question: Question, source: Bilingual
    ) -> None:
        self.rules = rules
        self.points = points_by_choice(rules)
        self._treatments = _treatments(rules)
        self._labels = WITHOUT_POINTS_LABELS | {
            choice.key: choice.label for choice in question.choices
        }
        self._source = source
        self._blank: dict[str, Node] = {}

    def label_of(self, choice: str) -> Bilingual:
        """Return what a choice is called; the key where nothing is known of it."""
        return self._labels.get(choice) or Bilingual(choice, choice)

    def ordered(self, counts: Counts) -> list[str]:
        """Return the choices of a tally in the order of the scheme, then the others."""
        valued = [choice for choice, _ in self.rules.values if choice in counts]
        return valued + [choice for choice in counts if choice not in valued]

    def blank(self, choice: str) -> Node:
        """Return the choice as a number of the sheet that nobody has picked yet."""
        known = self._blank.get(choice)
        if known is None:
            title = (NodeKind.CHOICE, choice, self.label_of(choice), self._source)
            points = self.points.get(choice)
            because = points or self._treatments.get(choice)
            settings = (because,) if because else ()
            value = points.value if points else None
            worked = Worked(value, _NOBODY, relies_on=settings)
            known = self._blank[choice] = node_of(title, worked)
        return known


def question_mean(counts: Counts, minimum: Stated[int], place: Place) -> Worked:
    """Return the mean points of the answers, 0 to the full marks, with its choices.

    Without a single rating, or with fewer than the minimum, there is no mean;
    abstentions alone never make one, whatever they count as.
    """
    scale = place.scale
    rules, points = scale.rules, scale.points
    counted = {choice: n for choice, n in counts.items() if n and choice in points}
    kept = trimmed(counted, points, rules.trim)
    rated = sum(counts.get(choice, 0) for choice, _ in rules.values)
    answers = sum(kept.values())
    if rated == 0:
        nobody = remark("nobody-rated", where=place.where)
        return no_value(nobody, parts=_choices(scale, counts, kept, 0))
    if rated < minimum.value:
        reason = remark(
            "fewer-than-minimum",
            where=place.where,
            answers=rated,
            minimum=minimum.value,
        )
        nodes = _choices(scale, counts, kept, 0)
        return no_value(reason, parts=nodes, relies_on=(minimum,))
    if answers == 0:
        reason = remark("all-ratings-trimmed", where=place.where, answers=rated)
        nodes = _choices(scale, counts, kept, 0)
        return no_value(reason, parts=nodes, relies_on=_trim_settings(rules))
    parts = _choices(scale, counts, kept, answers)
    mean = _mean(points, kept, answers)
    if answers == sum(counted.values()):
        return Worked(mean, remark("mean-of-points", answers=answers), parts)
    rule = remark(
        "trimmed-mean-of-points", answers=answers, counted=sum(counted.values())
    )
    return Worked(mean, rule, parts, relies_on=_trim_settings(rules))


def _mean(points: Points, kept: Counts, answers: int) -> Fraction:
    """Return what the contributions of all choices add up to, in whole numbers."""
    values = [(points[choice].value, count) for choice, count in kept.items()]
    below = lcm(*(value.denominator for value, _ in values))
    top = sum(v.numerator * (below // v.denominator) * count for v, count in values)
    return Fraction(top, below * answers)


def _choices(
    scale: AnswerScale, counts: Counts, kept: Counts, answers: int
) -> tuple[Node, ...]:
    """Return each choice with its points, weighing as much as it has answers.

    Where there is a mean, of so many answers, also with what it adds to it.
    """
    return tuple(
        [
            _choice(scale.blank(choice), counts[choice], kept.get(choice, 0), answers)
            for choice in scale.ordered(counts)
        ]
    )


def _choice(blank: Node, count: int, kept: int, answers: int) -> Node:
    """Return one choice that so many picked, and so many of them count."""
    value, weight, adds = blank.value, None, None
    if value is None:
        rule = remark("choice-not-counted", count=count)
    else:
        weight = _whole(kept)
        if kept == count:
            rule = _picked(count)
        else:
            rule = remark("points-of-choice-trimmed", count=count, kept=kept)
        if answers:
            adds = Fraction(value.numerator * kept, value.denominator * answers)
    return Node(
        blank.kind,
        blank.key,
        blank.label,
        value,
        weight,
        rule,
        blank.source,
        blank.published,
        (),
        adds,
    )


@lru_cache(maxsize=4096)
def _whole(number: int) -> Fraction:
    return Fraction(number)


@lru_cache(maxsize=4096)
def _picked(count: int) -> Remark:
    return remark("points-of-choice", count=count)


def trimmed(counts: Counts, points: Points, trim: Trim | None) -> Counts:
    """Return the counts without the highest and the lowest the rule leaves out.

    The rule acts only on more answers than `when_more_than`.
    """
    if trim is None or sum(counts.values()) <= trim.when_more_than.value:
        return counts
    kept = dict(counts)
    rising = sorted(counts, key=lambda choice: points[choice].value)
    _take(kept, rising, trim.lowest.value)
    _take(kept, rising[::-1], trim.highest.value)
    return kept


def _take(kept: dict[str, int], order: list[str], how_many: int) -> None:
    """Take this many answers away, beginning with the first choice of the order."""
    for choice in order:
        taken = min(kept[choice], how_many)
        kept[choice] -= taken
        how_many -= taken


def points_by_choice(rules: SurveyRules) -> Points:
    """Return the points of every choice that counts as an answer."""
    return dict(rules.values) | {
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
