"""What the numbers of a stored plan give away, worked out as linear algebra.

Every number is a sum over leaves: one rater group's answers to one question. Whoever
reads the numbers can add, subtract and scale them. Nothing may be left over that speaks
of fewer people than the floor only, or of people of whom only a band is told.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from survey_app.domain.alerts.alert import POOLED
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.plan import EvaluatedPlan, Place, SubjectPlan
from survey_app.domain.disclosure.residual import Group, residual
from survey_app.domain.disclosure.score_vectors import component_scores, group_scores
from survey_app.domain.disclosure.span import PINNED, PRIME, Published, leaks
from survey_app.domain.scheme import SurveyRules
from survey_app.domain.tally import Tally

Names = tuple[str, ...]
Vector = Mapping[Place, Fraction | int]


@dataclass(frozen=True, slots=True)
class Counts:
    """The true counts about one subject, and what its plan shows of them."""

    subject: int
    plan: SubjectPlan
    rules: SurveyRules
    tally: Tally

    def people(self, groups: Names) -> int:
        """Return how many answered in these groups: the most on any question each."""
        return sum(
            max((sum(c.values()) for c in self.tally[group].values()), default=0)
            for group in groups
        )

    def asked(self, group: str, question: str) -> int:
        """Return how many of a group answered a question."""
        return sum(self.tally.get(group, {}).get(question, {}).values())

    def nearly_all_object(
        self, groups: Names, question: str, frozen: FrozenPlan
    ) -> bool:
        """Return whether more than all but a few of these people objected."""
        n = sum(self.asked(group, question) for group in groups)
        objecting = sum(
            self.tally.get(group, {}).get(question, {}).get(choice, 0)
            for group in groups
            for choice in frozen.dissatisfied
        )
        return n > 0 and objecting > n - frozen.floors.shroud

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


def published(about: Counts, frozen: FrozenPlan) -> tuple[Published, ...]:
    """Return every number about the subject as a vector over (group, question)."""
    plan, counts = about.plan, list[Published]()
    for question in frozen.questions:
        for group in about.shown:
            counts.append(Published((group, question), {(group, question): 1}))
        if plan.together is not None:
            whole = dict.fromkeys(((g, question) for g in about.inhabited), 1)
            counts.append(Published((POOLED, question), whole))
    scores = list(group_scores(about.rules, about.tally, about.shown))
    if not plan.blocking:
        scores += component_scores(about.rules, about.tally, about.shown)
    return tuple(
        one
        for one in (*counts, *scores)
        if one.cost == PINNED or plan.tells(*_place(one))
    )


def derivable(about: Counts, frozen: FrozenPlan) -> Iterator[tuple[Names, str]]:
    """Yield groups and what could be worked out about them; nothing: all is well."""
    numbers = published(about, frozen)
    floor = about.plan.floors.office
    for size in range(1, len(about.inhabited) + 1):
        for groups in combinations(about.inhabited, size):
            few = 0 < about.people(groups) < floor
            if few and speaks_of_them_only(numbers, groups):
                yield groups, "a number about them alone"
    yield from _bands_undone(about, frozen, numbers)


def speaks_of_them_only(numbers: Sequence[Published], groups: Names) -> bool:
    """Return whether some sum of the numbers is about these groups and nobody else.

    Exactly when forgetting these groups makes numbers depend on one another that did
    not before: the rank falls.
    """
    everything = [_by_place(one) for one in numbers]
    others: list[Vector] = [
        {leaf: n for leaf, n in row.items() if leaf[0] not in groups}
        for row in everything
    ]
    return rank(others) < rank(everything)


def rank(rows: Sequence[Vector]) -> int:
    """Return how many of the rows are independent, over a prime field."""
    pivots: dict[Place, dict[Place, int]] = {}
    for row in rows:
        rest = {leaf: _whole(part) for leaf, part in row.items()}
        while rest:
            leaf = min(rest)
            if leaf not in pivots:
                scale = pow(rest[leaf], -1, PRIME)
                pivots[leaf] = {k: v * scale % PRIME for k, v in rest.items()}
                break
            factor, pivot = rest[leaf], pivots[leaf]
            mixed = {
                k: (rest.get(k, 0) - factor * pivot.get(k, 0)) % PRIME
                for k in rest.keys() | pivot.keys()
            }
            rest = {k: v for k, v in mixed.items() if v}
    return len(pivots)


def sizes_given_away(
    plan: EvaluatedPlan, people: dict[int, dict[str, int]]
) -> Iterator[tuple[int, str]]:
    """Yield subject (0: all of them) and what the numbers of answers give away.

    In a nested tree that is exactly every residual that is neither 0 nor a floor.
    """
    floor, shown = plan.floors.office, set[str]()
    subjects = []
    for subject, groups in people.items():
        about = plan.of_subject(subject)
        parts = [Group(f"{subject}/{group}", own=n) for group, n in groups.items()]
        shown |= {f"{subject}/{g}" for g in groups if about.sizes.get(g) is not None}
        shown |= {str(subject)} if about.together is not None else set()
        subjects.append(Group(str(subject), parts=tuple(parts)))
    whole = Group("0", parts=tuple(subjects))
    shown |= {"0"} if plan.total is not None else set()
    for group in whole.everyone():
        if group.key in shown and 0 < residual(group, shown) < floor:
            yield int(group.key.partition("/")[0]), f"how many are few in {group.key}"


def _bands_undone(
    about: Counts, frozen: FrozenPlan, numbers: Sequence[Published]
) -> Iterator[tuple[Names, str]]:
    """Yield people who nearly all objected and whose numbers can be worked out.

    Not those that the component's score alone gives away: it is shown whatever it
    says, because a cadre's score must not vanish when all agree.
    """
    told: list[Names] = [(group,) for group in about.shown]
    if about.plan.together is not None:
        told += [about.inhabited, about.hidden]
    protected = [
        frozenset((group, question) for group in groups if about.asked(group, question))
        for question in frozen.questions
        for groups in told
        if about.nearly_all_object(groups, question, frozen)
    ]
    for question in frozen.questions:
        agreeing = [
            group
            for group in about.shown
            if about.nearly_all_object((group,), question, frozen)
        ]
        protected += [
            frozenset((group, question) for group in together)
            for size in range(2, len(agreeing) + 1)
            for together in combinations(agreeing, size)
        ]
    pinned = [one for one in numbers if one.cost == PINNED]
    given = set(leaks(pinned, {}, 0, protected))
    for leaves in dict.fromkeys(leaks(numbers, {}, 0, protected)):
        if leaves not in given:
            groups = tuple(sorted({_pair(place)[0] for place in leaves}))
            yield groups, "numbers of people who nearly all objected"


def _place(one: Published) -> Place:
    return _pair(one.place)


def _by_place(one: Published) -> Vector:
    return {_pair(leaf): part for leaf, part in one.vector.items()}


def _pair(place: Hashable) -> Place:
    """Return a place as what it is; spans take anything that can be a key."""
    if not isinstance(place, tuple):
        raise TypeError("a place is a rater group and a question")
    group, question = place
    return str(group), str(question)


def _whole(part: Fraction | int) -> int:
    """Return the number in the prime field."""
    return part.numerator * pow(part.denominator, -1, PRIME) % PRIME
