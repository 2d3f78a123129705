"""Saying on a score sheet what the office knows better than the rules can."""

from collections.abc import Mapping
from dataclasses import replace

from survey_app.domain.ground.remark import Remark
from survey_app.domain.scoring.score_sheet import Node, ScoreSheet


def reworded(sheet: ScoreSheet, instead: Mapping[Remark, Remark]) -> ScoreSheet:
    """Return the sheet with these remarks in the place of others; numbers stay."""
    if not instead:
        return sheet
    blocked = tuple(dict.fromkeys(instead.get(one, one) for one in sheet.blocked))
    return replace(sheet, root=_said(sheet.root, instead), blocked=blocked)


def _said(node: Node, instead: Mapping[Remark, Remark]) -> Node:
    """Return the node and all below it in the new words."""
    return replace(
        node,
        rule=instead.get(node.rule, node.rule),
        children=tuple(_said(child, instead) for child in node.children),
    )
