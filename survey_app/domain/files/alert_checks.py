"""What must hold between rates, alert rules and the surveys they speak of."""

from collections.abc import Iterator

from survey_app.domain.file_faults import Fault
from survey_app.domain.files.component_fields import placed
from survey_app.domain.files.fault_list import FaultList, nearest
from survey_app.domain.files.survey_checks import MIXED, mixed, unknown_choices
from survey_app.domain.questionnaire import ABSTAIN, WITHOUT_POINTS
from survey_app.domain.scheme import AlertRule, Denominator, Rate, Scheme, SurveyRules


def rate_faults(scheme: Scheme, faults: FaultList) -> Iterator[Fault]:
    """Yield what is wrong between the rates and the surveys they are taken from."""
    for n, rate in enumerate(scheme.rates):
        where = f"rates[{n}]"
        yield from reference_faults(where, rate.component, scheme, faults)
        if "得分" in rate.label.zh or "score" in rate.label.en.lower():
            yield Fault(
                f"{where}.label", "calls a share of people a score", "call it a rate"
            )
        rules = dependable_survey(rate.component, scheme, faults)
        ratings = tuple(c for c in rate.choices if c not in WITHOUT_POINTS)
        if rules is not None:
            yield from unknown_choices(
                f"{where}.choices", ratings, rules.points(), faults
            )
        yield from outside_faults(where, rate, faults)


def outside_faults(where: str, rate: Rate, faults: FaultList) -> Iterator[Fault]:
    """Yield choices that are not part of what the share is taken of."""
    if faults.doubts(f"{where}.denominator"):
        return
    outside = {
        Denominator.VALID: set(WITHOUT_POINTS),
        Denominator.VALID_WITH_ABSTENTIONS: set(WITHOUT_POINTS) - {ABSTAIN},
    }
    for choice in outside.get(rate.denominator.value, set()) & set(rate.choices):
        yield Fault(
            f"{where}.denominator",
            f'"{choice}" is not part of "{rate.denominator.value}"',
            f'write "{Denominator.RESPONSES.value}"',
        )


def alert_faults(scheme: Scheme, faults: FaultList) -> Iterator[Fault]:
    """Yield what is wrong between the alert rules and the surveys they watch."""
    for n, alert in enumerate(scheme.alerts):
        where = f"alerts[{n}]"
        yield from reference_faults(where, alert.component, scheme, faults)
        rules = dependable_survey(alert.component, scheme, faults)
        if rules is not None:
            yield from choice_faults(where, alert, rules, faults)
            yield from rater_faults(where, alert, rules, faults)


def choice_faults(
    where: str, alert: AlertRule, rules: SurveyRules, faults: FaultList
) -> Iterator[Fault]:
    """Yield unknown choices, and a rule that would count everybody."""
    known, place = rules.points(), f"{where}.choices"
    yield from unknown_choices(place, alert.choices, known, faults)
    if set(alert.choices) == set(known):
        yield Fault(place, "names every rating", "leave out the favourable ones")


def rater_faults(
    where: str, alert: AlertRule, rules: SurveyRules, faults: FaultList
) -> Iterator[Fault]:
    """Yield unknown rater groups, and groups that must not be thrown together."""
    known = {group.key: group for group in rules.rater_groups}
    place = f"{where}.rater_groups"
    if faults.doubts(place):
        return
    for key in alert.rater_groups:
        if key not in known:
            yield Fault(place, f'there is no rater group "{key}"', nearest(key, known))
        elif not known[key].is_asked:
            wrong = f'"{key}" signs its ratings, which are no ballots'
            yield Fault(place, wrong, "name groups that answer")
    named = tuple(known[key] for key in alert.rater_groups if key in known)
    if alert.pooled and mixed(named):
        yield Fault(
            f"{where}.pooled", MIXED, "remove pooled, or name groups of one design"
        )


def reference_faults(
    where: str, key: str, scheme: Scheme, faults: FaultList
) -> Iterator[Fault]:
    """Yield a fault if the component is unknown or is no survey."""
    tree = dict(placed(scheme.components))
    known = {component.key: component for component in tree.values()}
    unsure = any(faults.doubts(f"{place}.{k}") for place in tree for k in KEYED)
    if not key or unsure:
        return
    if key not in known:
        yield Fault(
            f"{where}.component", f'there is no component "{key}"', nearest(key, known)
        )
    elif known[key].survey is None:
        surveys = [one.key for one in tree.values() if one.survey]
        yield Fault(
            f"{where}.component",
            f'"{key}" is not a survey',
            f"name one of these: {', '.join(surveys) or 'there are none yet'}",
        )


KEYED = ("key", "kind")
"""What of a component decides whether others can refer to it."""


def dependable_survey(
    key: str, scheme: Scheme, faults: FaultList
) -> SurveyRules | None:
    """Return the rules of the survey with this key, if its choices could be read."""
    for place, component in placed(scheme.components):
        if component.key == key and not faults.doubts(f"{place}.values"):
            return component.survey
    return None
