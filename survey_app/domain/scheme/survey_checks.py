"""What must hold between the parts of one survey component."""

import re
from collections.abc import Iterator
from fractions import Fraction

from survey_app.domain.ground.file_faults import Fault, FaultList, nearest
from survey_app.domain.ground.written_value import in_digits
from survey_app.domain.questionnaire.questionnaire import ABSTAIN, WITHOUT_POINTS
from survey_app.domain.scheme.ballot_rule_checks import (
    ballot_rule_faults,
    unknown_choices,
)
from survey_app.domain.scheme.component_fields import placed
from survey_app.domain.scheme.other_value_checks import other_value_faults
from survey_app.domain.scheme.scheme import (
    POOLED,
    AlertRule,
    Component,
    Denominator,
    Grouping,
    Post,
    Rate,
    RaterGroup,
    Scheme,
    SubjectKind,
    SurveyRules,
)

CALLED_A_RATE = re.compile(r"满意率|得票率|(?<!效)率$|\brates?\b", re.IGNORECASE)
"""Labels that promise a share of people."""


def survey_faults(
    place: str, component: Component, subject: SubjectKind, faults: FaultList
) -> Iterator[Fault]:
    """Yield what is wrong inside the survey of one component, if it is one."""
    rules = component.survey
    if rules is None:
        return
    if not faults.doubts(f"{place}.values"):
        yield from value_faults(place, component, rules)
        yield from ballot_rule_faults(place, rules, faults)
    if not any(faults.doubts(f"{place}.{name}") for name in ("singles", "numbers")):
        yield from other_value_faults(place, component, rules)
    yield from group_faults(place, rules, subject, faults)
    yield from trim_faults(place, rules, faults)
    yield from question_weight_faults(f"{place}.question_weights", rules, faults)
    yield from condition_faults(f"{place}.conditions", rules, faults)


def question_weight_faults(
    where: str, rules: SurveyRules, faults: FaultList
) -> Iterator[Fault]:
    """Yield weights that leave no question to count."""
    weights = rules.question_weights
    silent = weights and not any(weight.value for _, weight in weights)
    if silent and not faults.doubts(where):
        yield Fault(where, "every weight is 0", "weigh one question or more")


def condition_faults(
    where: str, rules: SurveyRules, faults: FaultList
) -> Iterator[Fault]:
    """Yield conditions that hold or fail whatever is counted."""
    for n, condition in enumerate(rules.conditions):
        if condition.part is condition.whole and not faults.doubts(f"{where}[{n}]"):
            wrong = "compares a count with itself"
            yield Fault(f"{where}[{n}]", wrong, "name two counts")


def value_faults(
    place: str, component: Component, rules: SurveyRules
) -> Iterator[Fault]:
    """Yield points beyond the full marks, and a score that calls itself a rate."""
    full = component.full_marks.value
    for choice, points in rules.points().items():
        if points > full:
            yield Fault(
                f"{place}.values",
                f'"{choice}" has {in_digits(points)} points, more than the full marks',
                f"write 0 to {in_digits(full)}, or raise full_marks",
            )
    label = component.label
    named = CALLED_A_RATE.search(label.en) or CALLED_A_RATE.search(label.zh)
    mixed_values = bool(rules.other_valued)
    if named and (mixed_values or set(rules.points().values()) != {Fraction(0), full}):
        yield Fault(
            f"{place}.label",
            "calls a weighted mean of points a rate",
            "call it a score (得分), or value every choice at 0 or the full marks",
        )


def group_faults(
    place: str, rules: SurveyRules, subject: SubjectKind, faults: FaultList
) -> Iterator[Fault]:
    """Yield what is wrong with the rater groups of one survey."""
    where, groups = f"{place}.rater_groups", rules.rater_groups
    if not groups and not faults.doubts(where):
        yield Fault(where, "nobody is asked", f"begin each with [[{pattern(where)}]]")
    elif not rules.asked and not faults.doubts(where):
        wrong = "everybody signs a rating, so there is no survey"
        yield Fault(where, wrong, 'write kind = "named" and no rater groups')
    for n, group in enumerate(groups):
        if group.key == POOLED:
            yield Fault(f"{where}[{n}].key", f'"{POOLED}" is reserved', "rename it")
    if faults.doubts(where):
        return
    yield from group_weight_faults(where, groups, subject)
    if rules.grouping.value is Grouping.POOLED and mixed(groups):
        yield Fault(f"{place}.grouping", MIXED, 'write "averaged"')


MIXED = "pools open and controlled rater groups in one denominator"


def mixed(groups: tuple[RaterGroup, ...]) -> bool:
    """Return whether the raters were chosen in more than one way."""
    return len({group.design for group in groups}) > 1


def group_weight_faults(
    where: str, groups: tuple[RaterGroup, ...], subject: SubjectKind
) -> Iterator[Fault]:
    """Yield weights that leave nobody to count; ratios need no particular sum."""
    unweighed = [p for p in Post if not any(g.weight.of(p).value for g in groups)]
    if groups and unweighed:
        posts = " and ".join(unweighed)
        yield Fault(
            where, f"no group has a weight for {posts} posts", "weigh one or more"
        )
    for n, group in enumerate(groups):
        per_post = group.weight.principal != group.weight.deputy
        if per_post and subject is SubjectKind.LEADING_BODY:
            yield Fault(
                f"{where}[{n}].weight",
                "a leading body holds no post",
                "write one weight",
            )


def pattern(where: str) -> str:
    """Return a place as the header its tables have, without the numbers."""
    return re.sub(r"\[\d+\]", "", where)


def trim_faults(place: str, rules: SurveyRules, faults: FaultList) -> Iterator[Fault]:
    """Yield a trim that could leave nothing."""
    trim, where = rules.trim, f"{place}.trim"
    if trim is None or faults.doubts(where):
        return
    cut = trim.highest.value + trim.lowest.value
    if trim.when_more_than.value < cut:
        yield Fault(
            f"{where}.when_more_than",
            f"{cut} ratings are cut and none might be left",
            f"write {cut} or more",
        )


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
    known, place = rules.watched(alert.questions), f"{where}.choices"
    if not known:
        wrong = "the component rates nothing, so no choice can be watched"
        yield Fault(place, wrong, "name questions whose choices have points")
        return
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
