"""Every number that is printed about a subject, and what answers it is made of.

Nothing of the plan's own reckoning is used here. The values behind the pages are read
as they are printed; how much an answer weighs in a score is found by letting it be
another one and working the score sheet out anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from survey_app.analytics.tally_results import TallyResults
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.subject_plan import Place, SubjectPlan
from survey_app.domain.counting.tally import Tally
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.posted_cells import open_cells
from survey_app.domain.disclosure.shown_alert import shown_alerts
from survey_app.domain.disclosure.span import Cost, Published
from survey_app.domain.scheme.floors import PUBLIC_FLOOR
from survey_app.domain.scheme.scheme import POOLED, Post, SurveyRules
from survey_app.domain.scoring.score_sheet import Node

Names = tuple[str, ...]
Leaves = frozenset[Place]


@dataclass(frozen=True, slots=True)
class Counts:
    """The true counts about one subject, and what its plan shows of them."""

    subject: int
    results: TallyResults
    posts: tuple[Post, ...]
    """By whose weights a score is printed."""

    @property
    def plan(self) -> SubjectPlan:
        """What may be shown."""
        return self.results.plan

    @property
    def tally(self) -> Tally:
        """What was counted."""
        return self.results.tally

    @property
    def rules(self) -> SurveyRules:
        """The rules it was counted by."""
        return self.results.rules

    def people(self, groups: Names) -> int:
        """Return how many answered in these groups: the most on any question each."""
        return sum(
            max((sum(c.values()) for c in self.tally[group].values()), default=0)
            for group in groups
        )

    def leaves(self, groups: Names, question: str) -> Leaves:
        """Return those of the groups in which anybody answered this question."""
        return frozenset(
            (group, question)
            for group in groups
            if any(self.tally.get(group, {}).get(question, {}).values())
        )

    @property
    def inhabited(self) -> Names:
        """The groups anybody answered in."""
        return tuple(group for group in self.tally if self.people((group,)))

    @property
    def shown(self) -> Names:
        """The groups the plan shows."""
        return tuple(group for group in self.inhabited if group in self.plan.shown)

    @property
    def hidden(self) -> Names:
        """The groups the plan does not show."""
        return tuple(group for group in self.inhabited if group not in self.plan.shown)


def printed_numbers(about: Counts, frozen: FrozenPlan) -> tuple[Published, ...]:
    """Return every printed number about the subject as a sum over (group, question).

    Pinned are the component's score, and what was posted when a box was opened.
    """
    told = dict.fromkeys((*_counted(about), *_judged(about)))
    posted = _posted(about, frozen) if frozen.is_secret else ()
    return (
        *(_number("told", leaves, Cost.LEAF) for leaves in told),
        *(_number("posted", leaves, Cost.PINNED) for leaves in posted),
        *(one for post in about.posts for one in _scored(about, post)),
    )


def _number(kind: str, leaves: Leaves, cost: Cost) -> Published:
    """Return the number of the answers of these leaves."""
    return Published((kind, repr(sorted(leaves))), dict.fromkeys(leaves, 1), cost)


def _counted(about: Counts) -> Iterator[Leaves]:
    """Yield whose answers are counted on the page, question by question."""
    node, _ = about.results.score(about.posts[0])
    for question in about.results.questions(node):
        for told in question.told:
            groups = about.inhabited if told.key == POOLED else (told.key,)
            yield about.leaves(groups, question.key)


def _judged(about: Counts) -> Iterator[Leaves]:
    """Yield whose answers an alert counts with its numbers."""
    results = about.results
    evidence = ScoreInput(
        tallies={results.key: results.tally}, turnout={results.key: results.turnout}
    )
    for shown in shown_alerts(results.scheme, evidence, results.key, about.plan):
        if shown.has_numbers:
            every = shown.rule.rater_groups or about.inhabited
            groups = every if shown.alert.group == POOLED else (shown.alert.group,)
            if leaves := about.leaves(groups, shown.alert.question):
                yield leaves


def _posted(about: Counts, frozen: FrozenPlan) -> Iterator[Leaves]:
    """Yield whose counts everybody has, because they were posted with the head."""
    floors = frozen.floors
    cells = open_cells(
        {about.subject: about.tally},
        floor=max(floors.office, floors.public, PUBLIC_FLOOR),
        shroud=floors.shroud,
        dissatisfied=frozen.dissatisfied,
    )
    for _, group, question in sorted(cells):
        yield frozenset({(group, question)})


def _scored(about: Counts, post: Post) -> Iterator[Published]:
    """Yield every score on the sheet of this post, the component's own one pinned."""
    worst, best = _ends(about.rules)
    dull = {
        group: {question: _all(about, counts, worst) for question, counts in q.items()}
        for group, q in about.tally.items()
    }
    before = _values(about, dull, post)
    vectors: dict[Names, dict[Place, Fraction]] = {place: {} for place in before}
    for group, asked in about.tally.items():
        for question, counts in asked.items():
            changed = {**dull[group], question: _all(about, counts, best)}
            after = _values(about, {**dull, group: changed}, post)
            for place in before:
                if before[place] != after.get(place, before[place]):
                    moved = (after[place] - before[place]) / _rated(about, counts)
                    vectors[place][group, question] = moved
    for place, vector in vectors.items():
        if vector:
            name = f"{post}: {' '.join(place)}", ""
            yield Published(name, vector, Cost.LEAF if place else Cost.PINNED)


def _ends(rules: SurveyRules) -> tuple[str, str]:
    """Return the choices with the fewest and with the most points."""
    points = {choice: stated.value for choice, stated in rules.values}
    return min(points, key=points.__getitem__), max(points, key=points.__getitem__)


def _all(about: Counts, counts: Mapping[str, int], choice: str) -> dict[str, int]:
    """Return the counts had everybody who gave a rating given this one."""
    rated = _rated(about, counts)
    others = {key: n for key, n in counts.items() if key not in _ratings(about)}
    return others | ({choice: rated} if rated else {})


def _rated(about: Counts, counts: Mapping[str, int]) -> int:
    return sum(counts.get(choice, 0) for choice in _ratings(about))


def _ratings(about: Counts) -> Names:
    return tuple(choice for choice, _ in about.rules.values)


def _values(about: Counts, tally: Tally, post: Post) -> dict[Names, Fraction]:
    """Return where on the sheet → the number printed there, had this been counted.

    The plan stays the one that is stored.
    """
    node, _ = replace(about.results, tally=tally).score(post)
    return dict(_below(node, ()))


def _below(node: Node, place: Names) -> Iterator[tuple[Names, Fraction]]:
    if node.value is not None:
        yield place, node.value
    for child in node.parts:
        yield from _below(child, (*place, child.key))
