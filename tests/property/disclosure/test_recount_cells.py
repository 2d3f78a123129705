"""What is posted for a recount gives no small group away, and nobody who agreed."""

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.disclosure.posted_cells import open_cells

FLOOR, SHROUD = 10, 2
COUNTS = st.dictionaries(
    st.sampled_from(["good", "bad", "unsure"]), st.integers(0, 14), min_size=1
)
GROUPS = st.dictionaries(st.sampled_from("abcd"), COUNTS, min_size=1)


def opened(groups: dict[str, dict[str, int]], shroud: int = SHROUD) -> set[str]:
    """Return which groups' counts are posted, about one subject and question."""
    tally = {1: {group: {"q": counts} for group, counts in groups.items()}}
    return {group for _, group, _ in open_cells(tally, floor=FLOOR, shroud=shroud)}


def test_a_large_group_that_disagrees_is_posted() -> None:
    assert opened({"a": {"good": 8, "bad": 2}}) == {"a"}


def test_a_group_below_the_floor_is_not_posted() -> None:
    assert opened({"a": {"good": 7, "bad": 2}}) == set()


def test_a_large_group_hides_a_small_one_that_all_together_would_show() -> None:
    both = {"a": {"good": 8, "bad": 8}, "b": {"good": 2, "bad": 1}}

    assert opened(both) == set()


def test_two_small_groups_hide_each_other_where_they_reach_the_floor() -> None:
    hidden = {"b": {"good": 3, "bad": 3}, "c": {"good": 3, "bad": 3}}

    assert opened({"a": {"good": 8, "bad": 8}, **hidden}) == {"a"}


def test_a_group_that_all_but_agrees_closes_everything_about_the_person() -> None:
    torn = {"good": 8, "bad": 8}
    calm = {"a": {"q": torn, "other": torn}, "b": {"q": torn, "other": torn}}
    agreeing = {**calm, "b": {"q": {"bad": 11, "good": 1}, "other": torn}}
    nearly = {**calm, "b": {"q": {"bad": 11, "good": 2}, "other": torn}}

    def posted(about: dict[str, dict[str, dict[str, int]]]) -> int:
        cells = open_cells({1: calm, 2: about}, floor=FLOOR, shroud=SHROUD)
        assert len([cell for cell in cells if cell[0] == 1]) == 4
        return len([cell for cell in cells if cell[0] == 2])

    assert posted(agreeing) == 0
    assert posted(nearly) == 4


def test_two_ways_of_being_dissatisfied_are_one_opinion() -> None:
    tally = {1: {"a": {"q": {"bad": 6, "worst": 6, "good": 1}}}}

    apart = open_cells(tally, floor=FLOOR, shroud=SHROUD)
    together = open_cells(
        tally, floor=FLOOR, shroud=SHROUD, dissatisfied=("bad", "worst")
    )

    assert (len(apart), len(together)) == (1, 0)


@given(groups=GROUPS)
def test_whoever_knows_the_sum_of_all_cannot_tell_a_small_group(
    groups: dict[str, dict[str, int]],
) -> None:
    shown = opened(groups, shroud=0)
    sizes = {group: sum(counts.values()) for group, counts in groups.items()}
    left = sum(size for group, size in sizes.items() if group not in shown)

    assert all(sizes[group] >= FLOOR for group in shown)
    assert not shown or left == 0 or left >= FLOOR


@given(groups=GROUPS)
def test_no_posted_group_and_no_remainder_all_but_agrees(
    groups: dict[str, dict[str, int]],
) -> None:
    shown = opened(groups)
    parts = [groups[group] for group in shown]
    left = [counts for group, counts in groups.items() if group not in shown]
    choices = {choice for counts in left for choice in counts}
    parts.append({c: sum(counts.get(c, 0) for counts in left) for c in choices})

    for counts in parts if shown else ():
        total = sum(counts.values())
        assert not total or total - max(counts.values()) >= SHROUD
