"""A burst is far more than a code's other days, by an exact rule."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from survey_app.domain.counting.bursts import bursts_in, is_burst

FIRST = date(2026, 5, 1)
LAST = date(2026, 5, 9)


@pytest.mark.parametrize(
    ("answers", "usual", "expected"),
    [
        (20, 0, False), (21, 0, True), (40, 16, False), (41, 16, True),
        (160, 100, False), (161, 100, True), (21, 30, False),
    ],
)  # fmt: skip
def test_the_rule_is_exact(answers: int, usual: int, *, expected: bool) -> None:
    assert is_burst(answers, Fraction(usual)) is expected


def test_days_without_an_answer_are_days_too() -> None:
    came = {FIRST: 30, FIRST + timedelta(1): 2}

    (burst,) = bursts_in(came, first=FIRST, last=LAST)

    assert (burst.day, burst.answers) == (FIRST, 30)
    assert burst.usual == 0


def test_a_busy_window_is_none() -> None:
    came = {FIRST + timedelta(n): 30 + n for n in range(9)}

    assert list(bursts_in(came, first=FIRST, last=LAST)) == []


def test_before_the_first_day_there_is_none() -> None:
    assert list(bursts_in({}, first=LAST, last=FIRST)) == []
