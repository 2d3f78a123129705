"""A value that would leave its range is cut off, and the sheet says by how much."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from survey_app.domain.bilingual import Bilingual
from survey_app.domain.files.written_value import in_digits
from survey_app.domain.remark import remark
from survey_app.domain.scheme import Component, ComponentKind
from survey_app.domain.scoring.components import every_component
from survey_app.domain.scoring.weighted_sum import Worked, node_of
from survey_app.domain.stated import Stated
from survey_app.domain.total_rules import Bounds

CUT = "-cut"
"""Ends the key of the node that says what was cut off; no key of a file has a "-"."""
CUT_OFF = Bilingual("超出范围的部分（不计）", "beyond the range, not counted")


def may_hold(component: Component, value: Fraction) -> bool:
    """Return whether this value may be handed in for the component.

    From 0 to the full marks, unless the scheme sets its bounds aside.
    """
    if component.bounds.value is Bounds.NONE:
        return True
    return 0 <= value <= component.full_marks.value


def bounded(component: Component, worked: Worked, *, out_of: Fraction) -> Worked:
    """Return the component's value within 0 and its full marks, if the scheme asks.

    Direct points inside a sum come on top of what the sum is out of.
    """
    if component.bounds.value is Bounds.NONE:
        return worked
    on_top = sum(_direct_points(component), Fraction(0))
    return within(
        worked,
        component.key,
        (Fraction(0), component.bounds),
        (out_of + on_top, component.bounds),
        source=component.source,
    )


def _direct_points(component: Component) -> Iterator[Fraction]:
    """Yield the full marks of the direct points inside a sum."""
    for inner in every_component(component.components):
        if inner.kind is ComponentKind.POINTS:
            yield inner.full_marks.value


def within(
    worked: Worked,
    key: str,
    least: tuple[Fraction, Stated[Bounds] | Stated[Fraction]],
    most: tuple[Fraction, Stated[Bounds] | Stated[Fraction]] | None,
    *,
    source: Bilingual,
) -> Worked:
    """Return the value, cut off at the nearer bound; each bound with its setting.

    What was cut off is a part of its own, so that the parts still make the number.
    """
    value = worked.value
    if value is None:
        return worked
    reached = in_digits(value)
    if value < least[0]:
        bound, setting = least
        said = remark("cut-at-least", reached=reached, counted=in_digits(bound))
    elif most is not None and value > most[0]:
        bound, setting = most
        said = remark("cut-at-most", reached=reached, counted=in_digits(bound))
    else:
        return worked
    if not worked.children:
        settings = (*worked.relies_on, setting)
        return replace(worked, value=bound, rule=said, relies_on=settings)
    off = Worked(bound - value, said, relies_on=(setting,))
    node = node_of(f"{key}{CUT}", CUT_OFF, off, source=source)
    node = replace(node, contribution=off.value)
    return replace(worked, value=bound, children=(*worked.children, node))
