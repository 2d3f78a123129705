"""Too small groups are counted with a neighbour, by a rule that knows sizes only."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.counting.merged_groups import merged_groups

ORDER = ("a", "b", "c", "d")


def merged(at_least: int = 5, **sizes: int) -> dict[str, str]:
    return merged_groups(sizes, ORDER, at_least=at_least)


def test_groups_that_are_large_enough_stay_alone() -> None:
    assert merged(a=5, b=9) == {"a": "a", "b": "b"}


def test_a_small_group_is_counted_with_its_next_neighbour() -> None:
    assert merged(a=2, b=9, c=6) == {"a": "b", "b": "b", "c": "c"}


def test_the_last_group_is_counted_with_the_one_before() -> None:
    assert merged(a=6, b=9, c=1) == {"a": "a", "b": "b", "c": "b"}


def test_two_small_groups_that_stay_small_go_on_together() -> None:
    assert merged(a=1, b=2, c=9) == {"a": "c", "b": "c", "c": "c"}


def test_a_group_nobody_belongs_to_is_no_neighbour() -> None:
    assert merged(a=2, b=0, c=9) == {"a": "c", "c": "c"}


def test_a_group_that_is_left_alone_may_stay_small() -> None:
    assert merged(a=1, b=2) == {"a": "b", "b": "b"}
    assert merged(b=3) == {"b": "b"}


def test_without_a_floor_nothing_is_merged() -> None:
    assert merged(at_least=0, a=1, b=2) == {"a": "a", "b": "b"}


def test_the_order_of_the_scheme_decides_and_no_other() -> None:
    sizes = {"c": 9, "b": 2, "a": 9}

    assert merged_groups(sizes, ORDER, at_least=5)["b"] == "c"
    assert merged_groups(sizes, ("c", "b", "a"), at_least=5)["b"] == "a"


def test_a_group_the_scheme_does_not_know_is_a_fault() -> None:
    with pytest.raises(ValueError, match="stranger"):
        merged(stranger=3)


@given(
    sizes=st.dictionaries(st.sampled_from(ORDER), st.integers(0, 12)),
    at_least=st.integers(0, 10),
)
def test_nobody_is_lost_and_nobody_stays_small_beside_others(
    sizes: dict[str, int], at_least: int
) -> None:
    into = merged_groups(sizes, ORDER, at_least=at_least)
    totals = Counter[str]()
    for group, target in into.items():
        totals[target] += sizes[group]

    assert set(into) == {group for group, size in sizes.items() if size}
    assert all(into[target] == target for target in into.values()), "final at once"
    assert sum(totals.values()) == sum(sizes.values())
    assert len(totals) <= 1 or min(totals.values()) >= at_least


@given(
    sizes=st.dictionaries(st.sampled_from(ORDER), st.integers(0, 12)),
    at_least=st.integers(0, 10),
)
def test_only_neighbours_are_counted_together(
    sizes: dict[str, int], at_least: int
) -> None:
    into = merged_groups(sizes, ORDER, at_least=at_least)
    targets = [into[group] for group in ORDER if group in into]

    changes = sum(one != other for one, other in pairwise(targets))
    assert changes == max(0, len(set(targets)) - 1), "every group in one stretch"
