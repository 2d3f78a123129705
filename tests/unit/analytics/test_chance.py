"""How far chance moves a number: bounds that hold, none where anything is hidden."""

from dataclasses import replace
from fractions import Fraction
from math import sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.analytics.pictures.chance import (
    is_change,
    score_interval,
    share_interval,
    variance_of,
)
from survey_app.analytics.rate_meaning import Interval, wilson
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.scoring.score import score
from survey_app.domain.scoring.score_sheet import Node
from tests.support.small_county import SCHEME

FULL = Fraction(100)
POINTS = {"good": Fraction(100), "bad": Fraction(0)}


def node_of(staff: dict[str, int], residents: dict[str, int]) -> Node:
    """Return the survey's node: staff weigh 3, residents 6."""
    tallies = {"staff": {"overall": staff}, "residents": {"overall": residents}}
    alone = replace(SCHEME, components=(SCHEME.component("satisfaction"),))
    return score(alone, ScoreInput({"satisfaction": tallies})).root.parts[0]


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_of_people_has_wilsons_interval(counts: tuple[int, int]) -> None:
    part, whole = counts
    ours, theirs = share_interval(Fraction(part, whole), whole), wilson(part, whole)

    assert ours
    assert theirs
    assert ours.low == pytest.approx(theirs.low, abs=1e-9)
    assert ours.high == pytest.approx(theirs.high, abs=1e-9)


def test_nobodys_share_has_none() -> None:
    assert share_interval(Fraction(0), 0) is None


def test_groups_add_up_with_the_squares_of_their_weights() -> None:
    found = variance_of(
        node_of({"good": 50, "bad": 50}, {"good": 30, "bad": 70}), POINTS
    )

    # As if each choice had one answer more: 51 of 102, and 31 of 102; points 100 and 0.
    staff = 100**2 * Fraction(51 * 51, 102**2) / 103
    residents = 100**2 * Fraction(31 * 71, 102**2) / 103
    assert found is not None
    exact = Fraction(1, 9) * staff + Fraction(4, 9) * residents
    assert exact <= found < exact + Fraction(1, 10**6)


def test_where_all_agree_chance_is_not_nothing() -> None:
    found = variance_of(node_of({"good": 40}, {"good": 40}), POINTS)

    assert found
    assert score_interval(FULL, found, full_marks=FULL).low < 99
    assert score_interval(FULL, found, full_marks=FULL).high == 100


def test_what_is_not_shown_has_no_variance() -> None:
    whole = node_of({"good": 40, "bad": 3}, {"good": 40, "bad": 9})
    first, *others = whole.parts
    hidden = replace(first, value=None, contribution=None)

    assert variance_of(whole, POINTS) is not None
    assert variance_of(replace(whole, parts=(hidden, *others)), POINTS) is None
    assert variance_of(replace(whole, parts=()), POINTS) is None
    assert variance_of(replace(whole, value=None), POINTS) is None


def test_the_interval_holds_the_truth_in_nineteen_of_twenty_samples() -> None:
    luck, held, times = Random(4), 0, 400
    truth = (3 * 70 + 6 * 40) / 9
    for _ in range(times):
        told = [sum(luck.random() < p for _ in range(60)) for p in (0.7, 0.4)]
        node = node_of(*({"good": n, "bad": 60 - n} for n in told))
        variance = variance_of(node, POINTS)
        assert node.value is not None
        assert variance
        ends = score_interval(node.value, variance, full_marks=FULL)
        held += ends.low <= truth <= ends.high
    assert held >= 0.95 * times - 2 * sqrt(0.95 * 0.05 * times)


def test_a_change_is_one_when_chance_does_not_explain_it() -> None:
    before, narrow = Interval(48, 52), Interval(53, 57)

    assert is_change(50, before, 55, narrow)
    assert not is_change(50, Interval(45, 55), 55, Interval(50, 60))
    assert not is_change(50, before, 50, before)
    assert is_change(55, narrow, 50, before)
