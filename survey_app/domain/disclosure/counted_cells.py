"""The numbers about one subject before anything gives way: who is told what of whom.

A leaf is one rater group's answers in one cell; whatever is told is a sum of leaves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from survey_app.domain.counting.subject_plan import pooled_by
from survey_app.domain.counting.tally import Counts, Tally, added
from survey_app.domain.disclosure.cells import (
    OtherQuestion,
    cell_tally,
    most_alike,
    question_of,
)
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.rooms import has_room
from survey_app.domain.disclosure.span import Leaves
from survey_app.domain.scheme.scheme import POOLED, Grouping, Post, Scheme, SurveyRules
from survey_app.domain.scoring.question_score import points_by_choice, trimmed

Raters = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the floors alone would show about one subject."""

    groups: Raters
    small: Raters
    """Groups somebody answered in that are not shown."""
    together: bool
    posts: tuple[Post, ...]
    """The posts by whose weights the component's score is shown."""


@dataclass(frozen=True)
class CountedCells:
    """What was counted about one subject, by rater group and cell."""

    frozen: FrozenPlan
    scheme: Scheme
    tally: Tally
    shown: Shown

    @cached_property
    def others(self) -> Mapping[str, OtherQuestion]:
        """The questions that are no plain ratings."""
        return {one.key: one for one in self.frozen.others}

    @cached_property
    def by_group(self) -> Mapping[str, Mapping[str, Counts]]:
        """Rater group → cell → counts."""
        if not self.others:
            return self.tally
        return {g: cell_tally(asked, self.others) for g, asked in self.tally.items()}

    @cached_property
    def rules(self) -> SurveyRules | None:
        """The rules of the survey."""
        return self.scheme.component(self.frozen.component).survey

    @cached_property
    def alone(self) -> frozenset[str]:
        """The cells no score and no other cell has anything to do with."""
        conditions = {one.condition for one in self.frozen.others}
        return frozenset(
            cell
            for one in self.frozen.others
            if not (one.counts or one.condition or one.key in conditions)
            for cell in one.cells
        )

    def of(self, cell: str) -> OtherQuestion | None:
        """Return the question of a cell that is no plain rating; else None."""
        return self.others.get(question_of(cell)) if self.others else None

    def ticks_of(self, question: str) -> tuple[str, ...]:
        """Return the cells of several choices; none of any other question."""
        other = self.others.get(question)
        return other.cells[1:] if other else ()

    def counts(self, cell: str) -> bool:
        """Return whether a cell enters the score."""
        other = self.of(cell)
        return other is None or other.counts

    def leaves(self, groups: Raters, cell: str) -> Leaves:
        """Return the leaves of these groups in which anybody said anything."""
        return frozenset((g, cell) for g in groups if self._people.get((g, cell)))

    def told(self, cell: str) -> Iterator[tuple[str, Raters]]:
        """Yield what is told of a cell: each group, all, and alerts' groups."""
        for group in self.shown.groups:
            yield group, (group,)
        everybody = (*self.shown.groups, *self.shown.small)
        pooled = self._is_pooled and not self.shown.small
        if everybody and (self.shown.together or pooled):
            yield POOLED, everybody
        for rule in self.scheme.alerts:
            if (
                rule.component == self.frozen.component
                and rule.pooled
                and self.counts(cell)
                and cell in (rule.questions or (cell,))
                and (groups := self._judged_together(rule.rater_groups))
            ):
                yield pooled_by(rule.key), groups

    def _judged_together(self, asked: Raters) -> Raters:
        """Return the inhabited groups a rule judges together; empty: no numbers."""
        everybody = (*self.shown.groups, *self.shown.small)
        inside = tuple(group for group in everybody if not asked or group in asked)
        if set(inside) & set(self.shown.small):
            whole = len(inside) == len(everybody)
            return inside if whole and self.shown.together else ()
        return inside

    @property
    def _is_pooled(self) -> bool:
        return self.rules is not None and self.rules.grouping.value is Grouping.POOLED

    def agree(self, groups: Raters, cell: str) -> bool:
        """Return whether more than all but a few of these people say the same.

        Of a rating, or what else is scored: whether so many objected.
        """
        n = sum([self._people.get((group, cell), 0) for group in groups])
        if not n:
            return False
        other = self.of(cell)
        if other is None:
            most = sum([self._objecting.get((group, cell), 0) for group in groups])
        else:
            counts = added(self.by_group.get(g, {}).get(cell, {}) for g in groups)
            _, most = most_alike(counts, other.alike(counts))
        return most > n - self.frozen.floors.shroud

    @cached_property
    def _people(self) -> Mapping[tuple[str, str], int]:
        """How many said anything, at every place."""
        return {
            (group, cell): sum(counts.values())
            for group, cells in self.by_group.items()
            for cell, counts in cells.items()
        }

    @cached_property
    def _objecting(self) -> Mapping[tuple[str, str], int]:
        """How many objected, at every place."""
        objecting = self.frozen.dissatisfied
        return {
            (group, cell): sum([counts.get(choice, 0) for choice in objecting])
            for group, cells in self.by_group.items()
            for cell, counts in cells.items()
        }

    def few(self, cell: str) -> Iterator[Leaves]:
        """Yield the leaves of fewer people than the floor, where not all answer.

        Groups that are shown have enough people; of those a question may be left to a
        few only, and they may be the rest of a sum.
        """
        other, floor = self.of(cell), self.frozen.floors.office
        if other is None or not other.is_loose:
            return
        sizes = {g: self._people.get((g, cell), 0) for g in self.tally}
        small = [group for group, n in sizes.items() if 0 < n < floor]
        for size in range(1, len(small) + 1):
            for groups in combinations(small, size):
                if sum(sizes[group] for group in groups) < floor:
                    yield self.leaves(groups, cell)

    def roomless(self, cell: str) -> Iterator[Leaves]:
        """Yield the leaves of numbers whose mean would tell them."""
        other, rules = self.of(cell), self.rules
        if other is None or not other.is_mean or rules is None:
            return
        points = points_by_choice(rules, cell)
        everybody = (*self.shown.groups, *self.shown.small)
        alone = [(group,) for group in self.shown.groups]
        for groups in [everybody] if self._is_pooled else alone:
            said = added(self.tally.get(g, {}).get(cell, {}) for g in groups)
            rated = {choice: n for choice, n in said.items() if choice in points}
            kept = trimmed(rated, points, rules.trim)
            if not has_room(kept, other.bands, self.frozen.floors.shroud - 1):
                yield self.leaves(groups, cell)
