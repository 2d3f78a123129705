"""Two readers: what they agree on counts, and one alone decides nothing."""

from itertools import permutations

import pytest

from survey_app.survey.review_comment import (
    Outcome,
    Review,
    Verdict,
    agreed,
    edited,
    is_edit_of,
    outcome_of,
    waits_for,
)


def passed(reader: str, text: str = "as it may be shown") -> Review:
    return Review(reader, Verdict.PASS, text)


def withheld(reader: str) -> Review:
    return Review(reader, Verdict.WITHHOLD, "")


@pytest.mark.parametrize(
    ("reviews", "outcome"),
    [
        ([], Outcome.WAITING),
        ([passed("a")], Outcome.WAITING),
        ([withheld("a")], Outcome.WAITING),
        ([passed("a"), passed("a")], Outcome.WAITING),
        ([passed("a"), withheld("b")], Outcome.WAITING),
        ([passed("a"), passed("b", "another text")], Outcome.WAITING),
        ([passed("a"), passed("b")], Outcome.RELEASED),
        ([withheld("a"), withheld("b")], Outcome.WITHHELD),
        ([passed("a"), withheld("b"), withheld("c")], Outcome.WITHHELD),
        ([passed("a"), passed("b", "x"), passed("c")], Outcome.RELEASED),
    ],
)
def test_two_different_readers_must_say_the_same(
    reviews: list[Review], outcome: Outcome
) -> None:
    for order in permutations(reviews):
        assert outcome_of(order) is outcome


def test_what_is_released_is_the_text_they_agree_on() -> None:
    settled = agreed([passed("a", "x"), passed("b", "y"), passed("c", "y")])

    assert settled is not None
    assert settled.text == "y"


def test_a_reader_is_asked_first_and_once_more_where_another_disagrees() -> None:
    assert waits_for("a", [])
    assert not waits_for("a", [passed("a")])
    assert waits_for("b", [passed("a")])
    assert waits_for("a", [passed("a"), passed("b", "shorter")])
    assert not waits_for("c", [passed("a"), passed("b")])


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("", False),
        (" \r\n ", False),
        ("他在会上骂人", True),
        ("…在会上骂人", True),
        ("他在会上骂人。", False),
    ],
)
def test_an_edit_is_neither_empty_nor_longer(text: str, stands: bool) -> None:  # noqa: FBT001 -- a row of a table
    assert is_edit_of(text, "他在会上骂人") is stands


def test_texts_that_look_alike_are_the_same_text() -> None:
    assert edited(" 一行\r\n另一行\0　") == edited("一行\n另一行")
