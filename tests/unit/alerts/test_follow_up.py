"""Two surveys are compared where they are alike; else it is said what is not."""

from dataclasses import replace
from fractions import Fraction

import pytest

from survey_app.domain.alerts.alert import Count
from survey_app.domain.alerts.exact_tests import drawn_tail
from survey_app.domain.alerts.follow_up import (
    Caution,
    Comparison,
    MeasuredShare,
    Method,
    Trend,
    Why,
    compared,
)
from survey_app.domain.scheme.scheme import Denominator, Design


def measured(
    part: int, whole: int, design: Design = Design.SAMPLE, *, is_full: bool = False
) -> MeasuredShare:
    return MeasuredShare(
        questions="f" * 64,
        choices=("dissatisfied",),
        denominator=Denominator.VALID,
        groups=(("residents", design),),
        count=Count(part, whole, Fraction(1, 3), reached=False),
        is_full=is_full,
    )


def between(before: MeasuredShare, after: MeasuredShare) -> Comparison:
    return compared(before, after, inverse_alpha=40)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ((40, 100), (20, 100), Trend.BETTER),
        ((20, 100), (40, 100), Trend.WORSE),
        ((40, 100), (26, 100), Trend.NO_EVIDENCE),  # p = 0.02509, one-sided
        ((40, 100), (25, 100), Trend.BETTER),
        ((4, 4), (0, 4), Trend.BETTER),  # the lady tasting tea: 1/70
        ((3, 4), (1, 4), Trend.NO_EVIDENCE),  # 17/70
    ],
)
def test_two_samples_are_parted_by_the_exact_test(
    before: tuple[int, int], after: tuple[int, int], found: Trend
) -> None:
    told = between(measured(*before), measured(*after))

    assert told.found is found
    assert told.tested is Method.FISHER
    assert told.caution is None


def test_the_exact_test_of_the_lady_tasting_tea() -> None:
    """Fisher, "The design of experiments", 1935: 1/70 all right, 17/70 three."""
    assert drawn_tail(4, 4, 4, 8, 70)
    assert not drawn_tail(4, 4, 4, 8, 71)
    assert drawn_tail(3, 4, 4, 8, 4)
    assert not drawn_tail(3, 4, 4, 8, 5)


def test_two_full_counts_are_what_they_are() -> None:
    first = measured(15, 40, Design.ROSTER, is_full=True)
    then = measured(14, 40, Design.ROSTER, is_full=True)

    told = between(first, then)

    assert (told.found, told.tested) == (Trend.BETTER, Method.FULL_COUNT)
    assert between(first, first).found is Trend.NO_EVIDENCE
    assert told.still_crosses
    assert not between(first, measured(13, 40, is_full=True)).still_crosses
    silent = between(first, replace(then, is_full=False))
    assert (silent.tested, silent.caution) == (Method.FISHER, Caution.SILENT)


def test_an_open_code_leaves_a_caution() -> None:
    first = measured(40, 100, Design.OPEN)

    assert between(first, measured(5, 100, Design.OPEN)).caution is Caution.OPEN


FIRST = measured(40, 100)


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (replace(FIRST, questions="0" * 64), Why.OTHER_QUESTIONS),
        (replace(FIRST, choices=("dissatisfied", "basic")), Why.OTHER_RULE),
        (replace(FIRST, denominator=Denominator.RETURNED), Why.OTHER_DENOMINATOR),
        (replace(FIRST, groups=(("staff", Design.SAMPLE),)), Why.OTHER_GROUPS),
        (replace(FIRST, groups=(("residents", Design.OPEN),)), Why.OTHER_GROUPS),
        (replace(FIRST, count=None), Why.NOT_SHOWN),
        (measured(0, 0), Why.NOT_ASKED),
        (None, Why.NOT_ASKED),
    ],
)
def test_what_is_not_alike_is_not_compared(
    after: MeasuredShare | None, why: Why
) -> None:
    told = compared(FIRST, after, inverse_alpha=40)

    assert (told.found, told.why) == (Trend.INCOMPARABLE, why)
    assert told.before is None
    assert told.after is None
