"""Scores as equations: how much each group's answers to each question count in them.

A mean is a sum of points over a number of answers, so a score of several groups or
questions is a vector over (group, question), and publishing it beside its parts may
give away the one part that is hidden.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from survey_app.domain.counting.subject_plan import WHOLE, Place
from survey_app.domain.counting.tally import Counts, Tally
from survey_app.domain.disclosure.span import Cost, Published
from survey_app.domain.questionnaire.question import WITHOUT_POINTS
from survey_app.domain.scheme.scheme import (
    Grouping,
    Post,
    RaterGroup,
    SurveyRules,
    WhenEmpty,
)
from survey_app.domain.scoring.question_score import counted_as_nothing

SCORE = "score"
"""Stands for all rater groups as the scheme weighs them."""

Vector = Mapping[Place, Fraction]


def group_scores(
    rules: SurveyRules, tally: Tally, shown: tuple[str, ...]
) -> Iterator[Published]:
    """Yield the score of each group that is shown and has one."""
    if rules.grouping.value is Grouping.POOLED:
        return
    for group in rules.rater_groups:
        if group.key in shown and (vector := _of_group(rules, tally, group)):
            yield Published((group.key, WHOLE), vector, Cost.COMPOSITE)


def component_scores(
    rules: SurveyRules, tally: Tally, shown: tuple[str, ...], post: Post
) -> Iterator[Published]:
    """Yield the component's score by the weights of this post; nothing if blocked."""
    if rules.grouping.value is Grouping.POOLED:
        vector = _pooled(rules, tally, shown)
    else:
        vector = _averaged(rules, tally, shown, post)
    if vector:
        yield Published((SCORE, post.value), vector, Cost.PINNED)


def _averaged(
    rules: SurveyRules, tally: Tally, shown: tuple[str, ...], post: Post
) -> Vector:
    """Return the weighted groups' scores; empty where the score is blocked."""
    total: dict[Place, Fraction] = {}
    # What was signed is known to whoever reads the sheet: a constant, no unknown.
    for group in rules.asked:
        weight = group.weight.of(post).value
        vector = _of_group(rules, tally, group) if group.key in shown else {}
        if not vector and weight and rules.empty_group.value is WhenEmpty.BLOCK:
            return {}
        total |= {leaf: part * weight for leaf, part in vector.items() if weight}
    return total


def _of_group(rules: SurveyRules, tally: Tally, group: RaterGroup) -> Vector:
    """Return the weighted questions of one group; empty where it has no score."""
    minimum = rules.minimum_for(group).value
    return _questions(rules, tally, (group.key,), minimum)


def _pooled(rules: SurveyRules, tally: Tally, shown: tuple[str, ...]) -> Vector:
    """Return the weighted questions of all groups thrown together."""
    groups = [group.key for group in rules.rater_groups]
    silent = not all(
        any(_rated(rules, q, counts) for q, counts in tally.get(group, {}).items())
        for group in groups
    )
    if silent and rules.empty_group.value is WhenEmpty.BLOCK:
        return {}
    return _questions(rules, tally, shown, rules.minimum_answers.value)


def _questions(
    rules: SurveyRules, tally: Tally, groups: tuple[str, ...], minimum: int
) -> Vector:
    """Return how much every leaf counts in the mean over the questions."""
    weights = {key: stated.value for key, stated in rules.question_weights}
    asked = weights or dict.fromkeys(
        (q for group in groups for q in tally.get(group, {})), Fraction(1)
    )
    vector: dict[Place, Fraction] = {}
    for question, weight in asked.items():
        rated, counted = _answered(rules, tally, groups, question)
        if weight and (not rated or rated < minimum):
            if rules.empty_question.value is WhenEmpty.BLOCK:
                return {}
            continue
        for group in groups:
            counts = tally.get(group, {}).get(question, {})
            if weight and _rated(rules, question, counts):
                vector[group, question] = weight / counted
    return vector


def _rated(rules: SurveyRules, question: str, counts: Counts) -> int:
    """Return how many rated; what the others said weighs the same whatever it was."""
    if rules.number_rule(question):
        return sum(n for key, n in counts.items() if key not in WITHOUT_POINTS)
    return sum(counts.get(choice, 0) for choice, _ in rules.values_of(question))


def _answered(
    rules: SurveyRules, tally: Tally, groups: tuple[str, ...], question: str
) -> tuple[int, int]:
    """Return how many rated, and how many answers the mean is taken of."""
    counts = [tally.get(group, {}).get(question, {}) for group in groups]
    rated = sum(_rated(rules, question, one) for one in counts)
    points = counted_as_nothing(rules)
    nothing = sum(one.get(choice, 0) for one in counts for choice in points)
    return rated, rated + nothing
