"""The efficacy coefficient against published cases, and its explicit edges."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from survey_app.domain.scoring.efficacy import (
    IMPROVED,
    UNIT,
    Direction,
    IntervalBounds,
    References,
    Scale,
    WhenEqual,
    arithmetic,
    exponential,
    fixed,
    geometric,
    interval,
    linear,
    moderate,
    of_group,
)
from survey_app.domain.scoring.score_sheet import rounded

COMPANIES = {
    "甲": ("5733", "60.5", "91.5", "16.7"),
    "乙": ("3575", "52.2", "93.2", "7.3"),
    "丙": ("3929", "71.2", "84.9", "10.7"),
    "丁": ("4404", "69.7", "88.0", "12.8"),
}
WEIGHTS = [Fraction(w) for w in ("0.3", "0.2", "0.2", "0.3")]
FREE = replace(IMPROVED, clamp=False)


def exact(*numbers: str | int) -> list[Fraction]:
    return [Fraction(number) for number in numbers]


def companies(scale: Scale = IMPROVED) -> dict[str, list[Fraction]]:
    """Company → its four coefficients against the best and worst of the four."""
    columns = [exact(*column) for column in zip(*COMPANIES.values(), strict=True)]
    groups = [of_group(column, Direction.POSITIVE) for column in columns]
    return {
        name: [
            linear(x, references, scale)
            for x, references in zip(exact(*row), groups, strict=True)
        ]
        for name, row in COMPANIES.items()
    }


class TestFourCompanies:
    """改进功效系数法举例: four indicators, all positive, 60 + 40."""

    @pytest.mark.parametrize(
        ("name", "coefficients"),
        [
            ("甲", ("100.000", "77.474", "91.807", "100.000")),
            ("乙", ("60.000", "60.000", "100.000", "60.000")),
            ("丙", ("66.562", "100.000", "60.000", "74.468")),
            ("丁", ("75.366", "96.842", "74.940", "83.404")),
        ],
    )
    def test_coefficients(self, name: str, coefficients: Sequence[str]) -> None:
        found = tuple(rounded(d, 3) for d in companies()[name])

        assert found == coefficients

    @pytest.mark.parametrize(
        ("name", "totals"),
        [
            ("甲", ("91.835", "93.413", "92.320", "93.856")),
            ("乙", ("68.173", "66.454", "70.000", "68.000")),
            ("丙", ("73.848", "73.146", "75.257", "74.309")),
            ("丁", ("82.184", "81.595", "82.638", "81.987")),
        ],
    )
    def test_totals(self, name: str, totals: Sequence[str]) -> None:
        points = companies()[name]

        found = (
            Fraction(geometric(points)),
            Fraction(geometric(points, WEIGHTS)),
            arithmetic(points),
            arithmetic(points, WEIGHTS),
        )

        assert tuple(rounded(total, 3) for total in found) == totals

    @pytest.mark.parametrize(
        ("name", "printed"),
        [("甲", "91.835"), ("乙", "68.173"), ("丙", "73.847"), ("丁", "82.185")],
    )
    def test_the_printed_table_rounded_on_the_way(
        self, name: str, printed: str
    ) -> None:
        total = Fraction(geometric(companies()[name]))

        assert abs(total - Fraction(printed)) < Fraction("0.003")

    def test_the_order_is_the_same_in_all_four_totals(self) -> None:
        points = companies()
        totals = (
            lambda d: Fraction(geometric(d)),
            lambda d: Fraction(geometric(d, WEIGHTS)),
            arithmetic,
            lambda d: arithmetic(d, WEIGHTS),
        )

        for total in totals:
            order = sorted(points, key=lambda name: total(points[name]), reverse=True)
            assert order == ["甲", "丁", "丙", "乙"]

    def test_with_fifty_and_fifty(self) -> None:
        points = companies(Scale(Fraction(50), Fraction(50)))["丁"]

        found = [rounded(d, 3) for d in points]
        assert found == ["69.208", "96.053", "68.675", "79.255"]


class TestOneIndicator:
    """Each direction and form."""

    def test_below_the_unacceptable_value_clamping_decides(self) -> None:
        references = fixed(Fraction(12), Fraction(6), Direction.POSITIVE)
        value = Fraction("5.81")

        assert linear(value, references, FREE) == Fraction(881, 15)
        assert rounded(Fraction(881, 15), 4) == "58.7333"
        assert linear(value, references, IMPROVED) == 60

    def test_above_the_satisfactory_value_too(self) -> None:
        references = fixed(Fraction(12), Fraction(6), Direction.POSITIVE)

        assert linear(Fraction(15), references, FREE) == 120
        assert linear(Fraction(15), references, IMPROVED) == 100

    def test_of_energy_less_is_better(self) -> None:
        references = fixed(Fraction("0.95"), Fraction("1.30"), Direction.INVERSE)

        points = linear(Fraction("1.12"), references, IMPROVED)

        assert points == Fraction(564, 7)
        assert rounded(points, 4) == "80.5714"

    def test_references_of_the_wrong_direction_are_refused(self) -> None:
        with pytest.raises(ValueError, match="positive"):
            fixed(Fraction("0.95"), Fraction("1.30"), Direction.POSITIVE)
        with pytest.raises(ValueError, match="inverse"):
            fixed(Fraction(12), Fraction(6), Direction.INVERSE)

    def test_min_max_has_no_floor(self) -> None:
        group = exact(10, 14, 30)

        rising = of_group(group, Direction.POSITIVE)
        falling = of_group(group, Direction.INVERSE)

        assert [linear(x, rising, UNIT) for x in group] == exact(0, "1/5", 1)
        assert [linear(x, falling, UNIT) for x in group] == exact(1, "4/5", 0)

    def test_moderate_is_best_at_the_ideal(self) -> None:
        group = exact(10, 14, 18, 25, 30)

        points = [moderate(x, Fraction(18), group, UNIT) for x in group]

        assert points == exact("1/3", "2/3", 1, "5/12", 0)

    @pytest.mark.parametrize(
        ("value", "points"),
        [("2.0", 100), ("1.0", 80), ("3.6", 76), ("4.5", 60), ("0.2", 60)],
    )
    def test_an_interval_falls_to_both_sides(self, value: str, points: int) -> None:
        bounds = IntervalBounds(*exact("0.5", "1.5", "3.0", "4.0"))

        assert interval(Fraction(value), bounds, IMPROVED) == points

    def test_the_bounds_of_an_interval_rise(self) -> None:
        with pytest.raises(ValueError, match="rise"):
            IntervalBounds(*exact("1.5", "0.5", "3.0", "4.0"))

    def test_the_exponential_form_is_convex(self) -> None:
        references = References(Fraction(10), Fraction(0))

        middle = exponential(Fraction(5), references, IMPROVED)

        assert rounded(Fraction(middle), 4) == "77.4597"
        assert exponential(Fraction(10), references, IMPROVED) == 100
        assert exponential(Fraction(0), references, IMPROVED) == 60
        assert exponential(Fraction(-3), references, IMPROVED) == 60
        assert exponential(Fraction(-3), references, FREE) < 60
        assert len(middle.as_tuple().digits) == 40

    @pytest.mark.parametrize(
        ("policy", "points"),
        [(WhenEqual.FULL, 100), (WhenEqual.BASE, 60), (WhenEqual.MIDPOINT, 80)],
    )
    def test_where_all_are_equal_the_policy_decides(
        self, policy: WhenEqual, points: int
    ) -> None:
        same = of_group(exact(7, 7, 7), Direction.POSITIVE)
        scale = replace(IMPROVED, when_equal=policy)
        seven = Fraction(7)

        assert linear(seven, same, scale) == points
        assert moderate(seven, seven, [seven, seven], scale) == points

    def test_where_all_are_equal_the_exponential_form_follows(self) -> None:
        same = References(Fraction(7), Fraction(7))

        assert exponential(Fraction(7), same, IMPROVED) == 100


class TestTotals:
    """What no total can be made of."""

    def test_one_zero_makes_a_geometric_total_zero(self) -> None:
        assert geometric(exact(0, 100)) == 0
        assert geometric(exact(0, 100), exact(0, 1)) == 100

    @pytest.mark.parametrize(
        ("points", "weights"), [((), ()), ((1,), (0,)), ((1, 2), (1,)), ((1,), (-1,))]
    )
    def test_weights_that_weigh_nothing_are_refused(
        self, points: Sequence[int], weights: Sequence[int]
    ) -> None:
        with pytest.raises(ValueError, match="weights"):
            arithmetic(exact(*points), exact(*weights))

    def test_points_below_zero_have_no_geometric_mean(self) -> None:
        with pytest.raises(ValueError, match="below zero"):
            geometric(exact(-1, 100))

    def test_the_exponential_form_needs_a_base(self) -> None:
        with pytest.raises(ValueError, match="above zero"):
            exponential(Fraction(1), References(Fraction(2), Fraction(0)), UNIT)
