"""What looks wrong in a scheme although it can be used: said aloud, never refused.

A county may really mean 0.333, or give a worse choice more points. It should hear that
it does, before a cycle begins under the scheme.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

from survey_app.domain.ground.file_faults import Fault
from survey_app.domain.ground.written_value import in_digits
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.component_fields import placed
from survey_app.domain.scheme.scheme import AlertRule, Comparator, Scheme, SurveyRules

ROUNDED = (Fraction(1, 3), Fraction(2, 3), Fraction(1, 6), Fraction(5, 6))
"""What no decimal says exactly, and rules speak of."""
MOST_PLACES = 6


def scheme_warnings(
    scheme: Scheme, questionnaires: Mapping[str, Questionnaire]
) -> tuple[Fault, ...]:
    """Return everything that looks wrong; empty: nothing does."""
    return tuple(_warnings(scheme, questionnaires))


def _warnings(
    scheme: Scheme, questionnaires: Mapping[str, Questionnaire]
) -> Iterator[Fault]:
    """Yield the warnings, component by component, then alert by alert."""
    surveys: dict[str, SurveyRules] = {}
    for place, component in placed(scheme.components):
        rules = component.survey
        if rules is None:
            continue
        surveys[component.key] = rules
        if asked := questionnaires.get(rules.questionnaire):
            yield from _worth_more(f"{place}.values", rules, asked)
        for n, condition in enumerate(rules.conditions):
            where = f"{place}.conditions[{n}].threshold"
            yield from _rounded(where, condition.threshold.value)
    for n, alert in enumerate(scheme.alerts):
        yield from _rounded(f"alerts[{n}].threshold", alert.threshold.value)
        if rules := surveys.get(alert.component):
            yield from _watches_the_best(f"alerts[{n}].choices", alert, rules)


def _worth_more(
    place: str, rules: SurveyRules, asked: Questionnaire
) -> Iterator[Fault]:
    """Yield each pair of choices of which the later one is worth more.

    People read choices from the best to the worst.
    """
    points = rules.points()
    orders = {
        tuple(choice.key for choice in question.choices if choice.key in points)
        for question in asked.questions
    }
    for better, worse in sorted({pair for order in orders for pair in pairwise(order)}):
        if points[worse] > points[better]:
            yield Fault(
                place,
                f'"{worse}" is worth {in_digits(points[worse])}, more than "{better}" '
                f"before it ({in_digits(points[better])})",
                "look whether two points changed places",
            )


def _rounded(place: str, threshold: Fraction) -> Iterator[Fault]:
    """Yield a decimal that is probably a rounded third: 0.333 is met by exactly 1/3."""
    places = next(
        (n for n in range(MOST_PLACES) if (threshold * 10**n).denominator == 1), 0
    )
    for near in ROUNDED:
        if places > 1 and abs(near - threshold) < Fraction(1, 10**places):
            yield Fault(
                place,
                f"{in_digits(threshold)} is not {near}, though it looks like it",
                f'write "{near}" if that is meant',
            )


def _watches_the_best(
    place: str, alert: AlertRule, rules: SurveyRules
) -> Iterator[Fault]:
    """Yield the end of the scale that a rule watches although it is the wrong one."""
    points = rules.points()
    named = {choice: points[choice] for choice in alert.choices if choice in points}
    too_many = alert.comparator.value in {Comparator.MORE_THAN, Comparator.AT_LEAST}
    end = max(points.values()) if too_many else min(points.values())
    for choice, worth in named.items():
        if worth == end and len(set(points.values())) > 1:
            kind = "best" if too_many else "worst"
            warns = "many" if too_many else "few"
            yield Fault(
                place,
                f'"{choice}" is the {kind} choice, and the alert warns of too {warns}',
                "name the choices at the other end",
            )
