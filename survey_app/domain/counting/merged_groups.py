"""Rater groups counted together, as the frozen rule of a secret ballot merges them.

A group too small to hide anybody is counted in its neighbour. Their answers are one
mean then, which carries the weight of all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.stated import Stated
from survey_app.domain.scheme.scheme import (
    AlertRule,
    Component,
    RaterGroup,
    Scheme,
    SurveyRules,
    Weight,
)

Merged = Mapping[int, Mapping[str, str]]
"""Unit → group → the other group it is counted in; who is not named stays alone."""


def merged_groups(
    sizes: Mapping[str, int], order: Sequence[str], *, at_least: int
) -> dict[str, str]:
    """Return, for every group with anybody in it, the group it is counted in.

    Along the scheme's order the first group below `at_least` joins its next neighbour,
    the last one its previous neighbour, and so on until none is below. Nobody but the
    sizes decides, so that the rule can be frozen before anybody has answered. A group
    that is left alone may stay below: the caller refuses or withholds it. Raises
    ValueError for a group that is not in the order.
    """
    if strange := sizes.keys() - set(order):
        raise ValueError(f"not in the scheme's order: {sorted(strange)}")
    counted_in = {group: group for group in order if sizes.get(group, 0) > 0}
    totals = {group: sizes[group] for group in counted_in}
    while len(totals) > 1:
        small = next((g for g in totals if totals[g] < at_least), None)
        if small is None:
            break
        _join(small, totals, counted_in)
    return counted_in


def elsewhere(counted_in: Mapping[str, str]) -> dict[str, str]:
    """Return the groups that are counted in another one, without the rest."""
    return {group: into for group, into in counted_in.items() if group != into}


def counted_together(
    group: str, order: Sequence[str], counted_in: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the groups that are counted in this one, in order: who draws its slips."""
    own = tuple(key for key in order if counted_in.get(key, key) == group)
    return own or (group,)


def _join(small: str, totals: dict[str, int], counted_in: dict[str, str]) -> None:
    """Count the small group, and all that joined it before, in its neighbour."""
    left = list(totals)
    place = left.index(small)
    neighbour = left[place + 1] if place + 1 < len(left) else left[place - 1]
    totals[neighbour] += totals.pop(small)
    for group, target in counted_in.items():
        if target == small:
            counted_in[group] = neighbour


def with_merged_groups(
    scheme: Scheme, component_key: str, merged: Mapping[str, str]
) -> Scheme:
    """Return the scheme in which these groups of a component are counted in others.

    `merged` is group → the group it is counted in. ValueError for a component without
    rater groups, an unknown group or one that signs its points, and a group counted in
    one that is merged itself.
    """
    if not merged:
        return scheme
    rules = next((c.survey for c in _found(scheme.components, component_key)), None)
    if rules is None:
        raise ValueError(f'"{component_key}" has no rater groups')
    if {*merged, *merged.values()} - {group.key for group in rules.asked}:
        raise ValueError("a group that the component does not ask")
    if set(merged) & set(merged.values()):
        raise ValueError("a group is counted in one that is merged itself")
    fewer = _merged_rules(rules, merged)
    return replace(
        scheme,
        components=_replaced(scheme.components, component_key, fewer),
        alerts=tuple(
            _repointed(rule, merged) if rule.component == component_key else rule
            for rule in scheme.alerts
        ),
    )


def _found(components: Sequence[Component], key: str) -> list[Component]:
    """Return the component with this key, at any depth, or nothing."""
    return [
        one
        for component in components
        for one in (component, *_found(component.components, key))
        if one.key == key
    ]


def _replaced(
    components: tuple[Component, ...], key: str, rules: SurveyRules
) -> tuple[Component, ...]:
    """Return the components, one of them with these rules."""
    return tuple(
        replace(component, survey=rules)
        if component.key == key
        else replace(component, components=_replaced(component.components, key, rules))
        for component in components
    )


def _merged_rules(rules: SurveyRules, merged: Mapping[str, str]) -> SurveyRules:
    """Return the rules with fewer groups, in the order they had."""
    groups = []
    for group in rules.rater_groups:
        if group.key not in merged:
            parts = [
                one
                for one in rules.rater_groups
                if group.key in (one.key, merged.get(one.key))
            ]
            groups.append(_as_one(rules, group, parts) if len(parts) > 1 else group)
    return replace(rules, rater_groups=tuple(groups))


def _as_one(
    rules: SurveyRules, into: RaterGroup, parts: Sequence[RaterGroup]
) -> RaterGroup:
    """Return the group that all these are counted in."""
    largest = max(
        (rules.minimum_for(part) for part in parts), key=lambda minimum: minimum.value
    )
    of_group = any(part.minimum_answers is largest for part in parts)
    return RaterGroup(
        key=into.key,
        label=_joined([part.label for part in parts]),
        weight=Weight(
            _sum([part.weight.principal for part in parts]),
            _sum([part.weight.deputy for part in parts]),
        ),
        design=min((part.design for part in parts), key=lambda one: one.strength),
        scope=" + ".join(dict.fromkeys(part.scope for part in parts)),
        minimum_answers=largest if of_group else None,
    )


def _sum(weights: Sequence[Stated[Fraction]]) -> Stated[Fraction]:
    """Return the sum; it was published if every part of it was."""
    sources = dict.fromkeys(weight.source for weight in weights if weight.source)
    return Stated(
        sum((weight.value for weight in weights), Fraction(0)),
        published=all(weight.published for weight in weights),
        source=Bilingual(
            "；".join(source.zh for source in sources),
            "; ".join(source.en for source in sources),
        ),
    )


def _joined(labels: Sequence[Bilingual]) -> Bilingual:
    """Return the labels as one: with "and" before the last."""
    return Bilingual(
        _listed([label.zh for label in labels], "、", "与"),
        _listed([label.en for label in labels], ", ", " and "),
    )


def _listed(names: Sequence[str], comma: str, last: str) -> str:
    return last.join((comma.join(names[:-1]), names[-1]))


def _repointed(rule: AlertRule, merged: Mapping[str, str]) -> AlertRule:
    """Return the rule about the groups that are left."""
    left = dict.fromkeys(merged.get(key, key) for key in rule.rater_groups)
    return replace(rule, rater_groups=tuple(left))
