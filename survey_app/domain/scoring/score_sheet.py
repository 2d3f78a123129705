"""A score as a tree in which every number opens into the numbers that made it.

Every number says what it is, so nobody who reads the tree has to guess it from a key. A
number that may not be told is not in it: it was worked with and never put here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate
from operator import attrgetter
from typing import overload

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.scoring.written_sheet import (
    WrittenNode,
    WrittenSheet,
    WrittenStep,
)


class NodeKind(StrEnum):
    """What a number of the sheet is; those of components are called as the scheme does.

    A component whose value adjustments changed before the weighting is ADJUSTED; what
    it is otherwise, its first part says.
    """

    OVERALL = "overall"
    SUM = "sum"
    GIVEN = "given"
    LEADING_BODY = "leading-body"
    POINTS = "points"
    SURVEY = "survey"
    NAMED = "named"
    ADJUSTED = "adjusted"
    GROUP = "group"
    QUESTION = "question"
    CHOICE = "choice"
    """Its parts are none, its weight how many picked it."""
    RATING = "rating"
    """One named rating."""
    ADJUSTMENTS = "adjustments"
    """All bonuses, or all deductions."""
    ADJUSTMENT = "adjustment"
    CUT = "cut"
    """What lay beyond the range and does not count."""


@dataclass(frozen=True, slots=True)
class Node:
    """One number of the sheet, with the rule that made it and the rule's source."""

    kind: NodeKind
    key: str
    label: Bilingual
    value: Fraction | None
    """None: it could not be computed or may not be told; `rule` says why."""
    weight: Fraction | None
    rule: Remark
    source: Bilingual
    published: bool = True
    """False where the weight or the rule was assumed; marked wherever it is shown."""
    parts: "Parts" = ()
    contribution: Fraction | None = None
    """What it adds to the number above it; those of all parts make that number."""

    @property
    def assumed(self) -> bool:
        """Whether anything that made this number was assumed, at any depth."""
        if not self.published:
            return True
        parts = self.parts.blanks if isinstance(self.parts, Choices) else self.parts
        return any(child.assumed for child in parts)


