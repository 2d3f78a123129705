"""Which points may be entered: no sign, decimals, under the cap of the scheme."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from survey_app.domain.counting.evidence import BONUS, DEDUCTION
from survey_app.domain.ground.stated import assumed
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scoring.proposal import counted_of, kinds_of, wrong_points
from tests.support.small_county import SCHEME


def capped(**caps: str) -> Scheme:
    stated: dict[str, Any] = {
        f"{kind}_cap": assumed(Fraction(cap)) for kind, cap in caps.items()
    }
    return replace(SCHEME, adjustments=replace(SCHEME.adjustments, **stated))


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("1.5", None),
        ("1.50", None),
        ("１．２５", None),
        ("5", None),
        ("5.01", "adjustment-above-cap"),
        ("-0.5", "adjustment-with-sign"),
        ("−0.5", "adjustment-with-sign"),
        ("+2", "adjustment-with-sign"),
        ("0", "adjustment-of-nothing"),
        ("0.00", "adjustment-of-nothing"),
        ("0.125", "adjustment-too-fine"),
        ("0.1250", "adjustment-too-fine"),
        ("1/2", "adjustment-no-points"),
        ("1e1", "adjustment-no-points"),
        ("two", "adjustment-no-points"),
        (".5", "adjustment-no-points"),
        ("", "adjustment-no-points"),
    ],
)
def test_points_are_a_decimal_without_a_sign_within_the_cap(
    written: str, wrong: str | None
) -> None:
    found = wrong_points(capped(bonus="5"), BONUS, written)

    assert (found.key if found else None) == wrong


def test_a_scheme_that_rounds_later_takes_finer_points() -> None:
    fine = replace(SCHEME, places=assumed(3))

    assert wrong_points(fine, BONUS, "0.125") is None
    assert wrong_points(fine, BONUS, "0.1255") is not None


def test_a_cap_of_nothing_takes_the_kind_away() -> None:
    scheme = capped(bonus="0")

    assert kinds_of(scheme) == (DEDUCTION,)
    found = wrong_points(scheme, BONUS, "1")
    assert found is not None
    assert found.key == "adjustment-kind-not-taken"
    assert kinds_of(capped(bonus="0", deduction="0")) == ()
    assert kinds_of(SCHEME) == (BONUS, DEDUCTION)


def test_several_may_make_more_than_the_cap_and_the_sheet_says_how_much_counts() -> (
    None
):
    rules = capped(bonus="5").adjustments
    entered = [(BONUS, Fraction(3)), (BONUS, Fraction(4)), (DEDUCTION, Fraction(9))]

    bonus, deduction = counted_of(rules, entered)

    assert (str(bonus.asked), str(bonus.counts), bonus.is_capped) == ("7", "5", True)
    assert deduction.counts == deduction.asked == 9
    assert not deduction.is_capped
