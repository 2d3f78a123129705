"""The span auditor against an exhaustive search with exact fractions."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.disclosure.span import (
    Cost,
    Leaf,
    Leaves,
    Published,
    leaks,
    suppressed,
)
from tests.support.exact_rank import rank

LEAVES: list[Leaf] = [("a", "1"), ("b", "1"), ("c", "1"), ("a", "2"), ("b", "2")]
FLOOR = 5
CHEAP, DEAR = Cost.MARGIN, Cost.LEAF


def derivable(published: Sequence[Published], sizes: dict[Leaf, int]) -> set[Leaves]:
    """Every set below the floor that the numbers give away, found the long way."""
    rows = [[Fraction(one.vector.get(x, 0)) for x in LEAVES] for one in published]
    rows += [
        [Fraction(x == leaf) for x in LEAVES] for leaf in LEAVES if not sizes[leaf]
    ]
    people = [leaf for leaf in LEAVES if sizes[leaf]]
    return {
        frozenset(some)
        for count in range(1, len(people) + 1)
        for some in combinations(people, count)
        if sum(sizes[leaf] for leaf in some) < FLOOR
        and rank([*rows, [Fraction(x in some) for x in LEAVES]]) == rank(rows)
    }


vectors = st.lists(st.integers(0, 3), min_size=5, max_size=5).filter(any)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Published], dict[Leaf, int]]:
    """Draw some numbers over five leaves, some of which are small."""
    weighed = draw(st.lists(vectors, max_size=7))
    costs = st.sampled_from([one for one in Cost if one is not Cost.PINNED])
    published = [
        Published(
            ("number", str(place)),
            {leaf: part for leaf, part in zip(LEAVES, row, strict=True) if part},
            draw(costs),
        )
        for place, row in enumerate(weighed)
    ]
    return published, {leaf: draw(st.integers(0, 9)) for leaf in LEAVES}


@given(tables())
def test_it_finds_exactly_what_an_exhaustive_search_finds(
    table: tuple[list[Published], dict[Leaf, int]],
) -> None:
    published, sizes = table

    assert set(leaks(published, sizes, FLOOR)) == derivable(published, sizes)


@given(tables())
def test_what_is_left_gives_nothing_away_and_nothing_goes_needlessly(
    table: tuple[list[Published], dict[Leaf, int]],
) -> None:
    published, sizes = table

    kept = suppressed(published, sizes, FLOOR)

    assert derivable(kept, sizes) == set()
    gone = [one for one in published if one not in kept]
    assert all(derivable([*kept, one], sizes) for one in gone)


def whole(*leaves: Leaf, cost: Cost = DEAR) -> Published:
    return Published(
        ("sum", "+".join(map(str, leaves))), dict.fromkeys(leaves, 1), cost
    )


def test_a_composite_beside_two_of_its_parts_gives_away_the_third() -> None:
    a, b, c = LEAVES[:3]
    sizes = {a: 2, b: 9, c: 15}
    composite = Published(
        ("score", ""),
        {a: Fraction(50, 2), b: Fraction(30, 9), c: Fraction(20, 15)},
        Cost.COMPOSITE,
    )
    published = [composite, whole(b, cost=CHEAP), whole(c, cost=CHEAP)]

    assert leaks(published, sizes, FLOOR) == (frozenset({a}),)
    assert len(suppressed(published, sizes, FLOOR)) == 2


def test_a_table_of_units_and_groups_loses_four_cells_and_keeps_its_margins() -> None:
    rows = {"1": (2, 9, 15), "2": (6, 8, 20), "3": (7, 3, 11)}
    sizes = {(g, u): rows[u]["abc".index(g)] for u in rows for g in "abc"}
    cells = [whole(leaf, cost=CHEAP) for leaf, n in sizes.items() if n >= FLOOR]
    units = [whole(*((g, u) for g in "abc")) for u in rows]
    groups = [whole(*((g, u) for u in rows)) for g in "abc"]
    published = [*cells, *units, *groups]

    assert leaks(published, sizes, FLOOR)

    kept = suppressed(published, sizes, FLOOR)

    assert leaks(kept, sizes, FLOOR) == ()
    assert {one.place for one in (*units, *groups)} <= {one.place for one in kept}
    assert {leaf for one in kept if one.cost is CHEAP for leaf in one.vector} == {
        ("c", "1"),
        ("a", "2"),
        ("b", "2"),
        ("c", "2"),
        ("c", "3"),
    }


def test_what_a_pinned_number_alone_gives_away_costs_nothing_else() -> None:
    a, b = LEAVES[:2]
    pinned, other = whole(a, cost=Cost.PINNED), whole(b, cost=CHEAP)

    assert suppressed([pinned, other], {a: 3, b: 9}, FLOOR) == (pinned, other)


@pytest.mark.parametrize("cost", [one for one in Cost if one is not Cost.PINNED])
def test_the_cheaper_of_two_goes_and_a_pinned_one_never(cost: Cost) -> None:
    a, b = LEAVES[:2]
    both, hidden = whole(a, b, cost=cost), {a: 2, b: 9}
    others = [whole(b, cost=other) for other in Cost if other is not cost]

    for other in others:
        kept = suppressed([both, other], hidden, FLOOR)

        assert kept == ((other,) if cost < other.cost else (both,))


def test_too_many_small_groups_to_search_are_refused() -> None:
    sizes = {("group", str(number)): 1 for number in range(15)}

    with pytest.raises(ValueError, match="too many small groups"):
        leaks([], sizes, FLOOR)