class Choices(Sequence[Node]):
    """The choices of one question as numbers of the sheet, put down when looked at.

    There are six of seven numbers of a sheet among them, and a list of results or a
    kept sheet needs none. Otherwise as good as the tuple that it is equal to.
    """

    __slots__ = ("_put_down", "answers", "blanks", "picked")

    def __init__(
        self,
        blanks: tuple[Node, ...],
        picked: tuple[tuple[int, int], ...],
        answers: int,
    ) -> None:
        self.blanks = blanks
        """Every choice, as a number that nobody has picked yet."""
        self.picked = picked
        """How many picked each of them, and how many of those count."""
        self.answers = answers
        """How many answers the mean is made of; 0 without a mean."""
        self._put_down: tuple[Node, ...] | None = None

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Each choice with its points, weighing as much as it has answers."""
        if self._put_down is None:
            self._put_down = tuple(
                _choice(blank, count, kept, self.answers)
                for blank, (count, kept) in zip(self.blanks, self.picked, strict=True)
            )
        return self._put_down

    @overload
    def __getitem__(self, place: int) -> Node: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Node, ...]: ...
    def __getitem__(self, place: int | slice) -> Node | tuple[Node, ...]:
        return self.nodes[place]

    def __len__(self) -> int:
        return len(self.blanks)

    def __eq__(self, other: object) -> bool:
        return self.nodes == (other.nodes if isinstance(other, Choices) else other)

    def __hash__(self) -> int:
        return hash(self.nodes)

    def __repr__(self) -> str:
        return repr(self.nodes)


Parts = tuple[Node, ...] | Choices
NOBODY = remark("choice-not-counted", count=0)
"""What is said of a choice that nobody has picked yet."""
IN_BAND = remark("numbers-in-band", count=0)
"""The same of a band whose numbers count, each for itself."""


def _choice(blank: Node, count: int, kept: int, answers: int) -> Node:
    """Return one choice that so many picked, and so many of them count."""
    value, weight, adds = blank.value, None, None
    if value is None:
        rule = remark("choice-not-counted", count=count)
        if blank.rule is IN_BAND:
            rule = remark("numbers-in-band", count=count)
    else:
        weight = Fraction(kept)
        rule = remark("points-of-choice", count=count)
        if kept != count:
            rule = remark("points-of-choice-trimmed", count=count, kept=kept)
        if answers:
            adds = Fraction(value.numerator * kept, value.denominator * answers)
    return replace(blank, weight=weight, rule=rule, contribution=adds)


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """The overall score and everything it is made of."""

    root: Node
    places: int
    blocked: tuple[Remark, ...] = field(default=())
    """Why there is no overall score; empty when there is one."""

    @property
    def overall(self) -> Fraction | None:
        """The exact overall score, or None while something blocks it."""
        return None if self.blocked else self.root.value

    @property
    def steps(self) -> tuple["Step", ...]:
        """The parts of the overall score, those of a sum in its place.

        Their points add up to the overall score exactly. Empty while it is blocked.
        """
        if self.overall is None:
            return ()
        parts = self.root.parts
        return tuple(step for part in parts for step in _steps(part, Fraction(1)))

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """All that is said on the sheet, of the overall score first."""
        return (*self.blocked, *_remarks(self.root))

    def written(self, said: Mapping[Remark, str], language: str) -> WrittenSheet:
        """Return the sheet as it is read, with the sentences of its remarks."""
        words: Callable[[Bilingual], str] = attrgetter(
            "en" if language == "en" else "zh"
        )

        def points(number: Fraction | None) -> str:
            return "" if number is None else rounded(number, self.places)

        def line(node: Node) -> WrittenNode:
            return WrittenNode(
                kind=node.kind,
                label=words(node.label),
                value=points(node.value),
                exact=_exact(node.value),
                weight=_exact(node.weight),
                adds=points(node.contribution),
                rule=said[node.rule],
                source=words(node.source),
                published=node.published,
                parts=tuple(map(line, node.parts)),
            )

        return WrittenSheet(
            root=line(self.root),
            steps=tuple(
                WrittenStep(
                    words(one.label),
                    points(one.points),
                    _exact(one.points),
                    points(so_far),
                    one.kind,
                )
                for one, so_far in zip(
                    self.steps, accumulate(s.points for s in self.steps), strict=True
                )
            ),
            blocked=tuple(said[reason] for reason in self.blocked),
            assumed=self.root.assumed,
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the overall score."""

    label: Bilingual
    points: Fraction
    """What it adds to the overall score; negative where it takes away."""
    kind: NodeKind


OVER_THE_CAP = Bilingual("超过上限的部分（不计）", "above the cap, not counted")


def _steps(node: Node, share: Fraction) -> Iterator[Step]:
    """Yield the node's part of the overall score, opened where it is a sum of parts.

    Of adjustments under a cap, all that were given and what of them does not count.
    """
    if node.contribution is None:
        return
    if node.kind is NodeKind.ADJUSTMENTS:
        given = sum((p.contribution or Fraction(0) for p in node.parts), Fraction(0))
        yield Step(node.label, given * share, node.kind)
        if given != node.contribution:
            cut = (node.contribution - given) * share
            yield Step(OVER_THE_CAP, cut, NodeKind.CUT)
        return
    if node.kind is not NodeKind.SUM or not node.value:
        yield Step(node.label, node.contribution * share, node.kind)
        return
    for child in node.parts:
        yield from _steps(child, share * node.contribution / node.value)


def _remarks(node: Node) -> Iterator[Remark]:
    """Yield the rules of the number and of those that made it."""
    yield node.rule
    for child in node.parts:
        yield from _remarks(child)


def _exact(number: Fraction | None) -> str:
    """Return the number without any rounding: whole, or "a/b"; "" where none is."""
    return "" if number is None else str(number)


def rounded(value: Fraction, places: int) -> str:
    """Return the value in digits, rounded half up (away from zero) once.

    The only rounding of the platform; everything before it is exact.
    """
    shift = 10**places
    units = (2 * abs(value) * shift + 1) // 2
    whole, part = divmod(units, shift)
    digits = f"{whole}.{part:0{places}d}" if places else str(whole)
    return f"-{digits}" if value < 0 and units else digits
