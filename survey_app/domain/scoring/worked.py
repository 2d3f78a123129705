"""A number on its way up: what it rests on, what it adds, how far it may go.

Parts become the number above them; what has no value blocks it or is left out.

Nothing here turns a missing value into a zero. A sum is normalised by the weights of
the parts it has, so leaving a part out is the same as a scheme without that part.

A number that may not be told is worked with like any other. Its node, and where that
would betray it the node of whatever is made of it, never learns the value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from math import lcm
from typing import Any

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.ground.stated import Stated
from survey_app.domain.ground.written_value import in_digits
from survey_app.domain.questionnaire.questionnaire import listed
from survey_app.domain.scheme.scheme import Component, ComponentKind, WhenEmpty
from survey_app.domain.scheme.total_rules import Bounds
from survey_app.domain.scoring.score_sheet import Node, NodeKind, Parts

Setting = Stated[Any]


@dataclass(frozen=True, slots=True)
class Worked:
    """A number with the rule that made it, or the reasons why there is none."""

    value: Fraction | None
    rule: Remark
    parts: Parts = ()
    reasons: tuple[Remark, ...] = ()
    """Why there is no value; empty when there is one."""
    void: bool = False
    """The counts contradict each other: no policy may look past that."""
    relies_on: tuple[Setting, ...] = ()
    """The settings of the scheme that made it what it is."""
    left_out: tuple[Bilingual, ...] = ()
    """Parts without a value that the scheme allows to leave out."""
    untold: Remark | None = None
    """Where the number is worked with and never shown: what is said in its place."""
    betrays: tuple[Remark, ...] = ()
    """Why the true number would betray few people; then whatever is made of it is not
    shown either."""


@dataclass(frozen=True, slots=True)
class Part:
    """One number on its way into the sum above it."""

    title: "Title"
    worked: Worked
    weight: Stated[Fraction] | None
    """None: direct points."""
    full_marks: Fraction
    when_empty: Stated[WhenEmpty]

    @property
    def blocks(self) -> bool:
        """Whether its missing value leaves the sum without one, too."""
        worked = self.worked
        if worked.void or worked.value is not None:
            return worked.void
        return not self.is_weightless and self.when_empty.value is WhenEmpty.BLOCK

    @property
    def is_weightless(self) -> bool:
        """Whether its weight is zero, which is not the same as having none."""
        return self.weight is not None and not self.weight.value

    def adds(self, per_weight: Fraction) -> Fraction:
        """Return what it adds to a sum that gives so much to each point of weight."""
        value = self.worked.value
        if value is None or self.weight is None:
            return value or _ZERO
        return multiplied(per_weight, self.weight.value, value, by=self.full_marks)

    def node(self, adds: Fraction | None = None) -> Node:
        """Return its number, with what it adds where it may be told."""
        return node_of(self.title, self.worked, weight=self.weight, adds=adds)


_ZERO = Fraction(0)


def added_up(numbers: Sequence[Fraction]) -> Fraction:
    """Return the sum: whole numbers over one denominator, and one fraction of them."""
    below = lcm(*[number.denominator for number in numbers])
    return Fraction(
        sum([one.numerator * (below // one.denominator) for one in numbers]), below
    )


def multiplied(*numbers: Fraction, by: Fraction) -> Fraction:
    """Return the product, divided by one number: one fraction of whole numbers."""
    top, below = by.denominator, by.numerator
    for number in numbers:
        top *= number.numerator
        below *= number.denominator
    return Fraction(top, below)


def no_value(
    *reasons: Remark,
    parts: Parts = (),
    void: bool = False,
    relies_on: tuple[Setting, ...] = (),
) -> Worked:
    """Return a number without a value; the first reason stands where a rule would."""
    return Worked(None, reasons[0], parts, reasons, void, relies_on)


def summed(parts: Sequence[Part], *, out_of: Fraction, label: Bilingual) -> Worked:
    """Return the weighted sum of the parts, between 0 and `out_of`.

    Direct points, the parts without a weight, are added as they are. The caller puts
    its own rule in the place of the one given here.
    """
    blocking = [part for part in parts if part.blocks]
    present = [part for part in parts if part.worked.value is not None]
    weights = added_up([part.weight.value for part in present if part.weight])
    unweighable = not weights and any(part.weight is not None for part in parts)
    betrays = tuple([reason for part in parts for reason in part.worked.betrays])
    none_yet = _without_value()
    untold = none_yet if betrays else None
    if blocking or unweighable or not parts:
        asked = blocking or [part for part in parts if part.worked.value is None]
        reasons = tuple(reason for part in asked for reason in part.worked.reasons)
        return Worked(
            None,
            none_yet,
            tuple(part.node() for part in parts),
            reasons or (remark("weights-are-zero", part=label),),
            any(part.worked.void for part in parts),
            untold=untold,
            betrays=betrays,
        )
    absent = [p for p in parts if p.worked.value is None and not p.is_weightless]
    per_weight = out_of / weights if weights else _ZERO
    added = [part.adds(per_weight) for part in parts]
    return Worked(
        added_up(added),
        none_yet,
        tuple([part.node(points) for part, points in zip(parts, added, strict=True)]),
        relies_on=tuple([part.when_empty for part in absent]),
        left_out=tuple([part.title[2] for part in absent]),
        untold=untold,
        betrays=betrays,
    )


def sum_rule(worked: Worked, out_of: Fraction) -> Remark:
    """Return how the parts became the sum."""
    total = in_digits(out_of)
    if not worked.left_out:
        return remark("weighted-sum", out_of=total)
    left_out = listed(worked.left_out)
    return remark("weighted-sum-renormalised", out_of=total, left_out=left_out)


@cache
def _without_value() -> Remark:
    """Return what is said of a number that a part of it leaves without a value."""
    return remark("part-without-value")


Title = tuple[NodeKind, str, Bilingual, Bilingual]
"""What a number is, its key, what it is called, and who published it."""


def node_of(
    title: Title,
    worked: Worked,
    *,
    weight: Stated[Fraction] | None = None,
    adds: Fraction | None = None,
) -> Node:
    """Return the worked number as a node that names its sources, each once.

    One that may not be told leaves its value behind, and what it adds.
    """
    kind, key, label, source = title
    settings = (*worked.relies_on, weight) if weight else worked.relies_on
    value = worked.value if worked.untold is None else None
    return Node(
        kind,
        key,
        label,
        value,
        weight.value if weight else None,
        worked.untold or worked.rule,
        _sources(source, settings),
        not [setting for setting in settings if not setting.published],
        worked.parts,
        None if value is None else adds,
    )


def _sources(own: Bilingual, settings: Sequence[Setting]) -> Bilingual:
    """Return what a number rests on, each source once."""
    others = [one.source for one in settings if one.source and one.source != own]
    if not others:
        return own
    named = tuple(dict.fromkeys((own, *others) if own else others))
    return Bilingual(
        "；".join([one.zh for one in named]), "; ".join([one.en for one in named])
    )


CUT_OFF = Bilingual("超出范围的部分（不计）", "beyond the range, not counted")


def may_hold(component: Component, value: Fraction) -> bool:
    """Return whether this value may be handed in for the component.

    From 0 to the full marks, unless the scheme sets its bounds aside.
    """
    if component.bounds.value is Bounds.NONE:
        return True
    return 0 <= value <= component.full_marks.value


def component_part(
    component: Component,
    kind: NodeKind,
    worked: Worked,
    *,
    weight: Stated[Fraction] | None,
    out_of: Fraction,
) -> Part:
    """Return the component within 0 and its full marks, if the scheme asks for that.

    Direct points inside a sum come on top of what the sum is out of.
    """
    if component.bounds.value is not Bounds.NONE:
        most = out_of + _direct_points(component.components)
        worked = within(
            worked,
            component.key,
            (Fraction(0), component.bounds),
            (most, component.bounds),
            source=component.source,
        )
    title = kind, component.key, component.label, component.source
    return Part(title, worked, weight, out_of, component.when_missing)


def _direct_points(components: Iterable[Component]) -> Fraction:
    """Return the full marks of all direct points, at any depth."""
    return sum(
        (
            one.full_marks.value
            if one.kind is ComponentKind.POINTS
            else _direct_points(one.components)
            for one in components
        ),
        Fraction(0),
    )


def within(
    worked: Worked,
    key: str,
    least: tuple[Fraction, Stated[Bounds] | Stated[Fraction]],
    most: tuple[Fraction, Stated[Bounds] | Stated[Fraction]] | None,
    *,
    source: Bilingual,
) -> Worked:
    """Return the value, cut off at the nearer bound; each bound with its setting.

    What was cut off is a part of its own, so that the parts still make the number. Of
    a number that may not be told it would tell all; nothing above it is told either.
    """
    value = worked.value
    if value is None or worked.untold:
        return worked
    if value < least[0]:
        bound, setting = least
        reached, counted = in_digits(value), in_digits(bound)
        rule = remark("cut-at-least", reached=reached, counted=counted)
    elif most is not None and value > most[0]:
        bound, setting = most
        reached, counted = in_digits(value), in_digits(bound)
        rule = remark("cut-at-most", reached=reached, counted=counted)
    else:
        return worked
    if not worked.parts:
        settings = (*worked.relies_on, setting)
        return replace(worked, value=bound, rule=rule, relies_on=settings)
    off = Worked(bound - value, rule, relies_on=(setting,))
    node = node_of((NodeKind.CUT, f"{key}-cut", CUT_OFF, source), off)
    node = replace(node, contribution=off.value)
    return replace(worked, value=bound, parts=(*worked.parts, node))
