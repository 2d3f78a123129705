"""Whether a scheme fits the questionnaires it scores.

A scheme file names its questionnaires by key, so it can be read without them. Before
a scheme is used, both are held against each other here.
"""

from collections.abc import Iterator, Mapping

from survey_app.domain.file_faults import Fault
from survey_app.domain.files.component_fields import placed
from survey_app.domain.files.fault_list import nearest
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.scheme import AlertRule, Scheme, SurveyRules


def misfits(
    scheme: Scheme, questionnaires: Mapping[str, Questionnaire]
) -> tuple[Fault, ...]:
    """Return what does not fit, empty when all does; questionnaires by their key."""
    return tuple(_misfits(scheme, questionnaires))


def _misfits(
    scheme: Scheme, questionnaires: Mapping[str, Questionnaire]
) -> Iterator[Fault]:
    """Yield the faults, component by component, then alert by alert."""
    asked: dict[str, Questionnaire] = {}
    for place, component in placed(scheme.components):
        if not (rules := component.survey):
            continue
        if found := questionnaires.get(rules.questionnaire):
            asked[component.key] = found
            yield from _choice_misfits(f"{place}.values", rules, found)
            yield from _weight_misfits(f"{place}.question_weights", rules, found)
        else:
            yield Fault(
                f"{place}.questionnaire",
                f'there is no questionnaire "{rules.questionnaire}"',
                nearest(rules.questionnaire, questionnaires),
            )
    for n, alert in enumerate(scheme.alerts):
        if alert.component in asked:
            yield from _alert_misfits(f"alerts[{n}]", alert, asked[alert.component])


def _choice_misfits(
    place: str, rules: SurveyRules, questionnaire: Questionnaire
) -> Iterator[Fault]:
    """Yield ratings without points, and points for choices nobody can pick."""
    offered = {
        choice.key
        for question in questionnaire.questions
        for choice in question.choices
        if choice.rates
    }
    valued = rules.points().keys()
    for choice in sorted(offered - valued):
        yield Fault(place, f'"{choice}" has no points', "say how many it is worth")
    for choice in sorted(valued - offered):
        wrong = f'no question of "{questionnaire.key}" offers "{choice}"'
        yield Fault(place, wrong, nearest(choice, sorted(offered)))


def _weight_misfits(
    place: str, rules: SurveyRules, questionnaire: Questionnaire
) -> Iterator[Fault]:
    """Yield weights of unknown questions, and questions the weights leave out."""
    weighed = {question for question, _ in rules.question_weights}
    known = [question.key for question in questionnaire.questions]
    for question in sorted(weighed.difference(known)):
        yield Fault(
            place, f'there is no question "{question}"', nearest(question, known)
        )
    for question in known if weighed else ():
        if question not in weighed:
            yield Fault(
                place,
                f'"{question}" has no weight while others have',
                "weigh every question, or none; a weight may be 0",
            )


def _alert_misfits(
    place: str, alert: AlertRule, questionnaire: Questionnaire
) -> Iterator[Fault]:
    """Yield unknown questions, and choices the watched question does not offer."""
    known = {question.key: question for question in questionnaire.questions}
    for key in alert.questions:
        if key not in known:
            wrong = f'there is no question "{key}" in "{questionnaire.key}"'
            yield Fault(f"{place}.questions", wrong, nearest(key, known))
            continue
        for choice in alert.choices:
            if choice not in known[key].choice_keys:
                wrong = f'question "{key}" does not offer "{choice}"'
                advice = nearest(choice, sorted(known[key].choice_keys))
                yield Fault(f"{place}.choices", wrong, advice)
