"""What another scheme may tell of counts whose publication plan was made for one.

The plan reckoned with the numbers of its own scheme: by what they weigh it was decided
which of them give way. Another weight, another value, another threshold is an equation
more, and whoever may try as many as he likes would solve them for what is hidden. So
where a plan hides anything, a component is told under the rules it was told under, or
not at all; where it hides nothing, everything could be worked out from what is shown.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.ground.plain import plain_of
from survey_app.domain.scheme.components import every_component
from survey_app.domain.scheme.scheme import AlertRule, Component, Scheme

Plans = Mapping[str, SubjectPlan]
"""Component → what may be told of its counts about one subject."""
SAID = ("label", "source", "scope")
"""What only tells people about a rule."""
ABOVE = ("weight", "when_missing")
"""What only the sum above a component looks at."""


def untold_by(other: Scheme, kept: Scheme, plans: Plans) -> tuple[Component, ...]:
    """Return the components of the other scheme of which nothing may be told."""
    known = {one.key: one for one in every_component(kept.components)}
    return tuple(
        one
        for one in every_component(other.components)
        if (plan := plans.get(one.key)) is not None
        and plan.hides
        and not counts_alike(one, known.get(one.key))
    )


def counts_alike(one: Component, other: Component | None) -> bool:
    """Return whether two components make the same of the same counts.

    What they are called, what they weigh and where that is written down changes
    nothing of their own value.
    """
    return other is not None and _counting(one) == _counting(other)


def _counting(one: Component) -> Any:
    """Return what of the component makes numbers of counts."""
    bare = _bare(plain_of(replace(one, components=())))
    return {key: told for key, told in bare.items() if key not in ABOVE}


def _bare(plain: Any) -> Any:
    """Return what was written without its names, statuses and sources."""
    if isinstance(plain, list):
        return [_bare(part) for part in plain]
    if not isinstance(plain, dict):
        return plain
    if {"value", "published"} <= plain.keys():
        return _bare(plain["value"])
    return {key: _bare(part) for key, part in plain.items() if key not in SAID}


def may_judge(rule: AlertRule, kept: Scheme, other: Scheme, plan: SubjectPlan) -> bool:
    """Return whether an alert rule of the other scheme may be tried on these counts."""
    if not plan.hides:
        return True
    known = {one.key: one for one in kept.alerts}.get(rule.key)
    mine = _component(other, rule.component)
    return (
        known is not None
        and _judging(rule) == _judging(known)
        and mine is not None
        and counts_alike(mine, _component(kept, rule.component))
    )


def _judging(rule: AlertRule) -> Any:
    return _bare(plain_of(rule))


def _component(scheme: Scheme, key: str) -> Component | None:
    found = (one for one in every_component(scheme.components) if one.key == key)
    return next(found, None)
