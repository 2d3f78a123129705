"""Where a number would tell too much: a band instead, and what gives way to it.

A floor does not help a group that agrees: whoever knows that all ten objected knows it
of each. So where more than n - s of n objected, the numbers of that question give way
to "more than n - s of n", and with them every number they could be worked out from.
The component's score stays, for a cadre's score must not vanish because all agree.

Questions that are no plain ratings are told in cells: see `cells`. Of them also a cell
of few people gives way, and numbers whose mean has no room (see `rooms`); and whatever
a question says of the one it depends on, where that is not told. There the score does
not stay if it alone would tell them.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from survey_app.domain.counting.subject_plan import WHOLE, Place
from survey_app.domain.counting.tally import Tally
from survey_app.domain.disclosure.counted_cells import CountedCells, Shown
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.posted_cells import open_cells
from survey_app.domain.disclosure.score_vectors import (
    SCORE,
    component_scores,
    group_scores,
)
from survey_app.domain.disclosure.span import (
    Cost,
    Leaves,
    Published,
    leaks,
    suppressed,
)
from survey_app.domain.scheme.floors import PUBLIC_FLOOR
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scoring.counting_questions import without_questions

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is not told as it is."""

    banded: frozenset[Place] = frozenset()
    """Places that become bands."""
    concealed: frozenset[Place] = frozenset()
    """Places that give way to them, or to what else must not be told."""
    score: bool = False
    """Whether the component's score is withheld as well."""


def bands_of(
    frozen: FrozenPlan, scheme: Scheme, tally: Tally, shown: Shown
) -> Withheld:
    """Return the places that become bands, and those that give way."""
    counted = CountedCells(frozen, scheme, tally, shown)
    linked = [cell for cell in frozen.cells if cell not in counted.alone]
    parts = [_withheld(_System(counted, linked, has_scores=True))]
    parts += [
        _withheld(_System(counted, [cell], has_scores=False))
        for cell in frozen.cells
        if cell in counted.alone
    ]
    banded = frozenset(chain.from_iterable(one.banded for one in parts))
    concealed = frozenset(chain.from_iterable(one.concealed for one in parts))
    # No share of people is told where it is not told how many they are.
    concealed |= {
        (name, cell) for name, base in concealed for cell in counted.ticks_of(base)
    }
    return Withheld(banded - concealed, concealed, any(one.score for one in parts))


def _withheld(system: "_System") -> Withheld:
    """Return what is not told of cells that have to do with one another."""
    few = system.few()
    banded = system.banded(frozenset(few))
    protected = (*system.protected(), *few)
    if not protected:
        return Withheld()
    # The mean of several bands would tell the extremes they stand for.
    often = Counter(name for name, cell in banded if system.counted.counts(cell))
    means = {(name, WHOLE) for name, cells in often.items() if cells > 1}
    numbers = [*system.published(banded), *system.scores()]
    pinned = [one for one in numbers if one.cost is Cost.PINNED]
    score = bool(few) and bool(leaks(pinned, {}, 0, few))
    told = [one for one in numbers if not (score and one.place[0] == SCORE)]
    published = [one for one in told if one.place not in means]
    # Both parts of a difference are of the same people: no floor is asked here.
    kept = {id(one) for one in suppressed(published, {}, 0, protected)}
    concealed = frozenset(one.place for one in told if id(one) not in kept)
    return Withheld(banded - concealed, concealed, score)


