"""What must hold where a scheme values single choices and numbers."""

from collections.abc import Iterator
from fractions import Fraction

from survey_app.domain.ground.file_faults import Fault, nearest
from survey_app.domain.ground.written_value import in_digits
from survey_app.domain.questionnaire.questionnaire import (
    Question,
    QuestionKind,
    Questionnaire,
)
from survey_app.domain.scheme.scheme import Component, SurveyRules

WANTED = {
    QuestionKind.SINGLE: "singles",
    QuestionKind.NUMBER: "numbers",
}
"""Where a scheme values questions of this kind."""


def counts(rules: SurveyRules, question: Question) -> bool:
    """Return whether a question enters the score: a rating, or one that is valued."""
    return question.kind is QuestionKind.RATING or question.key in rules.other_valued


def other_value_faults(
    place: str, component: Component, rules: SurveyRules
) -> Iterator[Fault]:
    """Yield points beyond the full marks, and questions that are valued twice."""
    full = component.full_marks.value
    written = [
        (f"{place}.singles.{key}", f'"{choice}"', points.value)
        for key, values in rules.singles
        for choice, points in values
    ]
    written += [
        (f"{place}.numbers.{key}", f"the band from {low}", points.value)
        for key, rule in rules.numbers
        for low, points in rule.points
    ]
    for where, what, points in written:
        if points > full:
            wrong = f"{what} has {in_digits(points)} points, more than the full marks"
            advice = f"write 0 to {in_digits(full)}, or raise full_marks"
            yield Fault(where, wrong, advice)
    for key in sorted({k for k, _ in rules.singles} & {k for k, _ in rules.numbers}):
        wrong = "is valued under singles already"
        yield Fault(f"{place}.numbers.{key}", wrong, "keep one of the two")


def other_fit_faults(
    place: str, rules: SurveyRules, questionnaire: Questionnaire
) -> Iterator[Fault]:
    """Yield valued questions of another kind, and points that do not fit them."""
    for kind, name in WANTED.items():
        valued = rules.singles if kind is QuestionKind.SINGLE else rules.numbers
        for key, _ in valued:
            asked, where = questionnaire.question(key), f"{place}.{name}.{key}"
            if asked is None or asked.kind is not kind:
                yield _of_another_kind(where, key, kind, questionnaire)
            elif kind is QuestionKind.SINGLE:
                yield from _single_faults(where, dict(rules.singles)[key], asked)
            else:
                yield from _number_faults(where, rules, asked)


def _of_another_kind(
    where: str, key: str, kind: QuestionKind, questionnaire: Questionnaire
) -> Fault:
    fitting = [one.key for one in questionnaire.questions if one.kind is kind]
    if questionnaire.question(key) is None:
        wrong = f'there is no question "{key}" in "{questionnaire.key}"'
    else:
        wrong = f'question "{key}" is not of kind "{kind}"'
    return Fault(where, wrong, nearest(key, fitting))


def _single_faults(
    where: str, values: tuple[tuple[str, object], ...], asked: Question
) -> Iterator[Fault]:
    """Yield choices without points, and points for choices nobody can pick."""
    offered = [choice.key for choice in asked.choices if choice.rates]
    valued = [choice for choice, _ in values]
    for choice in offered:
        if choice not in valued:
            yield Fault(where, f'"{choice}" has no points', "say how many it is worth")
    for choice in valued:
        if choice not in offered:
            wrong = f'question "{asked.key}" does not offer "{choice}"'
            yield Fault(where, wrong, nearest(choice, offered))


def _number_faults(where: str, rules: SurveyRules, asked: Question) -> Iterator[Fault]:
    """Yield bands of the scheme that are not those the numbers are told in.

    Points inside a band that is told as one would tell the numbers.
    """
    rule = rules.number_rule(asked.key)
    lows = [band.low for band in asked.number_bands]
    if rule and not rule.is_mean and [low for low, _ in rule.points] != lows:
        written = ", ".join(map(str, lows))
        wrong = f"the bands of the questionnaire begin at {written}"
        yield Fault(where, wrong, "give points for exactly these")


def least_of(values: tuple[tuple[str, Fraction], ...]) -> tuple[str, ...]:
    """Return the keys with the fewest points; none where nothing is valued."""
    least = min((points for _, points in values), default=None)
    return tuple(key for key, points in values if points == least)
