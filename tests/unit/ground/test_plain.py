"""Values are written by their types, and read only as they could have been written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

import pytest

from survey_app.domain.ground.plain import ALWAYS, Misshapen, plain_of, value_of


class Word(StrEnum):
    """One word."""

    YES = "yes"


@dataclass(frozen=True)
class Part:
    """A number with a share."""

    number: int
    share: Fraction = Fraction(1, 3)


@dataclass(frozen=True)
class Whole:
    """Something of everything that is ever written."""

    parts: tuple[Part, ...]
    by_unit: Mapping[int, Mapping[str, int | None]]
    day: date
    word: Word
    places: frozenset[tuple[str, str]]
    sure: bool = field(default=False, metadata=ALWAYS)
    later: str = ""


WHOLE = Whole(
    parts=(Part(1, Fraction(-2, 7)), Part(2)),
    by_unit={7: {"a": 1, "b": None}},
    day=date(2026, 5, 1),
    word=Word.YES,
    places=frozenset({("b", "y"), ("a", "z")}),
)
PLAIN = {
    "parts": [{"number": 1, "share": "-2/7"}, {"number": 2}],
    "by_unit": {"7": {"a": 1, "b": None}},
    "day": "2026-05-01",
    "word": "yes",
    "places": [["a", "z"], ["b", "y"]],
    "sure": False,
}


def test_what_is_written_is_read_back() -> None:
    assert plain_of(WHOLE) == PLAIN
    assert value_of(Whole, PLAIN) == WHOLE
    assert value_of(Whole, PLAIN | {"later": "x"}).later == "x"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"stranger": 1}, "stranger: is not known here"),
        ({"parts": [{"number": "1"}]}, r"parts\.0\.number: is no int"),
        ({"parts": [{"number": True}]}, r"parts\.0\.number: is no int"),
        ({"parts": [{"number": 1.0}]}, r"parts\.0\.number: is no int"),
        ({"parts": [{}]}, r"parts\.0\.number: is missing"),
        ({"parts": {"number": 1}}, "parts: is no list"),
        ({"parts": [{"number": 1, "share": "0.5"}]}, "share: is written otherwise"),
        ({"parts": [{"number": 1, "share": "1/0"}]}, "share: is written otherwise"),
        ({"by_unit": {"07": {}}}, "by_unit: has keys that are no numbers"),
        ({"by_unit": {"7": {"a": "1"}}}, r"by_unit\.7\.a: is no int"),
        ({"by_unit": []}, "by_unit: is no object"),
        ({"day": "1 May"}, "day: is no day"),
        ({"word": "no"}, "word: is a word not known here"),
        ({"word": ["yes"]}, "word: is a word not known here"),
        ({"places": [["a", "z"], ["a", "z"]]}, "places: names one thing twice"),
        ({"places": [["a"]]}, r"places\.0: has not 2 parts"),
        ({"sure": 0}, "sure: is no bool"),
        ({"later": None}, "later: is no str"),
    ],
)
def test_what_could_not_have_been_written_is_refused_by_its_place(
    change: dict[str, Any], said: str
) -> None:
    with pytest.raises(Misshapen, match=said):
        value_of(Whole, PLAIN | change)


@pytest.mark.parametrize("left_out", sorted(PLAIN))
def test_what_is_missing_is_named(left_out: str) -> None:
    rest = {key: part for key, part in PLAIN.items() if key != left_out}

    with pytest.raises(Misshapen, match=f"^{left_out}: is missing"):
        value_of(Whole, rest)
