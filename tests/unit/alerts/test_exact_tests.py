"""The tests behind "confirmed": how many it takes, and what plain adding up says."""

from collections.abc import Callable
from fractions import Fraction
from itertools import accumulate
from math import comb, sqrt

import pytest

from survey_app.domain.alerts.exact_tests import (
    binom_tail,
    hyper_tail,
)
from tests.support.fewest_that_confirm import (
    smallest_confirmed,
    smallest_on_roster,
    wilson_fpc,
    wilson_ok,
)

THIRD = Fraction(1, 3)

SAMPLES = (
    # answered, crosses, confirmed at 2.5 %, confirmed at 1 %
    (8, 3, 6, 7),
    (10, 4, 7, 8),
    (12, 5, 8, 9),
    (15, 6, 10, 10),
    (20, 7, 12, 13),
    (30, 11, 16, 17),
    (50, 17, 24, 26),
    (100, 34, 44, 46),
    (200, 67, 81, 83),
    (500, 167, 188, 192),
    (1000, 334, 364, 369),
)
ROSTERS = (
    # members, answered, crosses, confirmed at 2.5 %, certain
    (12, 9, 4, 5, 5),
    (20, 15, 6, 7, 7),
    (20, 20, 7, 7, 7),
    (30, 22, 8, 10, 11),
    (30, 27, 10, 11, 11),
    (60, 45, 16, 19, 21),
    (60, 54, 19, 21, 21),
)


def smallest_above_third(number: int) -> int:
    return next(d for d in range(number + 1) if 3 * d > number)


@pytest.mark.parametrize(("answered", "crosses", "at_40", "at_100"), SAMPLES)
def test_the_fewest_that_confirm_in_a_sample(
    answered: int, crosses: int, at_40: int, at_100: int
) -> None:
    assert smallest_above_third(answered) == crosses
    assert smallest_confirmed(answered, THIRD, 40) == at_40
    assert smallest_confirmed(answered, THIRD, 100) == at_100


@pytest.mark.parametrize(
    ("members", "answered", "crosses", "confirmed", "certain"), ROSTERS
)
def test_the_fewest_that_confirm_on_a_roster(
    members: int, answered: int, crosses: int, confirmed: int, certain: int
) -> None:
    assert smallest_above_third(answered) == crosses
    assert smallest_on_roster(answered, members, THIRD, 40) == confirmed
    assert smallest_above_third(members) == certain


def test_so_few_answers_that_even_all_of_them_confirm_nothing() -> None:
    assert smallest_confirmed(3, THIRD, 40) is None
    assert smallest_confirmed(4, THIRD, 40) == 4


def test_wilson_with_finite_population_can_ask_for_more_than_certainty() -> None:
    assert not wilson_fpc(7, 18, 20, THIRD)
    assert wilson_fpc(8, 18, 20, THIRD)
    assert 3 * 7 > 20
    assert hyper_tail(7, 18, 20, THIRD, 40)


def test_the_finite_population_correction_divides_by_one_less_than_all() -> None:
    """Chance allows 3 of 5 an excess of 115.2: 4²·7 stays below, 4²·8 would pass."""
    assert not wilson_fpc(3, 5, 8, THIRD)
    assert wilson_fpc(4, 5, 8, THIRD)


def fires(answered: int, test: str) -> float:
    """How often chance alone fires the test at a true share of exactly one third."""
    rules: dict[str, Callable[[int], bool]] = {
        "bare": lambda d: 3 * d > answered,
        "exact": lambda d: binom_tail(d, answered, THIRD, 40),
        "wilson": lambda d: wilson_ok(d, answered, THIRD),
    }
    ways = sum(
        comb(answered, d) * 2 ** (answered - d)
        for d in range(answered + 1)
        if rules[test](d)
    )
    return float(Fraction(ways, 3**answered))


def test_the_bare_rule_fires_by_chance_where_the_exact_test_rarely_does() -> None:
    sizes = (10, 15, 20, 30, 50, 100, 200)

    bare = [fires(n, "bare") for n in sizes]
    exact = [fires(n, "exact") for n in sizes]

    assert (round(min(bare), 2), round(max(bare), 2)) == (0.38, 0.52)
    assert (round(min(exact), 3), round(max(exact), 3)) == (0.009, 0.022)
    assert round(fires(20, "wilson"), 3) == 0.038


def coverage(inside: list[bool]) -> float:
    """How often the interval of a sample of 8 holds the true share of one tenth."""
    chances = (comb(8, d) * 0.1**d * 0.9 ** (8 - d) for d in range(9))
    return sum(chance for chance, holds in zip(chances, inside, strict=True) if holds)


def test_walds_interval_misses_small_shares_and_is_forbidden() -> None:
    low, high = Fraction(1, 10), Fraction(9, 10)
    wald = [abs(d / 8 - 0.1) <= 1.959964 * sqrt(d * (8 - d) / 8**3) for d in range(9)]
    wilson = [not (wilson_ok(d, 8, low) or wilson_ok(8 - d, 8, high)) for d in range(9)]
    exact = [
        not (binom_tail(d, 8, low, 40) or binom_tail(8 - d, 8, high, 40))
        for d in range(9)
    ]

    assert round(coverage(wald), 3) == 0.565
    assert round(coverage(wilson), 3) == 0.962
    assert round(coverage(exact), 3) == 0.995


def at_least(chances: list[Fraction]) -> list[Fraction]:
    """How likely each number or more is, with every chance added up."""
    assert sum(chances) == 1
    return [*accumulate(reversed(chances))][::-1]


@pytest.mark.parametrize("share", [THIRD, Fraction(1, 2), Fraction(3, 10)])
@pytest.mark.parametrize("inverse_alpha", [40, 100])
def test_the_binomial_tail_is_the_sum_of_its_chances(
    share: Fraction, inverse_alpha: int
) -> None:
    for n in (1, 2, 7, 20, 33, 90, 250):
        chances = [comb(n, d) * share**d * (1 - share) ** (n - d) for d in range(n + 1)]
        ours = [binom_tail(d, n, share, inverse_alpha) for d in range(n + 1)]

        assert ours == [
            tail <= Fraction(1, inverse_alpha) for tail in at_least(chances)
        ]


@pytest.mark.parametrize("reached", [False, True])
@pytest.mark.parametrize("share", [THIRD, Fraction(2, 5)])
def test_the_hypergeometric_tail_is_the_sum_of_its_chances(
    share: Fraction, *, reached: bool
) -> None:
    for roster in (3, 9, 20, 31, 60):
        most = max(
            k
            for k in range(roster)
            if k < share * roster or (not reached and k <= share * roster)
        )
        for n in range(1, roster + 1):
            ways = [comb(most, d) * comb(roster - most, n - d) for d in range(n + 1)]
            chances = [Fraction(way, comb(roster, n)) for way in ways]
            ours = [
                hyper_tail(d, n, roster, share, 40, reached=reached)
                for d in range(n + 1)
            ]

            assert ours == [tail <= Fraction(1, 40) for tail in at_least(chances)]


def test_the_ends_of_the_scale() -> None:
    everybody, nobody = Fraction(1), Fraction(0)

    assert not binom_tail(10, 10, everybody, 40), "no share lies above all"
    assert binom_tail(1, 10, nobody, 40), "one is more than nobody"
    assert not binom_tail(0, 10, nobody, 40)
    assert not hyper_tail(10, 10, 10, everybody, 40)


def test_ten_thousand_answers_are_judged_exactly_and_soon() -> None:
    assert smallest_confirmed(15_000, THIRD, 40) == 5114
