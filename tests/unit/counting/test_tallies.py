"""Counting is done in one place: tallies made, added up and merged, turnouts added."""

from survey_app.domain.counting.tally import (
    Turnout,
    added_tallies,
    added_turnouts,
    merged_tally,
    nested,
)

ONE = nested({(1, "a", "q", "good"): 3, (1, "b", "q", "bad"): 2})[1]
OTHER = nested({(1, "b", "q", "good"): 4, (1, "b", "p", "bad"): 1})[1]


def test_single_counts_make_a_tally_of_every_subject() -> None:
    counts = {(1, "a", "q", "good"): 3, (2, "a", "q", "bad"): 1}

    assert nested(counts) == {
        1: {"a": {"q": {"good": 3}}},
        2: {"a": {"q": {"bad": 1}}},
    }


def test_tallies_are_added_group_by_group_and_question_by_question() -> None:
    assert added_tallies([ONE, OTHER], {}) == {
        "a": {"q": {"good": 3}},
        "b": {"q": {"bad": 2, "good": 4}, "p": {"bad": 1}},
    }


def test_it_is_the_same_to_merge_before_adding_or_after() -> None:
    merged = {"b": "a"}
    before = [merged_tally(one, merged) for one in (ONE, OTHER)]

    assert added_tallies(before, {}) == added_tallies([ONE, OTHER], merged)
    assert added_tallies([ONE, OTHER], merged) == {
        "a": {"q": {"good": 7, "bad": 2}, "p": {"bad": 1}}
    }


def test_what_is_unknown_of_one_group_is_unknown_of_both_together() -> None:
    told, silent = Turnout(issued=9, returned=8), Turnout(issued=5)

    assert added_turnouts([{"a": told, "b": silent}], {"b": "a"}) == {
        "a": Turnout(issued=14, returned=None)
    }
