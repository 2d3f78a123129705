"""What published numbers give away: the span auditor.

Every published number is a sum over leaves, the smallest groups of people that are
counted: a vector. Whoever reads the numbers can add, subtract and scale them, so what
can be derived is exactly their span. It is searched by elimination over a prime field:
a coincidence there has odds of one in 10^18 and could only hide more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

PRIME = 2**61 - 1
MOST_SMALL_LEAVES = 14
"""Above it the sets of small leaves are too many to be searched one by one."""


class Cost(IntEnum):
    """What it costs to withhold a number: the higher, the later it goes.

    Wholes yield to their parts, and what the same group said to another question yields
    before what others said.
    """

    MARGIN = 1
    """Several groups' answers to a question, added up."""
    COMPOSITE = 2
    """The score of one group."""
    BESIDE = 3
    """A group's answers to a question, where it nearly agrees on another one."""
    LEAF = 4
    """A group's answers to a question."""
    PINNED = 5
    """What is published whatever it gives away: it never goes."""


Leaf = tuple[str, str]
"""People counted together: such as one group's answers to one question."""
Leaves = frozenset[Leaf]
Row = dict[Leaf, int]
Name = tuple[str, str]
NOBODY: Name = ("", "")
Used = dict[Name, int]
"""How much of which published numbers."""


@dataclass(frozen=True, slots=True)
class Published:
    """One number: where it stands, and how much each leaf counts in it."""

    place: Name
    vector: Mapping[Leaf, Fraction | int]
    cost: Cost = Cost.LEAF


def leaks(
    published: Iterable[Published],
    sizes: Mapping[Leaf, int],
    floor: int,
    protected: Iterable[Leaves] = (),
) -> tuple[Leaves, ...]:
    """Return every set of leaves that can be derived and must not be.

    Those are the sets of fewer people than the floor, and the protected sets. Raises
    ValueError where there are too many small leaves to look at every set.
    """
    span = _span_of(published, sizes)
    asked = (*_small_sets(sizes, floor), *protected)
    return tuple(some for some in asked if span.derivation(_sum_of(some)) is not None)


def suppressed(
    published: Sequence[Published],
    sizes: Mapping[Leaf, int],
    floor: int,
    protected: Iterable[Leaves] = (),
) -> tuple[Published, ...]:
    """Return what may stay published so that nothing leaks, in the order given.

    The cheapest number of a derivation goes until none is left; then whatever turns
    out not to have been needed comes back, the dearest first. What the pinned numbers
    alone give away is given away: for that nothing else is withheld.
    """
    targets = [*_small_sets(sizes, floor), *protected]
    kept, gone = list(published), list[Published]()
    while targets:
        span = _span_of(kept, sizes)
        derived = span.derivation(_sum_of(targets[-1]))
        if derived is None:
            targets = _to_the_front(targets, span)
            if span.derivation(_sum_of(targets[-1])) is None:
                break
            continue
        removable = [
            one for one in kept if one.place in derived and one.cost < Cost.PINNED
        ]
        if not removable:
            targets.pop()
            continue
        cheapest = min(removable, key=lambda one: (one.cost, repr(one.place)))
        kept.remove(cheapest)
        gone.append(cheapest)
    return _restored(published, gone, sizes, targets)


def _to_the_front(targets: list[Leaves], span: "Span") -> list[Leaves]:
    """Return the targets, one that can still be derived last, if there is any."""
    for place, target in enumerate(targets):
        if span.derivation(_sum_of(target)) is not None:
            return [*targets[:place], *targets[place + 1 :], target]
    return targets


def _restored(
    published: Sequence[Published],
    gone: list[Published],
    sizes: Mapping[Leaf, int],
    targets: Sequence[Leaves],
) -> tuple[Published, ...]:
    """Return the published numbers without those that have to go."""
    away = set(map(id, gone))
    for one in sorted(gone, key=lambda one: -one.cost):
        away.discard(id(one))
        span = _span_of((p for p in published if id(p) not in away), sizes)
        if any(span.derivation(_sum_of(target)) is not None for target in targets):
            away.add(id(one))
    return tuple(one for one in published if id(one) not in away)


class Span:
    """Everything that can be worked out from the vectors added to it."""

    def __init__(self) -> None:
        self._pivots: dict[Leaf, tuple[Row, Used]] = {}
        self._order: dict[Leaf, int] = {}

    def add(self, name: Name, vector: Row) -> None:
        """Let this vector be known under this name."""
        for leaf in vector:
            self._order.setdefault(leaf, len(self._order))
        rest, used = self._reduced(vector)
        if not rest:
            return
        pivot = min(rest, key=self._order.__getitem__)
        used = {key: -part % PRIME for key, part in used.items()}
        used[name] = (used.get(name, 0) + 1) % PRIME
        scale = pow(rest[pivot], -1, PRIME)
        self._pivots[pivot] = _times(rest, scale), _times(used, scale)

    def derivation(self, vector: Row) -> frozenset[Name] | None:
        """Return the names of the vectors it is made from, or None."""
        if any(leaf not in self._order for leaf in vector):
            return None
        rest, used = self._reduced(vector)
        return None if rest else frozenset(key for key, part in used.items() if part)

    def _reduced(self, vector: Row) -> tuple[Row, Used]:
        """Return what is left of it, and how much of which names was taken away."""
        rest, used = dict(vector), Used()
        while waiting := [leaf for leaf in rest if leaf in self._pivots]:
            pivot = min(waiting, key=self._order.__getitem__)
            row, names = self._pivots[pivot]
            factor = rest[pivot]
            _subtract(rest, row, factor)
            _subtract(used, names, -factor % PRIME)
        return rest, used


def _span_of(published: Iterable[Published], sizes: Mapping[Leaf, int]) -> Span:
    """Return the span of the numbers; of an empty leaf everybody knows all."""
    span = Span()
    for leaf, size in sizes.items():
        if not size:
            span.add(NOBODY, {leaf: 1})
    # Single leaves first: they leave the longer rows short.
    for one in sorted(published, key=lambda one: len(one.vector)):
        span.add(one.place, {leaf: _whole(part) for leaf, part in one.vector.items()})
    return span


def _whole(part: Fraction | int) -> int:
    """Return the number in the prime field."""
    exact = Fraction(part)
    return exact.numerator * pow(exact.denominator, -1, PRIME) % PRIME


def _sum_of(leaves: Leaves) -> Row:
    return dict.fromkeys(leaves, 1)


def _times(row: Row, factor: int) -> Row:
    return {leaf: part * factor % PRIME for leaf, part in row.items()}


def _subtract(row: Row, other: Row, factor: int) -> None:
    """Take so many times the other row away from the row, in place."""
    for leaf, part in other.items():
        left = (row.get(leaf, 0) - factor * part) % PRIME
        if left:
            row[leaf] = left
        else:
            row.pop(leaf, None)


def _small_sets(sizes: Mapping[Leaf, int], floor: int) -> Iterator[Leaves]:
    """Yield every set of inhabited leaves that together are below the floor."""
    small = [leaf for leaf, size in sizes.items() if 0 < size < floor]
    if len(small) > MOST_SMALL_LEAVES:
        raise ValueError("too many small groups to look at every set of them")
    waiting: list[tuple[int, int, Leaves]] = [(0, 0, frozenset())]
    while waiting:
        first, people, some = waiting.pop()
        for place in range(first, len(small)):
            more = people + sizes[small[place]]
            if more < floor:
                found = some | {small[place]}
                yield found
                waiting.append((place + 1, more, found))
