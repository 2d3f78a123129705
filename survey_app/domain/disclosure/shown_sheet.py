"""A score sheet that betrays no small group.

What stands on the sheet is worked out without the groups that its publication plans
withhold, so it cannot depend on what they said. A component to which such a group would
have contributed has no value here: its true one, beside the groups that are shown,
would be an equation with one unknown. What the scheme says about empty groups decides
the rest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.disclosure.plan import SubjectPlan
from survey_app.domain.disclosure.shown_tally import ShownTally
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.questionnaire.questionnaire import Questionnaire, path
from survey_app.domain.scheme.components import every_component
from survey_app.domain.scheme.scheme import (
    POOLED,
    Component,
    Grouping,
    Post,
    RaterGroup,
    Scheme,
)
from survey_app.domain.scoring.adjusting import CUT
from survey_app.domain.scoring.rewording import reworded
from survey_app.domain.scoring.score import OVERALL, score
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


Plans = Mapping[str, SubjectPlan]
"""Component → what its plan lets be shown about the subject."""


def shown_sheet(
    scheme: Scheme,
    evidence: ScoreInput,
    plans: Plans,
    *,
    post: Post = Post.PRINCIPAL,
    questionnaires: Mapping[str, Questionnaire] | None = None,
) -> ScoreSheet:
    """Return the sheet as it may be shown; equal to the full one where nobody is few.

    A tally without a plan counts as missing. Where a score had to be withheld, the
    sheet is blocked and says so.
    """
    counted = tuple(
        _Counted(component, ShownTally(component.survey, tally, plan), post)
        for component in every_component(scheme.components)
        if component.survey
        and (plan := plans.get(component.key))
        and (tally := evidence.tallies.get(component.key))
    )
    told = _told(scheme, evidence, counted)
    sheet = score(scheme, told, post=post, questionnaires=questionnaires)
    sheet = _without(sheet, scheme, tuple(one for one in counted if one.reasons))
    sheet = without_banded_parts(
        sheet, scheme, {one.component.key: one.tally for one in counted}
    )
    said = dict(rewording for one in counted for rewording in one.rewordings())
    return reworded(sheet, said)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A survey component, its tally and what of it may be shown."""

    component: Component
    tally: ShownTally
    post: Post

    @property
    def is_pooled(self) -> bool:
        """Whether its numbers are about everybody, never about one group."""
        return self.tally.rules.grouping.value is Grouping.POOLED

    @property
    def reasons(self) -> tuple[Remark, ...]:
        """One for each small group the true value rests on; empty: it may be shown.

        Decided by how many they are and never by what they said. Where the plan did
        not reckon with the post, that alone is the reason.
        """
        if not self.tally.plan.foresees(self.post):
            return (remark("post-not-foreseen", where=self.component.label),)
        return tuple(
            self._say("withheld-below-floor", group)
            for group in self.tally.small
            if self._would_count(group)
        )

    def rewordings(self) -> Iterator[tuple[Remark, Remark]]:
        """Yield what is said of a group that was left out → what is said instead."""
        for group in self.tally.small:
            where = path(self.component.label, group.label)
            nobody = remark("nobody-in-group-rated", where=where)
            yield nobody, self._say("group-below-floor", group)

    def _say(self, key: str, group: RaterGroup) -> Remark:
        where = path(self.component.label, group.label)
        return remark(key, where=where, floor=self.tally.floor)

    def _would_count(self, group: RaterGroup) -> bool:
        """Return whether the group has answers enough, and a weight for this post."""
        weight = group.weight.of(self.post).value
        return group.key in self.tally.plan.blocking and (self.is_pooled or weight != 0)


def _told(
    scheme: Scheme, evidence: ScoreInput, counted: tuple[_Counted, ...]
) -> ScoreInput:
    """Return the evidence without the groups that stay hidden, turnout included."""
    shown = {one.component.key: one.tally for one in counted}
    asked = {c.key for c in every_component(scheme.components) if c.survey}
    return replace(
        evidence,
        tallies={
            key: shown[key].told if key in shown else tally
            for key, tally in evidence.tallies.items()
            if key in shown or not tally or key not in asked
        },
        turnout={
            key: {g: t for g, t in groups.items() if g not in shown[key].plan.small}
            for key, groups in evidence.turnout.items()
            if key in shown
        },
    )


def _without(
    sheet: ScoreSheet, scheme: Scheme, concealed: tuple[_Counted, ...]
) -> ScoreSheet:
    """Return the sheet without the values of these components and all above them."""
    if not concealed:
        return sheet
    reasons = tuple(reason for one in concealed for reason in one.reasons)
    by_key = {one.component.key: one for one in concealed}
    sums = {c.key for c in every_component(scheme.components) if c.components}
    root = replace(_emptied(sheet.root, by_key, {OVERALL, *sums}), rule=reasons[0])
    return replace(sheet, root=root, blocked=(*reasons, *sheet.blocked))


def _emptied(node: Node, concealed: Mapping[str, _Counted], sums: set[str]) -> Node:
    """Return the node, without value where it is or contains a concealed component.

    Only sums are searched: a rater group may bear the name of a component.
    """
    if one := concealed.get(node.key):
        return _bare(node, one.reasons[0], () if one.is_pooled else node.children)
    if node.key not in sums:
        return node
    children = tuple(_emptied(child, concealed, sums) for child in node.children)
    if children == node.children:
        return node
    return _bare(node, remark("part-without-value"), children)


def _bare(node: Node, rule: Remark, children: tuple[Node, ...]) -> Node:
    """Return the node without a value; nor has it one before its adjustments."""
    return replace(
        node,
        value=None,
        contribution=None,
        rule=rule,
        children=tuple(
            _bare(child, rule, child.children)
            if child.key == f"{node.key}-before"
            else child
            for child in children
            # What was cut off would tell the value it was cut off from.
            if not child.key.endswith(CUT)
        ),
    )
