"""Parts become the number above them; what has no value blocks it or is left out.

Nothing here turns a missing value into a zero. A sum is normalised by the weights of
the parts it has, so leaving a part out is the same as a scheme without that part.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.ground.stated import Stated
from survey_app.domain.scheme.scheme import WhenEmpty
from survey_app.domain.scoring.score_sheet import Node

Setting = Stated[Any]


@dataclass(frozen=True, slots=True)
class Worked:
    """A number with the rule that made it, or the reasons why there is none."""

    value: Fraction | None
    rule: Remark
    children: tuple[Node, ...] = ()
    reasons: tuple[Remark, ...] = ()
    """Why there is no value; empty when there is one."""
    void: bool = False
    """The counts contradict each other: no policy may look past that."""
    relies_on: tuple[Setting, ...] = ()
    """The settings of the scheme that made it what it is."""
    left_out: tuple[Bilingual, ...] = ()
    """Parts without a value that the scheme allows to leave out."""


@dataclass(frozen=True, slots=True)
class Part:
    """One number on its way into the sum above it."""

    node: Node
    full_marks: Fraction
    when_empty: Stated[WhenEmpty]
    worked: Worked

    @property
    def blocks(self) -> bool:
        """Whether its missing value leaves the sum without one, too."""
        if self.worked.void:
            return True
        return (
            self.node.value is None
            and self.node.weight != 0
            and self.when_empty.value is WhenEmpty.BLOCK
        )


def withheld(
    *reasons: Remark,
    children: tuple[Node, ...] = (),
    void: bool = False,
    relies_on: tuple[Setting, ...] = (),
) -> Worked:
    """Return a number without a value; the first reason stands where a rule would."""
    return Worked(None, reasons[0], children, reasons, void, relies_on)


def summed(parts: Sequence[Part], *, out_of: Fraction, label: Bilingual) -> Worked:
    """Return the weighted sum of the parts, between 0 and `out_of`.

    Direct points, the parts without a weight, are added as they are. The caller puts
    its own rule in the place of the one given here.
    """
    children = tuple(part.node for part in parts)
    blocking = [part for part in parts if part.blocks]
    present = [part for part in parts if part.node.value is not None]
    weights = sum((part.node.weight or Fraction(0) for part in present), Fraction(0))
    unweighable = not weights and any(p.node.weight is not None for p in parts)
    if blocking or unweighable or not parts:
        asked = blocking or [part for part in parts if part.node.value is None]
        reasons = tuple(reason for part in asked for reason in part.worked.reasons)
        return Worked(
            None,
            remark("part-without-value"),
            children,
            reasons or (remark("weights-are-zero", part=label),),
            void=any(part.worked.void for part in parts),
        )
    absent = [p for p in parts if p.node.value is None and p.node.weight != 0]
    nodes = tuple(_contributing(part, weights, out_of) for part in parts)
    total = sum((node.contribution or Fraction(0) for node in nodes), Fraction(0))
    return Worked(
        total,
        remark("part-without-value"),
        nodes,
        relies_on=tuple(part.when_empty for part in absent),
        left_out=tuple(part.node.label for part in absent),
    )


def _contributing(part: Part, weights: Fraction, out_of: Fraction) -> Node:
    """Return the part's node with what it adds to the sum."""
    value, weight = part.node.value, part.node.weight
    if value is None or weight is None:
        return replace(part.node, contribution=value)
    share = weight / weights if weights else Fraction(0)
    return replace(part.node, contribution=out_of * share * value / part.full_marks)


def node_of(
    key: str,
    label: Bilingual,
    worked: Worked,
    *,
    source: Bilingual,
    weight: Stated[Fraction] | None = None,
) -> Node:
    """Return the worked number as a node that names its sources, each once."""
    settings = (*worked.relies_on, *((weight,) if weight else ()))
    named = (source, *(setting.source for setting in settings))
    sources = tuple(dict.fromkeys(one for one in named if one))
    return Node(
        key=key,
        label=label,
        value=worked.value,
        weight=weight.value if weight else None,
        rule=worked.rule,
        source=Bilingual(
            "；".join(one.zh for one in sources), "; ".join(one.en for one in sources)
        ),
        published=all(setting.published for setting in settings),
        children=worked.children,
    )
