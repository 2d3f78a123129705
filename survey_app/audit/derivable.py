"""What the numbers of a stored plan give away, worked out as linear algebra.

Every number is a sum over leaves: one rater group's answers to one question. Whoever
reads the numbers can add, subtract and scale them. Nothing may be left over that speaks
of fewer people than the floor only, or of people of whom only a band is told.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product

from survey_app.audit.printed_numbers import Counts, Leaves, Names
from survey_app.audit.told_means import means_too_telling
from survey_app.domain.counting.subject_plan import Place
from survey_app.domain.counting.tally import added
from survey_app.domain.disclosure.cells import most_alike, question_of
from survey_app.domain.disclosure.evaluation import Group, residual
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.disclosure.span import PRIME, Cost, Published, leaks

Vector = Mapping[Place, Fraction | int]


def derivable(
    about: Counts, frozen: FrozenPlan, numbers: Sequence[Published]
) -> Iterator[tuple[Names, str]]:
    """Yield groups and what could be worked out about them; nothing: all is well."""
    floor = about.plan.floors.office
    for size in range(1, len(about.inhabited) + 1):
        for groups in combinations(about.inhabited, size):
            few = 0 < about.people(groups) < floor
            if few and speaks_of_them_only(numbers, groups):
                yield groups, "a number about them alone"
    yield from _few_in_cells(about, frozen, numbers)
    yield from _bands_undone(about, frozen, numbers)
    yield from means_too_telling(about, frozen, numbers)


def _few_in_cells(
    about: Counts, frozen: FrozenPlan, numbers: Sequence[Published]
) -> Iterator[tuple[Names, str]]:
    """Yield groups of whom only a few answered a question, about which a number is."""
    floor = about.plan.floors.office
    for other in frozen.others:
        heard = {g: about.heard(g, other.key) for g in about.inhabited}
        small = [group for group, n in heard.items() if 0 < n < floor]
        sets = [
            groups
            for size in range(1, len(small) + 1)
            for groups in combinations(small, size)
            if other.is_loose and sum(heard[g] for g in groups) < floor
        ]
        asked = [about.leaves(g, cell) for g in sets for cell in other.cells]
        for leaves in leaks(numbers, {}, 0, asked):
            groups = tuple(sorted({_pair(place)[0] for place in leaves}))
            yield groups, f"what a few answered to {other.key}"


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

    Not those that the component's score and the posted counts alone give away: a
    cadre's score must not vanish when all agree, and what is posted everybody has.
    """
    protected = tuple(filter(None, dict.fromkeys(_protected(about, frozen))))
    pinned = [one for one in numbers if one.cost is Cost.PINNED]
    given = set(leaks(pinned, {}, 0, protected))
    for leaves in leaks(numbers, {}, 0, protected):
        if leaves not in given:
            groups = tuple(sorted({_pair(place)[0] for place in leaves}))
            yield groups, "numbers of people who nearly all objected"


def _protected(about: Counts, frozen: FrozenPlan) -> Iterator[Leaves]:
    """Yield the answers whose sum nobody may know.

    Those of people who nearly all objected; of several groups who each did, together;
    and of one group to all the questions on which it did.
    """
    told = [*((group,) for group in about.shown), about.hidden]
    told += _judged_together(about)
    if about.plan.together is not None:
        told.append(about.inhabited)
    for question, groups in product(frozen.cells, told):
        if _nearly_all_object(about, groups, question, frozen):
            yield about.leaves(groups, question)
    agreeing = {
        (group, question)
        for question, group in product(frozen.cells, about.shown)
        if _nearly_all_object(about, (group,), question, frozen)
    }
    for question in frozen.cells:
        every = sorted(place for place in agreeing if place[1] == question)
        for size in range(2, len(every) + 1):
            yield from map(frozenset, combinations(every, size))
    for group in about.shown:
        yield frozenset(
            place
            for place in agreeing
            if place[0] == group and _is_scored(frozen, place[1])
        )


def _is_scored(frozen: FrozenPlan, cell: str) -> bool:
    """Return whether a score is made of a cell: sums of others nobody tells."""
    others = {one.key: one.counts for one in frozen.others}
    return others.get(question_of(cell), True)


def _judged_together(about: Counts) -> Iterator[Names]:
    """Yield the groups that an alert rule judges together, if none of them hides."""
    for rule in about.results.scheme.alerts:
        if rule.pooled and rule.component == about.results.key:
            asked = rule.rater_groups or about.inhabited
            groups = tuple(group for group in about.inhabited if group in asked)
            if not set(groups) & set(about.hidden):
                yield groups


def _nearly_all_object(
    about: Counts, groups: Names, question: str, frozen: FrozenPlan
) -> bool:
    """Return whether more than all but a few of these people objected."""
    others = {one.key: one for one in frozen.others}
    other, key = others.get(question_of(question)), question_of(question)
    counts = [about.tally[group].get(key, {}) for group in groups]
    if other is not None:
        counts = [dict(other.counted(one)).get(question, {}) for one in counts]
    every = added(counts)
    n = sum(every.values())
    alike = (frozen.dissatisfied,) if other is None else other.alike(every)
    _, most = most_alike(every, alike)
    return n > 0 and most > n - frozen.floors.shroud


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
