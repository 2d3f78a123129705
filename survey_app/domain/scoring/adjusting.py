"""Bonuses and deductions: each a node with its reason, together kept under the caps."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from survey_app.domain.counting.evidence import BONUS, DEDUCTION, Adjustment
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import remark
from survey_app.domain.ground.stated import Stated
from survey_app.domain.ground.written_value import in_digits
from survey_app.domain.scheme.components import every_component
from survey_app.domain.scheme.scheme import Component, ComponentKind
from survey_app.domain.scheme.total_rules import AdjustmentRules, Bounds
from survey_app.domain.scoring.score_sheet import Node
from survey_app.domain.scoring.weighted_sum import Worked, node_of

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


BONUSES = Bilingual("加分", "bonuses")
DEDUCTIONS = Bilingual("扣分", "deductions")


def adjusted_by(
    adjustments: tuple[Adjustment, ...], rules: AdjustmentRules, *, source: Bilingual
) -> tuple[Node, ...]:
    """Return the bonuses and the deductions as nodes, each if there is one.

    The nodes' contributions, deductions negative, are what the score changes by.
    """
    sides = (
        _Side(BONUS, BONUSES, 1, rules.bonus_cap),
        _Side(DEDUCTION, DEDUCTIONS, -1, rules.deduction_cap),
    )
    return tuple(
        _node(side, mine, rules, source)
        for side in sides
        if (mine := tuple(a for a in adjustments if a.kind == side.kind))
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """What differs between bonuses and deductions."""

    kind: str
    label: Bilingual
    sign: int
    cap: Stated[Fraction] | None


def _node(
    side: _Side,
    mine: tuple[Adjustment, ...],
    rules: AdjustmentRules,
    source: Bilingual,
) -> Node:
    """Return all adjustments of one side as one node."""
    total = sum((adjustment.points for adjustment in mine), Fraction(0))
    children = tuple(_one(side, number, a) for number, a in enumerate(mine, start=1))
    cap = side.cap
    if cap is not None and total > cap.value:
        rule = remark(
            "adjustments-capped", cap=in_digits(cap.value), asked=in_digits(total)
        )
        worked = Worked(
            side.sign * cap.value, rule, children, relies_on=(rules.order, cap)
        )
    else:
        rule = remark("adjustments-added")
        worked = Worked(side.sign * total, rule, children, relies_on=(rules.order,))
    node = node_of(f"{side.kind}-total", side.label, worked, source=source)
    return replace(node, contribution=worked.value)


def _one(side: _Side, number: int, adjustment: Adjustment) -> Node:
    """Return one adjustment; its reason is its name."""
    rule = remark("one-bonus") if side.kind == BONUS else remark("one-deduction")
    worked = Worked(side.sign * adjustment.points, rule)
    label = Bilingual(adjustment.reason, adjustment.reason)
    source = Bilingual(adjustment.source, adjustment.source)
    key = f"{side.kind}-{number}"
    node = node_of(key, label, worked, source=source)
    return replace(node, contribution=worked.value)
