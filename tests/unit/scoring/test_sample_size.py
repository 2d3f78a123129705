"""Sample sizes as they are published, exact before rounding up."""

from fractions import Fraction

import pytest

from survey_app.domain.scoring.efficacy import exact_sample_size, sample_size
from survey_app.domain.scoring.score_sheet import rounded

FIVE_PERCENT = Fraction(5, 100)


def test_of_a_large_population_385() -> None:
    assert exact_sample_size(FIVE_PERCENT) == Fraction(9604, 25)
    assert sample_size(FIVE_PERCENT) == 385


@pytest.mark.parametrize(
    ("population", "exact", "needed"),
    [(10_000, "369.984", 370), (1_000, "277.741", 278)],
)
def test_a_smaller_population_needs_fewer(
    population: int, exact: str, needed: int
) -> None:
    assert rounded(exact_sample_size(FIVE_PERCENT, population), 3) == exact
    assert sample_size(FIVE_PERCENT, population) == needed


def test_nobody_is_asked_twice() -> None:
    assert sample_size(FIVE_PERCENT, 1) == 1
    assert sample_size(Fraction(1, 100), 3) == 3


def test_a_whole_number_is_not_rounded_up_further() -> None:
    assert sample_size(Fraction(1, 10), z=Fraction(2)) == 100


@pytest.mark.parametrize("margin", [Fraction(0), Fraction(1), Fraction(-1, 2)])
def test_a_margin_lies_between_nothing_and_all(margin: Fraction) -> None:
    with pytest.raises(ValueError, match="margin"):
        sample_size(margin)


def test_an_empty_population_is_refused() -> None:
    with pytest.raises(ValueError, match="population"):
        sample_size(FIVE_PERCENT, 0)
