"""No number leaves its range in silence: components, sums, and the total."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.counting.evidence import Adjustment, ScoreInput
from survey_app.domain.ground.file_faults import SchemeRefused
from survey_app.domain.scheme.frozen_scheme import scheme_from_json, scheme_to_json
from survey_app.domain.scheme.scheme import ComponentKind, Scheme
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scheme.total_rules import AdjustmentRules, Bounds, Order
from survey_app.domain.scoring.score import score
from survey_app.domain.scoring.score_sheet import Node, ScoreSheet
from survey_app.domain.scoring.worked import may_hold
from tests.support.schemes import component, published, scheme
from tests.support.small_scheme import SMALL_SCHEME

BODY = component("body", 50, kind=ComponentKind.LEADING_BODY)
OWN = component("own", 50)
LARGE = st.fractions(-2000, 2000, max_denominator=60)


def of(whole: Scheme, *adjustments: Adjustment, **values: str | int) -> ScoreSheet:
    given_values = {key: Fraction(value) for key, value in values.items()}
    return score(whole, ScoreInput(values=given_values, adjustments=adjustments))


def node(sheet: ScoreSheet, key: str) -> Node:
    waiting = [sheet.root]
    while waiting:
        one = waiting.pop()
        if one.key == key:
            return one
        waiting.extend(one.parts)
    raise AssertionError(key)


def test_915_typed_for_a_leading_bodys_91_5_counts_as_full_marks_and_says_so() -> None:
    sheet = of(scheme(BODY, OWN), body=915, own=90)

    assert sheet.overall == 95
    body = node(sheet, "body")
    assert body.value == 100
    assert body.rule.key == "cut-at-most"
    assert dict(body.rule.figures) == {"reached": "915", "counted": "100"}
    assert not body.published, "nobody published the bound"


def test_a_leading_body_below_nothing_counts_as_nothing() -> None:
    assert of(scheme(BODY, OWN), body=-300, own=90).overall == 45


def test_a_bonus_before_the_weighting_ends_at_the_full_marks() -> None:
    rules = AdjustmentRules(published(Order.BEFORE), "own")
    bonus = Adjustment("bonus", Fraction(30), "a reward", "notice 7")

    sheet = of(scheme(BODY, OWN, adjustments=rules), bonus, body=90, own=98)

    own = node(sheet, "own")
    assert own.value == 100
    assert [child.contribution for child in own.parts] == [98, 30, -28]
    assert sheet.overall == 95


def test_a_sum_may_exceed_its_weight_by_its_direct_points_only() -> None:
    direct = component("direct", None, kind=ComponentKind.POINTS, full=10)
    inner = component("inner", 50)
    whole = scheme(component("whole", 50, parts=(inner, direct)), OWN)

    assert of(whole, inner=100, direct=10, own=100).overall == 110


def test_floor_and_ceiling_of_the_total_are_settings() -> None:
    whole = replace(
        scheme(BODY, OWN),
        floor=published(Fraction(-5)),
        ceiling=published(Fraction(105)),
    )
    up = Adjustment("bonus", Fraction(30), "r", "s")
    down = Adjustment("deduction", Fraction(300), "r", "s")

    assert of(whole, up, body=90, own=90).overall == 105
    assert of(whole, down, body=90, own=90).overall == -5
    assert node(of(whole, up, body=90, own=90), "overall-cut").published


@given(LARGE, LARGE, LARGE, LARGE)
def test_no_component_leaves_its_range_and_its_parts_still_make_it(
    body: Fraction, own: Fraction, bonus: Fraction, deduction: Fraction
) -> None:
    rules = AdjustmentRules(published(Order.BEFORE), "own")
    given_adjustments = (
        Adjustment("bonus", abs(bonus), "r", "s"),
        Adjustment("deduction", abs(deduction), "r", "s"),
    )
    sheet = of(
        scheme(BODY, OWN, adjustments=rules),
        *given_adjustments,
        body=str(body),
        own=str(own % 101 if own % 101 <= 100 else 0),
    )

    assert sheet.overall is not None
    assert 0 <= sheet.overall <= 100
    waiting = [sheet.root]
    while waiting:
        one = waiting.pop()
        waiting.extend(one.parts)
        if one.parts and one.value is not None:
            added = sum((c.contribution or Fraction(0) for c in one.parts), Fraction(0))
            assert added == one.value


def test_what_may_be_handed_in_is_what_counts_in_full() -> None:
    unbounded = replace(BODY, bounds=published(Bounds.NONE))

    assert [may_hold(BODY, Fraction(v)) for v in (-1, 0, 100, 101)] == [
        False,
        True,
        True,
        False,
    ]
    assert may_hold(unbounded, Fraction(101))


def test_a_scheme_frozen_before_there_were_bounds_is_read_with_the_usual_ones() -> None:
    frozen = scheme_to_json(read_scheme(SMALL_SCHEME, file="small.toml"))

    assert "bounds" not in frozen
    assert "floor" not in frozen
    assert scheme_from_json(frozen).floor.value == 0


@pytest.mark.parametrize(
    ("limits", "top"),
    [
        ("floor = { assumed = 100 }", "100"),
        ("floor = { assumed = 0 }\nceiling = { assumed = 0 }", "0"),
    ],
)
def test_a_floor_without_room_above_it_is_refused(limits: str, top: str) -> None:
    with pytest.raises(SchemeRefused) as refused:
        read_scheme(f"{limits}\n{SMALL_SCHEME}", file="small.toml")

    (fault,) = refused.value.faults
    assert fault.where == "floor"
    assert fault.wrong.endswith(f"leaves no room below {top}")
