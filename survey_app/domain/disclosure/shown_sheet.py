"""A score sheet that betrays no small group.

What stands on the sheet is worked out without the groups that its publication plans
withhold, so it cannot depend on what they said. A component to which such a group would
have contributed has no value here: its true one, beside the groups that are shown,
would be an equation with one unknown. What the scheme says about empty groups decides
the rest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from survey_app.domain.disclosure.banded_sheet import without_banded_parts
from survey_app.domain.disclosure.plan import SubjectPlan
from survey_app.domain.disclosure.shown_tally import ShownTally
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.remark import Remark, remark
from survey_app.domain.scheme import Component, Grouping, Post, RaterGroup, Scheme
from survey_app.domain.scoring.asked import path
from survey_app.domain.scoring.bounding import CUT
from survey_app.domain.scoring.components import every_component
from survey_app.domain.scoring.rewording import reworded
from survey_app.domain.scoring.score import OVERALL, score
from survey_app.domain.scoring.score_input import ScoreInput
from survey_app.domain.scoring.score_sheet import Node, ScoreSheet

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
