"""What the rated person is told: part of what the office reads, no small number."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from survey_app.domain.disclosure.rated_view import (
    COUNTED_FROM,
    RatedLine,
    Ratings,
    ShareBand,
    band_of,
    nearly_all,
    rated_view,
)
from survey_app.domain.scheme.floors import DEFAULTS, Floors
from survey_app.domain.scheme.scheme import POOLED

SECRET = DEFAULTS.floors(is_secret=True)
FLOORS = st.sampled_from([SECRET, DEFAULTS.floors(is_secret=False)])
TENTH, THIRD, HALF = Fraction(1, 10), Fraction(1, 3), Fraction(1, 2)
HIGHEST = {
    ShareBand.TENTH: (Fraction(-1), TENTH),
    ShareBand.THIRD: (TENTH, THIRD),
    ShareBand.OVER_THIRD: (THIRD, HALF),
    ShareBand.OVER_HALF: (HALF, Fraction(1)),
}

Questions = list[list[Ratings]]
"""By question what the office reads of each group."""


@st.composite
def ratings(draw: st.DrawFn, group: str = "staff", least: int = 0) -> Ratings:
    valid = draw(st.integers(least, 45))
    dissatisfied = draw(st.one_of(st.integers(0, valid), st.just(valid), st.none()))
    gave_way = dissatisfied is None and draw(st.booleans())
    return Ratings(group, valid, dissatisfied, gave_way=gave_way)


@st.composite
def questions(draw: st.DrawFn) -> Questions:
    """Draw what the office reads: some groups, and perhaps all of them together."""
    names = draw(st.lists(st.sampled_from("abcd"), unique=True))
    whole = [POOLED] if draw(st.booleans()) else []
    asked = draw(st.integers(1, 4))
    return [[draw(ratings(name)) for name in (*names, *whole)] for _ in range(asked)]


def beside(shown: Questions, floors: Floors) -> list[tuple[Ratings, RatedLine]]:
    """Return every line that is told beside what the office reads."""
    found = []
    for asked, lines in zip(shown, rated_view(shown, floors), strict=True):
        office = {one.group: one for one in asked}
        found += [(office[line.group], line) for line in lines]
    return found


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_in_its_band_and_its_upper_end_belongs_to_it(
    share: tuple[int, int],
) -> None:
    over, up_to = HIGHEST[band_of(*share)]

    assert over < Fraction(*share) <= up_to


@pytest.mark.parametrize("times", range(1, 41))
def test_exactly_a_tenth_a_third_and_a_half_are_not_over_it(times: int) -> None:
    assert band_of(times, 10 * times) is ShareBand.TENTH
    assert band_of(times, 3 * times) is ShareBand.THIRD
    assert band_of(times, 2 * times) is ShareBand.OVER_THIRD


@given(questions(), FLOORS)
def test_every_number_told_is_the_office_s_own(
    shown: Questions, floors: Floors
) -> None:
    for read, line in beside(shown, floors):
        if line.valid is not None:
            assert (line.valid, line.dissatisfied) == (read.valid, read.dissatisfied)
            assert line.band == band_of(line.dissatisfied or 0, line.valid)


@given(questions(), FLOORS)
def test_no_number_is_told_of_fewer_than_twenty_and_nothing_below_the_floor(
    shown: Questions, floors: Floors
) -> None:
    for read, line in beside(shown, floors):
        if read.valid < floors.rated:
            assert line == RatedLine(line.group, None, None, None)
        if read.valid < COUNTED_FROM:
            assert (line.valid, line.dissatisfied) == (None, None)


@given(questions(), FLOORS)
def test_a_whole_is_never_told_beside_its_parts(
    shown: Questions, floors: Floors
) -> None:
    told = {line.group for _, line in beside(shown, floors) if line.band}

    assert POOLED not in told or told == {POOLED}


@given(questions(), FLOORS)
def test_every_band_that_is_told_is_true(shown: Questions, floors: Floors) -> None:
    for read, line in beside(shown, floors):
        if line.band in HIGHEST and read.dissatisfied is not None:
            share = Fraction(read.dissatisfied, read.valid)
            assert share > HIGHEST[line.band][0]
            assert share <= HIGHEST[line.band][1] or line.band is ShareBand.OVER_THIRD


@given(st.integers(8, 45), st.integers(0, 1), FLOORS)
def test_where_nearly_everybody_objects_over_one_third_is_all(
    valid: int, content: int, floors: Floors
) -> None:
    agreeing = Ratings("staff", valid, valid - content)
    banded = Ratings("staff", valid, None)

    (one,), (other,) = rated_view([[agreeing], [banded]], floors)

    told = ShareBand.OVER_THIRD if valid >= floors.rated else None
    assert [one.band, other.band] == [told, told]
    assert (one.valid, other.valid) == (None, None)


@given(questions(), FLOORS, st.data())
def test_nobody_reads_that_nearly_everybody_objected(
    shown: Questions, floors: Floors, data: st.DataObject
) -> None:
    """The same sheet is printed in a county where not nearly everybody did."""
    agreed = [
        (place, nth)
        for place, asked in enumerate(shown)
        for nth, one in enumerate(asked)
        if agree(one, floors) and one.valid >= floors.rated
    ]
    assume(agreed)
    place, nth = data.draw(st.sampled_from(agreed))
    one = shown[place][nth]
    given_way = [
        (place, nth)
        for place, asked in enumerate(shown)
        for nth, other in enumerate(asked)
        if other.gave_way
        and other.valid >= floors.rated
        and (other.group == POOLED) == (one.group == POOLED)
    ]
    other_county = [list(asked) for asked in shown]
    if given_way:
        # Another of the marked places is the one that nearly everybody objected to.
        there, which = data.draw(st.sampled_from(given_way))
        swapped = shown[there][which]
        other_county[place][nth] = Ratings(one.group, one.valid, None, gave_way=True)
        other_county[there][which] = Ratings(swapped.group, swapped.valid, None)
    else:
        large = any(
            other.group == one.group and other.valid >= COUNTED_FROM
            for asked in shown
            for other in asked
        )
        fewer = one.valid // 2 + (1 if large else 0)
        other_county[place][nth] = Ratings(one.group, one.valid, fewer)
        assert not nearly_all(fewer, one.valid, floors.shroud)

    assert rated_view(other_county, floors) == rated_view(shown, floors)


def agree(one: Ratings, floors: Floors) -> bool:
    if one.dissatisfied is None:
        return not one.gave_way
    return nearly_all(one.dissatisfied, one.valid, floors.shroud)


def test_of_a_group_that_agrees_on_one_question_no_question_is_told_in_numbers() -> (
    None
):
    agreed, split, content = (Ratings("a", 30, n) for n in (30, 17, 2))
    others = Ratings("b", 30, 17)

    told = rated_view([[agreed, others], [split, others], [content, others]], SECRET)

    assert [lines[0].band for lines in told] == [
        ShareBand.OVER_THIRD,
        ShareBand.OVER_THIRD,
        ShareBand.TENTH,
    ]
    assert all(lines[0].valid is None for lines in told)


def test_a_group_of_which_never_half_objects_is_told_in_numbers() -> None:
    told = rated_view([[Ratings("a", 30, 15)], [Ratings("a", 30, 2)]], SECRET)

    assert [(line.dissatisfied, line.valid) for (line,) in told] == [(15, 30), (2, 30)]


def test_what_gave_way_to_a_band_is_marked_like_the_band() -> None:
    banded, hidden = Ratings("a", 30, None), Ratings("a", 30, None, gave_way=True)

    both = rated_view([[banded], [hidden]], SECRET)
    alone = rated_view([[hidden], [Ratings("a", 30, 2)]], SECRET)

    assert [line.band for (line,) in both] == [ShareBand.ONE_OF_THESE] * 2
    assert [line.band for (line,) in alone] == [None, ShareBand.TENTH]


def test_a_question_on_which_all_groups_gave_way_brings_no_whole() -> None:
    hidden = Ratings("a", 30, None, gave_way=True)
    whole = Ratings(POOLED, 60, 20)

    told = rated_view([[Ratings("a", 30, 3), whole], [hidden, whole]], SECRET)

    assert {line.group for lines in told for line in lines} == {"a"}


@given(ratings("b", least=8), ratings("a"), ratings("a"))
def test_what_a_group_below_the_floor_said_changes_nothing(
    shown: Ratings, first: Ratings, second: Ratings
) -> None:
    few = [replace(one, valid=one.valid % SECRET.rated) for one in (first, second)]

    one, other = (rated_view([[said, shown]], SECRET) for said in few)

    assert one == other


@given(ratings(POOLED, least=20), st.lists(ratings(), max_size=1))
def test_all_together_stand_in_where_no_group_may_be_told(
    whole: Ratings, group: list[Ratings]
) -> None:
    (told,) = rated_view([[*group, whole]], SECRET)

    if any(one.valid >= SECRET.rated for one in group):
        assert [line.group for line in told] == [group[0].group]
    else:
        assert [line.group for line in told] == [POOLED]
