"""From the counted choices of one question to the mean of their points."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from survey_app.domain.counting.tally import Counts
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import remark
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
from survey_app.domain.scoring.worked import Title, Worked, no_value, nodes_of

Points = Mapping[str, Stated[Fraction]]
"""Choice → points, for every choice that counts as an answer."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the sheet a question stands, and how its choices are called."""

    above: Bilingual
    """Where the people stand whose answers these are."""
    question: Question
    source: Bilingual

    @property
    def where(self) -> Bilingual:
        """Where the question stands."""
        return path(self.above, self.question.text)

    def label_of(self, choice: str) -> Bilingual:
        """Return what a choice is called; the key where nothing is known of it."""
        asked = (one.label for one in self.question.choices if one.key == choice)
        known = WITHOUT_POINTS_LABELS.get(choice, Bilingual(choice, choice))
        return next(asked, known)


def question_mean(
    rules: SurveyRules, counts: Counts, minimum: Stated[int], place: Place
) -> Worked:
    """Return the mean points of the answers, 0 to the full marks, with its choices.

    Without a single rating, or with fewer than the minimum, there is no mean;
    abstentions alone never make one, whatever they count as.
    """
    points = points_by_choice(rules)
    counted = {choice: n for choice, n in counts.items() if n and choice in points}
    kept = trimmed(counted, points, rules.trim)
    answers = sum(kept.values())
    nodes = nodes_of(
        [
            _choice(rules, place, choice, (counts[choice], kept.get(choice, 0)))
            for choice in _ordered(rules, counts)
        ]
    )
    rated = sum(counts.get(choice, 0) for choice, _ in rules.values)
    if rated == 0:
        return no_value(remark("nobody-rated", where=place.where), parts=nodes)
    if rated < minimum.value:
        reason = remark(
            "fewer-than-minimum",
            where=place.where,
            answers=rated,
            minimum=minimum.value,
        )
        return no_value(reason, parts=nodes, relies_on=(minimum,))
    if answers == 0:
        reason = remark("all-ratings-trimmed", where=place.where, answers=rated)
        return no_value(reason, parts=nodes, relies_on=_trim_settings(rules))
    return _mean(rules, nodes, answers, sum(counted.values()))


def _mean(
    rules: SurveyRules, nodes: tuple[Node, ...], answers: int, counted: int
) -> Worked:
    """Return the mean of the choices' points, each weighing its number of answers."""
    parts = tuple(
        node
        if node.value is None or node.weight is None
        else replace(node, contribution=node.value * node.weight / answers)
        for node in nodes
    )
    mean = sum((node.contribution or Fraction(0) for node in parts), Fraction(0))
    if answers == counted:
        return Worked(mean, remark("mean-of-points", answers=answers), parts)
    rule = remark("trimmed-mean-of-points", answers=answers, counted=counted)
    return Worked(mean, rule, parts, relies_on=_trim_settings(rules))


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


def _ordered(rules: SurveyRules, counts: Counts) -> list[str]:
    """Return the choices of the tally in the order of the scheme, then the others."""
    valued = [choice for choice, _ in rules.values if choice in counts]
    return valued + [choice for choice in counts if choice not in valued]


def _choice(
    rules: SurveyRules, place: Place, choice: str, count_and_kept: tuple[int, int]
) -> tuple[Title, Worked, Stated[Fraction] | None]:
    """Return one choice: its points, weighing as much as it has answers."""
    count, kept = count_and_kept
    points, treatments = points_by_choice(rules), _treatments(rules)
    title = (NodeKind.CHOICE, choice, place.label_of(choice), place.source)
    if choice not in points:
        because = (treatments[choice],) if choice in treatments else ()
        left_out = remark("choice-not-counted", count=count)
        return title, Worked(None, left_out, relies_on=because), None
    rule = remark("points-of-choice", count=count)
    if kept != count:
        rule = remark("points-of-choice-trimmed", count=count, kept=kept)
    worked = Worked(points[choice].value, rule, relies_on=(points[choice],))
    return title, worked, Stated(Fraction(kept), published=True)


def _trim_settings(rules: SurveyRules) -> tuple[Stated[int], ...]:
    """Return the settings of a trimming that took place."""
    trim = rules.trim
    return (trim.highest, trim.lowest, trim.when_more_than) if trim else ()
