"""Bonuses and deductions: each a node with its reason, together kept under the caps."""

from dataclasses import dataclass, replace
from fractions import Fraction

from survey_app.domain.counting.evidence import BONUS, DEDUCTION, Adjustment
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import remark
from survey_app.domain.ground.stated import Stated
from survey_app.domain.ground.written_value import in_digits
from survey_app.domain.scheme.scheme import Component
from survey_app.domain.scheme.total_rules import AdjustmentRules
from survey_app.domain.scoring.score_sheet import Node, NodeKind
from survey_app.domain.scoring.worked import Worked, node_of

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
    parts = tuple(_one(side, number, a) for number, a in enumerate(mine, start=1))
    cap = side.cap
    if cap is not None and total > cap.value:
        rule = remark(
            "adjustments-capped", cap=in_digits(cap.value), asked=in_digits(total)
        )
        worked = Worked(
            side.sign * cap.value, rule, parts, relies_on=(rules.order, cap)
        )
    else:
        rule = remark("adjustments-added")
        worked = Worked(side.sign * total, rule, parts, relies_on=(rules.order,))
    node = node_of(
        (NodeKind.ADJUSTMENTS, f"{side.kind}-total", side.label, source), worked
    )
    return replace(node, contribution=worked.value)


def _one(side: _Side, number: int, adjustment: Adjustment) -> Node:
    """Return one adjustment; its reason is its name."""
    rule = remark("one-bonus") if side.kind == BONUS else remark("one-deduction")
    worked = Worked(side.sign * adjustment.points, rule)
    label = Bilingual(adjustment.reason, adjustment.reason)
    source = Bilingual(adjustment.source, adjustment.source)
    key = f"{side.kind}-{number}"
    node = node_of((NodeKind.ADJUSTMENT, key, label, source), worked)
    return replace(node, contribution=worked.value)


def adjusted_before(
    component: Component, kind: NodeKind, worked: Worked, adjustments: tuple[Node, ...]
) -> tuple[NodeKind, Worked]:
    """Return the value after the adjustments that come before the weighting."""
    if worked.value is None:
        return kind, replace(worked, void=True)
    title = (kind, f"{component.key}-before", component.label, component.source)
    before = node_of(title, worked)
    before = replace(before, contribution=before.value)
    return NodeKind.ADJUSTED, Worked(
        sum((n.contribution or Fraction(0) for n in adjustments), worked.value),
        remark("adjusted-before-weighting"),
        (before, *adjustments),
        untold=worked.untold,
        betrays=worked.betrays,
    )
