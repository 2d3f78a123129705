"""The components of a scheme, one by one and at any depth."""

from collections.abc import Iterable

from survey_app.domain.scheme.scheme import Component, ComponentKind, Scheme

FROM_OUTSIDE = (ComponentKind.GIVEN, ComponentKind.LEADING_BODY, ComponentKind.POINTS)
"""Kinds of component whose value is handed in."""


def every_component(components: Iterable[Component]) -> tuple[Component, ...]:
    """Return the components and those inside them, outer ones first."""
    return tuple(
        one
        for component in components
        for one in (component, *every_component(component.components))
    )


def from_outside(scheme: Scheme) -> tuple[Component, ...]:
    """Return the components whose values are handed in, outer ones first."""
    every = every_component(scheme.components)
    return tuple(component for component in every if component.kind in FROM_OUTSIDE)


def named_places(components: Iterable[Component]) -> tuple[tuple[str, str], ...]:
    """Return (component, rater group) wherever a scheme takes named ratings.

    The group is empty where the whole component consists of them.
    """
    return tuple(
        (component.key, group)
        for component in every_component(components)
        for group in _signing(component)
    )


def _signing(component: Component) -> tuple[str, ...]:
    """Return the rater groups that sign; one without a name signs for the whole."""
    whole = ("",) if component.kind is ComponentKind.NAMED else ()
    groups = component.survey.rater_groups if component.survey else ()
    return whole + tuple(group.key for group in groups if not group.is_asked)
