"""The notice says whether a threshold was crossed, and no more than its table does."""

from dataclasses import replace
from fractions import Fraction

import pytest

from survey_app.domain.disclosure.rated_crossing import RuleVerdict, Told, crossing
from survey_app.domain.disclosure.rated_view import RatedLine, ShareBand
from survey_app.domain.scheme.scheme import POOLED, AlertRule, Comparator, Denominator
from tests.support.schemes import one_third, published

RATINGS = ("content", "fair", "dissatisfied")
GROUPS = ("staff", "residents")


def counted(part: int, whole: int, group: str = "staff") -> RatedLine:
    return RatedLine(group, whole, part, ShareBand.THIRD)


def band(name: ShareBand | None, group: str = "staff") -> RatedLine:
    return RatedLine(group, None, None, name)


def verdict(
    rule: AlertRule, *lines: RatedLine, bad: str = "dissatisfied"
) -> RuleVerdict:
    told = [Told("overall", lines)]
    return crossing(
        rule, told, groups=GROUPS, dissatisfied=[bad], ratings=RATINGS
    ).verdict


STAFF = one_third("staff")
BOTH = one_third("staff", "residents")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (counted(10, 30), RuleVerdict.NOT_CROSSED),
        (counted(11, 30), RuleVerdict.CROSSED),
        (band(ShareBand.TENTH), RuleVerdict.NOT_CROSSED),
        (band(ShareBand.THIRD), RuleVerdict.NOT_CROSSED),
        (band(ShareBand.OVER_THIRD), RuleVerdict.CROSSED),
        (band(ShareBand.OVER_HALF), RuleVerdict.CROSSED),
        (band(ShareBand.ONE_OF_THESE), RuleVerdict.UNSAID),
        (band(None), RuleVerdict.UNSAID),
    ],
)
def test_more_than_one_third_is_read_off_the_number_or_the_band(
    line: RatedLine, expected: RuleVerdict
) -> None:
    assert verdict(STAFF, line) is expected


def test_exactly_one_third_reaches_but_does_not_exceed() -> None:
    reached = replace(STAFF, comparator=published(Comparator.AT_LEAST))

    assert verdict(reached, counted(10, 30)) is RuleVerdict.CROSSED
    assert verdict(reached, band(ShareBand.THIRD)) is RuleVerdict.UNSAID


def test_a_band_across_the_threshold_says_nothing() -> None:
    two_fifths = replace(STAFF, threshold=published(Fraction(2, 5)))

    assert verdict(two_fifths, band(ShareBand.OVER_THIRD)) is RuleVerdict.UNSAID
    assert verdict(two_fifths, band(ShareBand.THIRD)) is RuleVerdict.NOT_CROSSED


def test_of_more_ballots_the_share_is_smaller_so_only_no_is_certain() -> None:
    of_all = replace(STAFF, denominator=published(Denominator.RESPONSES))

    assert verdict(of_all, counted(11, 30)) is RuleVerdict.UNSAID
    assert verdict(of_all, counted(10, 30)) is RuleVerdict.NOT_CROSSED


def test_fewer_than_two_thirds_content_is_more_than_one_third_not() -> None:
    rule = replace(
        STAFF,
        choices=("content", "fair"),
        comparator=published(Comparator.LESS_THAN),
        threshold=published(Fraction(2, 3)),
    )

    assert verdict(rule, counted(11, 30)) is RuleVerdict.CROSSED
    assert verdict(rule, counted(10, 30)) is RuleVerdict.NOT_CROSSED
    assert verdict(rule, counted(10, 30), bad="fair") is RuleVerdict.UNSAID


def test_a_group_that_is_not_told_leaves_the_answer_open() -> None:
    assert verdict(BOTH, counted(10, 30)) is RuleVerdict.NOT_AS_FAR_AS_TOLD
    assert verdict(BOTH, counted(11, 30)) is RuleVerdict.CROSSED
    assert verdict(STAFF, counted(10, 30)) is RuleVerdict.NOT_CROSSED


def test_all_together_stand_for_a_rule_about_all_only() -> None:
    together = counted(11, 30, group=POOLED)

    assert verdict(BOTH, together) is RuleVerdict.CROSSED
    assert verdict(STAFF, together) is RuleVerdict.UNSAID