@dataclass(frozen=True, slots=True)
class _System:
    """Cells between which sums can be made, and the scores made of them."""

    counted: CountedCells
    cells: Cells
    has_scores: bool

    def banded(self, few: Collection[Leaves]) -> frozenset[Place]:
        """Return the places whose numbers become bands; of few not even that."""
        return frozenset(
            (name, cell)
            for cell in self.cells
            for name, groups in self.counted.told(cell)
            if self.counted.agree(groups, cell)
            and self.counted.leaves(groups, cell) not in few
        )

    def few(self) -> tuple[Leaves, ...]:
        """Return the leaves that not even a score may tell."""
        found = (
            leaves
            for cell in self.cells
            for leaves in (*self.counted.few(cell), *self.counted.roomless(cell))
        )
        return tuple(dict.fromkeys(found))

    def protected(self) -> tuple[Leaves, ...]:
        """Return the leaves whose sum must not be derived: bands, hidden remainders."""
        counted, small = self.counted, self.counted.shown.small
        everywhere = [
            (groups, cell)
            for cell in self.cells
            for groups in (*(g for _, g in counted.told(cell)), small)
        ]
        alone = (
            counted.leaves(groups, cell)
            for groups, cell in everywhere
            if counted.agree(groups, cell)
        )
        return tuple(dict.fromkeys((*alone, *self._agreeing_together())))

    def _agreeing_together(self) -> Iterator[Leaves]:
        """Yield the leaves of several groups of which each one nearly agrees.

        Their sum is hardly less telling than its parts: of two bands that are at their
        lowest, it says that both are. The same holds for one group's bands together.
        """
        counted = self.counted
        for cell in self.cells:
            agreeing = [g for g in counted.shown.groups if counted.agree((g,), cell)]
            for size in range(2, len(agreeing) + 1):
                for together in combinations(agreeing, size):
                    yield counted.leaves(together, cell)
        for group in counted.shown.groups if self.has_scores else ():
            banded = [
                cell
                for cell in self.cells
                if counted.counts(cell) and counted.agree((group,), cell)
            ]
            if len(banded) > 1:
                yield frozenset((group, cell) for cell in banded)

    def published(self, banded: Collection[Place]) -> Iterator[Published]:
        """Yield every number the floors would show, as a vector over the leaves.

        A band stands in the place of those that agree. How many were asked a question
        that depends on another says how that one was answered.
        """
        counted, costs = self.counted, self._costs(banded)
        for cell in self.cells:
            other = counted.of(cell)
            for name, groups in counted.told(cell):
                place, leaves = (name, cell), counted.leaves(groups, cell)
                if leaves and place not in banded:
                    vector = dict.fromkeys(leaves, 1)
                    yield Published(place, vector, costs.get(place, Cost.MARGIN))
                if other and other.condition:
                    asked = dict.fromkeys(counted.leaves(groups, other.condition), 1)
                    yield Published(place, asked, Cost.MARGIN)

    def scores(self) -> Iterator[Published]:
        """Yield the scores that are shown."""
        counted, rules = self.counted, self.counted.rules
        if rules is None or not self.has_scores:
            return
        told_only = [one.key for one in counted.frozen.others if not one.counts]
        tally = without_questions(counted.tally, told_only)
        yield from group_scores(rules, tally, counted.shown.groups)
        for post in counted.shown.posts:
            yield from component_scores(rules, tally, counted.shown.groups, post)

    def _costs(self, banded: Collection[Place]) -> dict[Place, Cost]:
        """Return what it costs to withhold each group's answers in each cell."""
        agreeing = {name for name, _ in banded}
        costs = {
            (group, cell): Cost.BESIDE if group in agreeing else Cost.LEAF
            for group in self.counted.shown.groups
            for cell in self.cells
        }
        return costs | dict.fromkeys(self._posted(), Cost.PINNED)

    def _posted(self) -> frozenset[Place]:
        """Return the counts of a secret ballot that were posted when its box opened.

        Everybody has them: to withhold them here would hide nothing.
        """
        frozen = self.counted.frozen
        floors = frozen.floors
        if not frozen.is_secret or not self.has_scores:
            return frozenset()
        cells = open_cells(
            {0: without_questions(self.counted.tally, frozen.never_posted)},
            floor=max(floors.office, floors.public, PUBLIC_FLOOR),
            shroud=floors.shroud,
            dissatisfied=frozen.dissatisfied,
        )
        return frozenset((group, question) for _, group, question in cells)
