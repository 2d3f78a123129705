"""A score sheet where nearly everybody objected: the score stays, its parts do not.

Which parts give way was decided by the publication plan; here they lose their numbers
and say why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from survey_app.domain.alerts.alert import POOLED
from survey_app.domain.bilingual import Bilingual
from survey_app.domain.disclosure.shown_tally import ShownTally
from survey_app.domain.remark import Remark, remark
from survey_app.domain.scheme import Grouping, Scheme
from survey_app.domain.scoring.asked import path
from survey_app.domain.scoring.components import every_component
from survey_app.domain.scoring.score import OVERALL
from survey_app.domain.scoring.score_sheet import Node, ScoreSheet


def without_banded_parts(
    sheet: ScoreSheet, scheme: Scheme, tallies: Mapping[str, ShownTally]
) -> ScoreSheet:
    """Return the sheet without the parts that gave way to bands; scores stay."""
    banded = {
        key: tally
        for key, tally in tallies.items()
        if tally.plan.has_bands or tally.plan.bare
    }
    if not banded:
        return sheet
    sums = {c.key for c in every_component(scheme.components) if c.components}
    return replace(sheet, root=_searched(sheet.root, banded, {OVERALL, *sums}))


def _searched(node: Node, banded: Mapping[str, ShownTally], sums: set[str]) -> Node:
    """Return the node; only sums are searched, for a group may be named like a sum."""
    if tally := banded.get(node.key):
        return _Parts(tally, node.label).without(node)
    if node.key not in sums:
        return node
    return replace(
        node, children=tuple(_searched(child, banded, sums) for child in node.children)
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of one component's score."""

    tally: ShownTally
    label: Bilingual

    def without(self, node: Node) -> Node:
        """Return the component with the parts that may be told."""
        pooled = self.tally.rules.grouping.value is Grouping.POOLED
        groups = {group.key for group in self.tally.rules.rater_groups}
        children = []
        for child in node.children:
            if child.key == f"{node.key}-before":
                children.append(self.without(child))
            elif pooled:
                children.append(self._question(child, POOLED, self.label))
            elif child.key in groups:
                children.append(self._group(child))
            else:
                children.append(child)
        return replace(node, children=tuple(children))

    def _group(self, node: Node) -> Node:
        """Return a rater group with the questions that may be told."""
        where = path(self.label, node.label)
        told = tuple(self._question(q, node.key, where) for q in node.children)
        if self.tally.plan.tells(node.key) or node.value is None:
            return replace(node, children=told)
        rule = remark("gives-way-to-band", where=where)
        return replace(node, value=None, contribution=None, rule=rule, children=told)

    def _question(self, node: Node, group: str, above: Bilingual) -> Node:
        """Return a question, without its numbers where they are not told."""
        if self.tally.plan.tells(group, node.key):
            return node
        rule = self._rule(group, node.key, path(above, node.label))
        return replace(node, value=None, contribution=None, rule=rule, children=())

    def _rule(self, group: str, question: str, where: Bilingual) -> Remark:
        """Return what is said instead of the numbers."""
        groups = tuple(self.tally.told) if group == POOLED else (group,)
        counts = (self.tally.full.get(g, {}).get(question, {}) for g in groups)
        n = sum(sum(one.values()) for one in counts)
        band = self.tally.plan.band(group, question, n)
        if band is None:
            return remark("gives-way-to-band", where=where)
        return remark("told-as-band", where=where, most=band.more_than, answers=band.of)
