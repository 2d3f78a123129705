"""The residual rule against an exhaustive search for what can be derived."""

from fractions import Fraction
from itertools import combinations, count

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.disclosure.evaluation import Group, flat, publishable, residual
from tests.support.exact_rank import rank

Row = list[Fraction]


def leaves(group: Group) -> list[Group]:
    return [g for g in group.everyone() if not g.parts]


def row_of(group: Group, columns: list[str]) -> Row:
    """Return a number about a group as the sum of the numbers about its leaves."""
    inside = {leaf.key for leaf in leaves(group)}
    return [Fraction(key in inside) for key in columns]


def derivable_small_groups(whole: Group, shown: frozenset[str], floor: int) -> set[str]:
    """Return each union of leaves below the floor that the shown groups give away."""
    columns = [leaf.key for leaf in leaves(whole)]
    given_rows = [row_of(g, columns) for g in whole.everyone() if g.key in shown]
    # Nobody is in an empty leaf, so everybody knows its numbers.
    given_rows += [row_of(leaf, columns) for leaf in leaves(whole) if leaf.n == 0]
    people = [leaf for leaf in leaves(whole) if leaf.n]
    return {
        "+".join(leaf.key for leaf in some)
        for size in range(1, len(people) + 1)
        for some in combinations(people, size)
        if sum(leaf.n for leaf in some) < floor
        and rank([*given_rows, row_of(Group("", parts=some), columns)])
        == rank(given_rows)
    }


@st.composite
def trees(draw: st.DrawFn) -> Group:
    """Draw a tree of at most three levels and nine leaves, many of them small."""
    sizes = st.integers(0, 25)
    branches = []
    for b in range(draw(st.integers(1, 3))):
        twigs = tuple(
            Group(f"{b}.{t}", draw(sizes)) for t in range(draw(st.integers(0, 3)))
        )
        branches.append(
            Group(f"{b}", parts=twigs) if twigs else Group(f"{b}", draw(sizes))
        )
    return Group("all", parts=tuple(branches))


@given(trees(), st.integers(2, 12))
def test_no_group_below_the_floor_is_derivable(tree: Group, floor: int) -> None:
    shown = publishable(tree, floor)

    assert derivable_small_groups(tree, shown, floor) == set()


@given(trees())
def test_every_part_that_reaches_the_floor_is_shown(tree: Group) -> None:
    shown = publishable(tree, 10)

    assert all((leaf.key in shown) == (leaf.n >= 10) for leaf in leaves(tree))


@given(trees(), st.data())
def test_hiding_more_never_breaks_the_rule(tree: Group, data: st.DataObject) -> None:
    shown = publishable(tree, 10)

    fewer = shown & data.draw(st.frozensets(st.sampled_from(sorted(shown or {""}))))

    assert derivable_small_groups(tree, fewer, 10) == set()
    assert all(
        residual(g, fewer) == 0 or residual(g, fewer) >= 10
        for g in tree.everyone()
        if g.key in fewer
    )


def named_anew(group: Group, names: "count[int]") -> Group:
    """Return the same tree, in which no two groups share a key."""
    key = str(next(names))
    parts = tuple(named_anew(part, names) for part in group.parts)
    return Group(key, group.own, parts)


def grown(parts: st.SearchStrategy[list[Group]]) -> st.SearchStrategy[Group]:
    """Grow a group around these parts; some people belong to none of them."""
    own = st.sampled_from((0, 0, 1, 3, 9, 10, 11, 25))
    return st.builds(Group, st.just(""), own, parts.map(tuple))


deep_trees = st.recursive(
    grown(st.just([])), lambda inside: grown(st.lists(inside, max_size=5))
).map(lambda tree: named_anew(tree, count()))
"""Trees of any depth."""


def one_walk_per_offender(whole: Group, floor: int) -> frozenset[str]:
    """Decide it as the definition says: look for the smallest offender, again."""
    shown = {group.key for group in whole.everyone() if group.n >= floor}
    while offenders := [
        group
        for group in whole.everyone()
        if group.key in shown and 0 < residual(group, shown) < floor
    ]:
        shown.remove(min(offenders, key=lambda group: group.n).key)
    return frozenset(shown)


@given(deep_trees, st.integers(0, 12))
def test_each_offender_is_found_without_walking_the_tree_again(
    tree: Group, floor: int
) -> None:
    assert publishable(tree, floor) == one_walk_per_offender(tree, floor)


def test_the_floor_alone_would_betray_the_three_who_are_left() -> None:
    tree = flat({"residents": 40, "services": 35, "delegates": 3}, "all")

    assert publishable(tree, 10) == {"residents", "services"}
    assert derivable_small_groups(
        tree, frozenset({"residents", "services", "all"}), 10
    ) == {"delegates"}


def test_two_hidden_groups_hide_each_other() -> None:
    tree = flat({"residents": 40, "services": 7, "delegates": 3}, "all")

    assert publishable(tree, 10) == {"residents", "all"}
