"""Wilson's interval, against the values others have published."""

import pytest

from survey_app.analytics.rate_meaning import wilson

PUBLISHED = (
    # Newcombe, "Two-sided confidence intervals for the single proportion", Statistics
    # in Medicine 17 (1998), table I, method 3: the score interval without correction.
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
)


@pytest.mark.parametrize(("part", "whole", "low", "high"), PUBLISHED)
def test_the_published_values_come_out_to_every_digit_shown(
    part: int, whole: int, low: float, high: float
) -> None:
    found = wilson(part, whole)

    assert found
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(("part", "low", "high"), [(0, 0, 0.7935), (1, 0.2065, 1)])
def test_one_single_answer_tells_next_to_nothing(
    part: int, low: float, high: float
) -> None:
    found = wilson(part, 1)

    assert found
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_of_nobody_there_is_no_interval() -> None:
    assert wilson(0, 0) is None


def test_none_and_all_touch_the_ends_exactly_and_nothing_passes_them() -> None:
    for whole in [*range(1, 300), 10_007, 10_000_019]:
        for part in {0, 1, whole // 3, whole - 1, whole}:
            found = wilson(part, whole)
            other = wilson(whole - part, whole)

            assert found
            assert other
            assert 0 <= found.low <= part / whole <= found.high <= 1
            assert found.high == 1 - other.low, "counting the others turns it round"
            assert (found.low == 0) == (part == 0)
            assert (found.high == 1) == (part == whole)
