"""Millions of answers are judged at once, by bounds that prove what they say."""

from fractions import Fraction
from math import exp, lgamma, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.domain.alerts.exact_tests import (
    MOST_ADDED_UP,
    binom_tail,
    binomial,
    hyper_tail,
    hypergeometric,
    is_rare,
)
from tests.support.fewest_that_confirm import (
    smallest_confirmed,
    smallest_on_roster,
)

THIRD, HALF = Fraction(1, 3), Fraction(1, 2)
SHARES = st.fractions(Fraction(1, 99), Fraction(98, 99), max_denominator=99)
ALPHAS = st.one_of(st.integers(2, 60), st.sampled_from([1000, 1_000_000]))


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 400), SHARES, ALPHAS, st.data())
def test_bounds_never_contradict_the_sum_of_a_binomial(
    answered: int, share: Fraction, inverse_alpha: int, data: st.DataObject
) -> None:
    picked = data.draw(st.integers(0, answered))
    assert answered <= MOST_ADDED_UP, "so that the sum is what it is compared with"

    bounded = is_rare(binomial(answered, share), picked, inverse_alpha)

    added = binom_tail(picked, answered, share, inverse_alpha)
    assert bounded is added or (bounded is None and share == HALF)


@settings(max_examples=300, deadline=None)
@given(st.integers(2, 300), SHARES, ALPHAS, st.data())
def test_bounds_never_contradict_the_sum_on_a_roster(
    roster: int, share: Fraction, alpha: int, data: st.DataObject
) -> None:
    answered = data.draw(st.integers(1, roster))
    picked = data.draw(st.integers(0, answered))
    reached = data.draw(st.booleans())
    limit = share * roster
    most = -(-limit // 1) - 1 if reached else limit // 1
    weights = hypergeometric(most, roster - most, answered)
    start = max(picked, weights.lowest)

    added = hyper_tail(picked, answered, roster, share, alpha, reached=reached)

    if start <= weights.highest:
        bounded = is_rare(weights, start, alpha)
        assert bounded in (added, None)
        assert bounded is not None or roster < 40, "only small numbers come out even"


FAR = 20_000
"""So many further picks hold all of a tail that counts: above ten deviations."""


def ways(whole: int, part: int) -> float:
    """The logarithm of the number of ways to pick a part."""
    return lgamma(whole + 1) - lgamma(part + 1) - lgamma(whole - part + 1)


def of_many(picked: int, answered: int) -> float:
    """How often chance alone picks so many or more of a third, in floating point."""
    return sum(
        exp(ways(answered, d) + d * log(1 / 3) + (answered - d) * log(2 / 3))
        for d in range(picked, min(picked + FAR, answered) + 1)
    )


def of_roster(picked: int, members: int, bad: int, answered: int) -> float:
    """The same on a closed roster of which so many are bad."""
    return sum(
        exp(ways(bad, d) + ways(members - bad, answered - d) - ways(members, answered))
        for d in range(picked, min(picked + FAR, bad) + 1)
    )


@pytest.mark.parametrize(
    ("answered", "fewest"),
    [(100_000, 33_627), (5_000_000, 1_668_734), (10_000_000, 3_336_256)],
)
def test_the_fewest_that_confirm_among_millions(answered: int, fewest: int) -> None:
    assert smallest_confirmed(answered, THIRD, 40) == fewest
    assert of_many(fewest, answered) < 1 / 40 < of_many(fewest - 1, answered)


@pytest.mark.parametrize(
    ("members", "fewest"), [(100_000, 22_360), (10_000_000, 2_223_600)]
)
def test_the_fewest_that_confirm_on_a_roster_of_millions(
    members: int, fewest: int
) -> None:
    answered = members * 2 // 3
    bad = members // 3

    assert smallest_on_roster(answered, members, THIRD, 40) == fewest
    rare = of_roster(fewest, members, bad, answered)
    common = of_roster(fewest - 1, members, bad, answered)
    assert rare < 1 / 40 < common


@pytest.mark.parametrize("picked", [0, 1, 3_333_333, 3_340_000, 9_999_999, 10_000_000])
def test_any_number_of_picks_among_ten_million_is_decided(picked: int) -> None:
    confirmed = picked > 3_336_255

    assert binom_tail(picked, 10_000_000, THIRD, 40) is confirmed


def test_half_of_an_odd_crowd_is_exactly_half_of_chance() -> None:
    assert binom_tail(2_500_001, 5_000_001, HALF, 2)
    assert not binom_tail(2_500_001, 5_000_001, HALF, 3)
    assert not binom_tail(2_500_000, 5_000_001, HALF, 2)
    assert hyper_tail(1_000_001, 2_000_001, 6_000_000, HALF, 2)
    assert not hyper_tail(1_000_000, 2_000_001, 6_000_000, HALF, 2)


def test_a_threshold_of_nothing_is_passed_by_anybody() -> None:
    assert binom_tail(1, 10_000_000, Fraction(0), 40)
    assert not binom_tail(0, 10_000_000, Fraction(0), 40)
