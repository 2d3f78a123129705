"""A score sheet laid out in rows, children of one number side by side, for formulas.

Every row says how its number comes from the numbers below it, in the same steps as the
score itself: a weighted mean, a sum within its bounds, a mean of what was signed. What
rests on something that is not told is taken as it stands.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from survey_app.domain.counting.evidence import BONUS
from survey_app.domain.scheme.components import every_component
from survey_app.domain.scheme.scheme import Component, ComponentKind, Post, Scheme
from survey_app.domain.scheme.total_rules import Bounds
from survey_app.domain.scoring.score_sheet import Choices, Node, NodeKind, ScoreSheet

UNTOLD = frozenset(
    {
        "told-as-band", "gives-way-to-band", "withheld-below-floor",
        "post-not-foreseen", "part-without-value", "gives-way-to-few",
        "score-would-tell",
    }
)  # fmt: skip
"""What is said of a number that was worked with and is not shown."""
BEFORE = "-before"
"""Ends the key of a component's value before bonuses and deductions changed it."""
COMPONENTS = {NodeKind(kind) for kind in ComponentKind} | {NodeKind.ADJUSTED}


@dataclass(slots=True)
class Line:
    """One number, and how it is made of the lines below it."""

    node: Node
    out_of: Fraction | None
    """What the value is out of, where that decides what it adds."""
    above: "Line | None" = None
    below: tuple["Line", ...] = field(default=())
    least: Fraction | None = None
    most: Fraction | None = None
    """Between these the value is kept."""
    is_stated: bool = True
    """Whether the value comes in from outside, or is taken as it stands."""

    @property
    def is_mean(self) -> bool:
        """Whether its parts were signed and all count alike."""
        parts = self.below
        return bool(parts) and parts[0].node.kind is NodeKind.RATING


@dataclass(frozen=True, slots=True)
class Layout:
    """How the numbers of one scheme are made."""

    scheme: Scheme
    post: Post

    def lines(self, sheet: ScoreSheet) -> list[Line]:
        """Return the sheet's numbers down to the components, the overall one first."""
        scheme = self.scheme
        root = Line(
            sheet.root,
            scheme.total.value,
            least=scheme.floor.value,
            most=scheme.ceiling.value if scheme.ceiling else None,
        )
        return list(self._spread(root, inside_surveys=False))

    def inside(self, survey: Line) -> list[Line]:
        """Return the numbers below a survey's, groups before their questions."""
        return list(self._spread(survey, inside_surveys=True))[1:]

    def _spread(self, root: Line, *, inside_surveys: bool) -> Iterator[Line]:
        waiting = [root]
        for line in waiting:
            yield line
            self._open(line, deeper=inside_surveys or line.node.kind != "survey")
            waiting += line.below

    def _open(self, line: Line, *, deeper: bool) -> None:
        node = line.node
        if isinstance(node.parts, Choices):
            line.is_stated = node.value is None
            return
        parts = [part for part in node.parts if part.kind is not NodeKind.CUT]
        hidden = any(p.value is None and p.rule.key in UNTOLD for p in parts)
        line.is_stated = hidden or not parts
        if deeper:
            line.below = tuple(self._child(part, line) for part in parts)

    def _child(self, node: Node, above: Line) -> Line:
        if node.kind in (NodeKind.GROUP, NodeKind.QUESTION):
            return Line(node, above.out_of, above)
        if node.kind is NodeKind.ADJUSTMENTS:
            return self._adjustments(node, above)
        if node.kind not in COMPONENTS:
            return Line(node, None, above)
        every = self._components
        component = every.get(node.key) or every[node.key.removesuffix(BEFORE)]
        out_of = self._out_of(component)
        line = Line(node, out_of, above)
        if component.bounds.value is not Bounds.NONE and node.key == component.key:
            line.least, line.most = Fraction(0), out_of + _direct_points(component)
        return line

    def _adjustments(self, node: Node, above: Line) -> Line:
        rules = self.scheme.adjustments
        if node.key.startswith(BONUS):
            cap = rules.bonus_cap
            return Line(node, None, above, most=cap.value if cap else None)
        cap = rules.deduction_cap
        return Line(node, None, above, least=-cap.value if cap else None)

    def _out_of(self, component: Component) -> Fraction:
        """Return what its value is out of; the parts of a sum add up to its weight."""
        weight = component.weight.of(self.post).value if component.weight else None
        is_sum = component.kind is ComponentKind.SUM
        return weight if is_sum and weight else component.full_marks.value

    @property
    def _components(self) -> Mapping[str, Component]:
        return {one.key: one for one in every_component(self.scheme.components)}


def _direct_points(component: Component) -> Fraction:
    points = (
        one.full_marks.value
        for one in every_component(component.components)
        if one.kind is ComponentKind.POINTS
    )
    return sum(points, Fraction(0))
