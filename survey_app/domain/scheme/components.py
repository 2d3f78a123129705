"""The components of a scheme, one by one and at any depth."""

from collections.abc import Iterable, Iterator

from survey_app.domain.scheme.scheme import Component, ComponentKind, Scheme

FROM_OUTSIDE = (ComponentKind.GIVEN, ComponentKind.LEADING_BODY, ComponentKind.POINTS)
"""Kinds of component whose value is handed in."""


def every_component(components: Iterable[Component]) -> Iterator[Component]:
    """Yield the components and those inside them, outer ones first."""
    for component in components:
        yield component
        yield from every_component(component.components)


def from_outside(scheme: Scheme) -> tuple[Component, ...]:
    """Return the components whose values are handed in, outer ones first."""
    every = every_component(scheme.components)
    return tuple(component for component in every if component.kind in FROM_OUTSIDE)


def named_places(components: Iterable[Component]) -> Iterator[tuple[str, str]]:
    """Yield (component, rater group) wherever a scheme takes named ratings.

    The group is empty where the whole component consists of them.
    """
    for component in every_component(components):
        if component.kind is ComponentKind.NAMED:
            yield component.key, ""
        for group in component.survey.rater_groups if component.survey else ():
            if not group.is_asked:
                yield component.key, group.key
