"""Where nearly everybody objects: a band instead of numbers, and what gives way to it.

A floor does not help a group that agrees: whoever knows that all ten objected knows it
of each. So where more than n - s of n objected, the numbers of that question give way
to "more than n - s of n", and with them every number they could be worked out from.
The component's score stays, for a cadre's score must not vanish because all agree.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from survey_app.domain.counting.subject_plan import WHOLE, Place, pooled_by
from survey_app.domain.counting.tally import Tally
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.posted_cells import open_cells
from survey_app.domain.disclosure.score_vectors import component_scores, group_scores
from survey_app.domain.disclosure.span import Cost, Leaves, Published, suppressed
from survey_app.domain.scheme.floors import PUBLIC_FLOOR
from survey_app.domain.scheme.scheme import POOLED, Grouping, Post, Scheme

Raters = tuple[str, ...]
NOBODY = (0, 0)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the floors alone would show about one subject."""

    groups: Raters
    small: Raters
    """Groups somebody answered in that are not shown."""
    together: bool
    posts: tuple[Post, ...]
    """The posts by whose weights the component's score is shown."""


def bands_of(
    frozen: FrozenPlan, scheme: Scheme, tally: Tally, shown: Shown
) -> tuple[frozenset[Place], frozenset[Place]]:
    """Return the places that become bands, and those that give way to them."""
    cells = _Cells(frozen, scheme, tally, shown, _people(frozen, tally))
    banded, protected = cells.banded(), cells.protected()
    if not protected:
        return frozenset(), frozenset()
    # The mean of several bands would tell the extremes they stand for.
    often = Counter(name for name, _ in banded)
    means = {(name, WHOLE) for name, questions in often.items() if questions > 1}
    told = [one for one in cells.published() if one.place not in banded]
    published = [one for one in told if one.place not in means]
    # Both parts of a difference are of the same people: no floor is asked here.
    kept = suppressed(published, {}, 0, protected)
    stays = {one.place for one in kept}
    return banded, frozenset(one.place for one in told) - stays


@dataclass(frozen=True, slots=True)
class _Cells:
    """The numbers about one subject; a leaf is one group's answers to one question."""

    frozen: FrozenPlan
    scheme: Scheme
    tally: Tally
    shown: Shown
    people: Mapping[Place, tuple[int, int]]
    """Group and question → how many answered, and how many of them objected."""

    def banded(self) -> frozenset[Place]:
        """Return the places whose numbers become bands."""
        return frozenset(
            (name, question)
            for question in self.frozen.questions
            for name, groups in self._told(question)
            if self._agree(groups, question)
        )

    def protected(self) -> tuple[Leaves, ...]:
        """Return the leaves whose sum must not be derived: bands, hidden remainders."""
        everywhere = [
            (groups, question)
            for question in self.frozen.questions
            for groups in (*(g for _, g in self._told(question)), self.shown.small)
        ]
        alone = (
            self._leaves(groups, question)
            for groups, question in everywhere
            if self._agree(groups, question)
        )
        return tuple(dict.fromkeys((*alone, *self._agreeing_together())))

    def _agreeing_together(self) -> Iterator[Leaves]:
        """Yield the leaves of several groups of which each one nearly agrees.

        Their sum is hardly less telling than its parts: of two bands that are at their
        lowest, it says that both are. The same holds for one group's bands together.
        """
        for question in self.frozen.questions:
            agreeing = [
                group for group in self.shown.groups if self._agree((group,), question)
            ]
            for size in range(2, len(agreeing) + 1):
                for together in combinations(agreeing, size):
                    yield self._leaves(together, question)
        for group in self.shown.groups:
            banded = [q for q in self.frozen.questions if self._agree((group,), q)]
            if len(banded) > 1:
                yield frozenset((group, question) for question in banded)

    def published(self) -> Iterator[Published]:
        """Yield every number the floors would show, as a vector over the leaves."""
        costs = self._costs()
        for question in self.frozen.questions:
            for name, groups in self._told(question):
                vector = dict.fromkeys(self._leaves(groups, question), 1)
                place = name, question
                yield Published(place, vector, costs.get(place, Cost.MARGIN))
        rules = self.scheme.component(self.frozen.component).survey
        if rules is None:
            return
        yield from group_scores(rules, self.tally, self.shown.groups)
        for post in self.shown.posts:
            yield from component_scores(rules, self.tally, self.shown.groups, post)

    def _costs(self) -> dict[Place, Cost]:
        """Return what it costs to withhold each group's answers to each question."""
        agreeing = {name for name, _ in self.banded()}
        costs = {
            (group, question): Cost.BESIDE if group in agreeing else Cost.LEAF
            for group in self.shown.groups
            for question in self.frozen.questions
        }
        return costs | dict.fromkeys(self._posted(), Cost.PINNED)

    def _posted(self) -> frozenset[Place]:
        """Return the counts of a secret ballot that were posted when its box opened.

        Everybody has them: to withhold them here would hide nothing.
        """
        floors = self.frozen.floors
        if not self.frozen.is_secret:
            return frozenset()
        cells = open_cells(
            {0: self.tally},
            floor=max(floors.office, floors.public, PUBLIC_FLOOR),
            shroud=floors.shroud,
            dissatisfied=self.frozen.dissatisfied,
        )
        return frozenset((group, question) for _, group, question in cells)

    def _told(self, question: str) -> Iterator[tuple[str, Raters]]:
        """Yield what is told about a question: each group, all, and alerts' groups."""
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
                and question in (rule.questions or (question,))
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
        rules = self.scheme.component(self.frozen.component).survey
        return rules is not None and rules.grouping.value is Grouping.POOLED

    def _agree(self, groups: Raters, question: str) -> bool:
        """Return whether more than all but a few of these people objected."""
        n = objecting = 0
        for group in groups:
            answered, objected = self.people.get((group, question), NOBODY)
            n += answered
            objecting += objected
        return n > 0 and objecting > n - self.frozen.floors.shroud

    def _leaves(self, groups: Raters, question: str) -> Leaves:
        """Return the leaves of these groups in which anybody answered."""
        return frozenset(
            (group, question)
            for group in groups
            if self.people.get((group, question), NOBODY)[0]
        )


def _people(frozen: FrozenPlan, tally: Tally) -> dict[Place, tuple[int, int]]:
    """Return how many answered and objected at every place, counted once."""
    return {
        (group, question): (
            sum(counts.values()),
            sum(counts.get(choice, 0) for choice in frozen.dissatisfied),
        )
        for group, asked in tally.items()
        for question, counts in asked.items()
    }
