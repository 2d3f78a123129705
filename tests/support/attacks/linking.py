"""From two orders to a link: who came first on the one list came first on the other."""

from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations
from typing import TypeVar

One = TypeVar("One", bound=Hashable)
Other = TypeVar("Other", bound=Hashable)


def by_rank(one: Sequence[One], other: Sequence[Other]) -> set[tuple[One, Other]]:
    """Return the pairs an attacker believes in who lays both lists side by side."""
    return set(zip(one, other, strict=False))


def share_found(
    believed: Iterable[tuple[One, Other]], true: Iterable[tuple[One, Other]]
) -> float:
    """Return which share of the true pairs was found, 0 to 1; 0 where none exist."""
    pairs = set(true)
    return len(pairs & set(believed)) / len(pairs) if pairs else 0.0


def concordance(found: Sequence[One], true: Sequence[One]) -> float:
    """Return the share of couples that stand in the same order in both, 0 to 1.

    Half means that the order found says nothing; 1 and 0 say everything (Kendall,
    Biometrika 30, 1938, rescaled). Both lists hold the same two or more things.
    """
    place = {thing: rank for rank, thing in enumerate(true)}
    couples = [place[a] < place[b] for a, b in combinations(found, 2)]
    return sum(couples) / len(couples)
