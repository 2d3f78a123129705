"""When two who typed a sheet agree, and what a stack says once they do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.counting.typed_twice import (
    COMMENT,
    FIRST,
    SECOND,
    SETTLED,
    SUBJECT,
    WHOLE,
    Invalid,
    TypedSheet,
    differing,
    settled,
)

SHEET = TypedSheet(
    "",
    7,
    (("a", "good"), ("b", "x"), ("b", "y"), ("b", "answered"), ("c", "answered")),
    (("c", "窗口太少"),),
    "谢谢",
)
FEWER = tuple(one for one in SHEET.picks if one != ("b", "y"))
BAD = TypedSheet("", 7, (("a", "bad"), *SHEET.picks[1:]), SHEET.texts, SHEET.comment)

picks = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"))).map(tuple)
sheets = st.one_of(
    st.sampled_from(list(Invalid)).map(lambda why: TypedSheet(invalid=str(why))),
    st.builds(
        TypedSheet, st.just(""), st.integers(1, 9), picks,
        st.lists(st.tuples(st.just("c"), st.text())).map(tuple), st.text(),
    ),
)  # fmt: skip


@given(sheets)
def test_what_was_kept_is_read_as_it_was(sheet: TypedSheet) -> None:
    assert TypedSheet.from_json(sheet.to_json()) == sheet


@given(sheets, sheets)
def test_two_differ_both_ways_or_neither(one: TypedSheet, other: TypedSheet) -> None:
    assert set(differing(one, other)) == set(differing(other, one))
    assert not differing(one, one)


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        (BAD, ("a",)),
        (TypedSheet("", 8, SHEET.picks, SHEET.texts, SHEET.comment), (SUBJECT,)),
        (TypedSheet("", 7, FEWER, SHEET.texts, SHEET.comment), ("b",)),
        (TypedSheet("", 7, SHEET.picks, SHEET.texts, "不谢"), (COMMENT,)),
        (TypedSheet("", 7, SHEET.picks, (("c", "窗口太多"),), "谢谢"), ("c",)),
        (TypedSheet(invalid=Invalid.TWICE), (WHOLE,)),
    ],
)
def test_every_field_in_which_they_differ_is_named(
    other: TypedSheet, fields: tuple[str, ...]
) -> None:
    assert differing(SHEET, other) == fields


def test_two_reasons_why_a_sheet_is_invalid_differ() -> None:
    twice, torn = (TypedSheet(invalid=x) for x in (Invalid.TWICE, Invalid.ILLEGIBLE))

    assert differing(twice, torn) == (WHOLE,)


@pytest.mark.parametrize("said", ["谢谢！", "谢 谢", " 谢谢\n", "「谢谢」"])
def test_signs_and_spaces_make_no_difference(said: str) -> None:
    other = TypedSheet("", 7, SHEET.picks, SHEET.texts, said)

    assert not differing(SHEET, other)


@pytest.mark.parametrize(("one", "other"), [("好👍", "好👎"), ("5", "-5½"), ("a", "b")])
def test_signs_that_say_something_do(one: str, other: str) -> None:
    first, second = (TypedSheet("", 7, (), (), said) for said in (one, other))

    assert differing(first, second) == (COMMENT,)


class TestSettled:
    """What each position of a stack says."""

    def test_of_two_that_agree_the_first_is_taken(self) -> None:
        other = TypedSheet("", 7, SHEET.picks, SHEET.texts, "谢谢。")
        copies = {(1, FIRST): SHEET, (1, SECOND): other}

        assert list(settled(copies, 1)) == [(1, SHEET)]

    def test_a_third_look_wins_over_both(self) -> None:
        copies = {(1, FIRST): SHEET, (1, SECOND): SHEET, (1, SETTLED): BAD}

        assert list(settled(copies, 1)) == [(1, BAD)]

    def test_what_one_typed_or_two_differ_in_is_uncertain(self) -> None:
        copies = {(1, FIRST): SHEET, (2, FIRST): SHEET, (2, SECOND): BAD}

        assert list(settled(copies, 3)) == [(1, None), (2, None), (3, None)]
