"""What the rated person is told: part of what the office reads, no small number."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.alerts.alert import POOLED
from survey_app.domain.disclosure.floors import DEFAULTS, Floors
from survey_app.domain.disclosure.rated_view import (
    COUNTED_FROM,
    Band,
    RatedLine,
    Ratings,
    band_of,
    rated_view,
)

SECRET = DEFAULTS.floors(is_secret=True)
FLOORS = st.sampled_from([SECRET, DEFAULTS.floors(is_secret=False)])
TENTH, THIRD, HALF = Fraction(1, 10), Fraction(1, 3), Fraction(1, 2)
HIGHEST = {
    Band.TENTH: (Fraction(-1), TENTH),
    Band.THIRD: (TENTH, THIRD),
    Band.OVER_THIRD: (THIRD, HALF),
    Band.OVER_HALF: (HALF, Fraction(1)),
}


@st.composite
def ratings(draw: st.DrawFn, group: str = "staff", least: int = 0) -> Ratings:
    valid = draw(st.integers(least, 45))
    dissatisfied = draw(st.one_of(st.integers(0, valid), st.just(valid), st.none()))
    return Ratings(group, valid, dissatisfied)


@st.composite
def questions(draw: st.DrawFn) -> list[Ratings]:
    """Draw what the office reads: some groups, and perhaps all of them together."""
    names = draw(st.lists(st.sampled_from("abcd"), unique=True))
    whole = [POOLED] if draw(st.booleans()) else []
    return [draw(ratings(name)) for name in (*names, *whole)]


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_in_its_band_and_its_upper_end_belongs_to_it(
    share: tuple[int, int],
) -> None:
    over, up_to = HIGHEST[band_of(*share)]

    assert over < Fraction(*share) <= up_to


@pytest.mark.parametrize("times", range(1, 41))
def test_exactly_a_tenth_a_third_and_a_half_are_not_over_it(times: int) -> None:
    assert band_of(times, 10 * times) is Band.TENTH
    assert band_of(times, 3 * times) is Band.THIRD
    assert band_of(times, 2 * times) is Band.OVER_THIRD


@given(questions(), FLOORS)
def test_every_number_told_is_the_office_s_own(
    shown: list[Ratings], floors: Floors
) -> None:
    office = {one.group: one for one in shown}

    for line in rated_view(shown, floors):
        assert line.group in office
        if line.valid is not None:
            read = office[line.group]
            assert (line.valid, line.dissatisfied) == (read.valid, read.dissatisfied)
            assert line.band == band_of(line.dissatisfied or 0, line.valid)


@given(questions(), FLOORS)
def test_no_number_is_told_of_fewer_than_twenty_and_nothing_below_the_floor(
    shown: list[Ratings], floors: Floors
) -> None:
    office = {one.group: one.valid for one in shown}

    for line in rated_view(shown, floors):
        if office[line.group] < floors.rated:
            assert line == RatedLine(line.group, None, None, None)
        if office[line.group] < COUNTED_FROM:
            assert (line.valid, line.dissatisfied) == (None, None)


@given(questions(), FLOORS)
def test_a_whole_is_never_told_beside_its_parts(
    shown: list[Ratings], floors: Floors
) -> None:
    told = [line.group for line in rated_view(shown, floors)]

    assert POOLED not in told or told == [POOLED]


@given(st.integers(8, 45), st.integers(0, 1), FLOORS)
def test_where_nearly_everybody_objects_over_one_third_is_all(
    valid: int, content: int, floors: Floors
) -> None:
    agreeing = Ratings("staff", valid, valid - content)
    banded = Ratings("staff", valid, None)

    lines = rated_view([agreeing], floors) + rated_view([banded], floors)

    told = Band.OVER_THIRD if valid >= floors.rated else None
    assert [line.band for line in lines] == [told, told]
    assert all(line.valid is None for line in lines)


@given(ratings("b", least=8), ratings("a"), ratings("a"))
def test_what_a_group_below_the_floor_said_changes_nothing(
    shown: Ratings, first: Ratings, second: Ratings
) -> None:
    few = [
        Ratings("a", one.valid % SECRET.rated, one.dissatisfied)
        for one in (first, second)
    ]

    assert rated_view([few[0], shown], SECRET) == rated_view([few[1], shown], SECRET)


@given(ratings(POOLED, least=20), st.lists(ratings(), max_size=1))
def test_all_together_stand_in_where_no_group_may_be_told(
    whole: Ratings, group: list[Ratings]
) -> None:
    told = rated_view([*group, whole], SECRET)

    if any(one.valid >= SECRET.rated for one in group):
        assert [line.group for line in told] == [group[0].group]
    else:
        assert [line.group for line in told] == [POOLED]
