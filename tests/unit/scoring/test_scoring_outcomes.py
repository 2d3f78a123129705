"""What has no number: each case blocks or is left out by name, never a silent zero."""

from dataclasses import replace
from fractions import Fraction

import pytest

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.ground.wording import say
from survey_app.domain.scheme.scheme import (
    Component,
    ComponentKind,
    CountsAs,
    Grouping,
    Post,
    Scheme,
    WhenEmpty,
)
from survey_app.domain.scheme.total_rules import Bounds
from survey_app.domain.scoring.score import score
from tests.support.schemes import (
    answers,
    component,
    group,
    published,
    scheme,
    survey,
    tally,
    with_rules,
)
from tests.support.trial import BOTH, LEAVE_OUT, of_survey, one_survey, reasons


class TestNobodyAnswered:
    """n = 0, in one question, one group, everywhere."""

    def test_no_tally_at_all_blocks(self) -> None:
        sheet = score(one_survey(), ScoreInput())

        assert sheet.overall is None
        assert sheet.root.value is None
        assert reasons(sheet) == ["survey: no answers were handed in."]

    def test_an_empty_group_blocks(self) -> None:
        sheet = of_survey(one_survey(), {"a": BOTH["a"]})

        assert reasons(sheet) == ["survey / b: nobody gave a rating."]

    def test_an_empty_group_is_left_out_by_name(self) -> None:
        sheet = of_survey(one_survey(empty=LEAVE_OUT), {"a": BOTH["a"]})

        assert sheet.overall == 50
        rule = say(sheet.root.parts[0].rule, str, "en")
        assert rule.endswith("left out, as the scheme allows: b.")

    def test_when_every_group_is_empty_nothing_can_be_left_out(self) -> None:
        sheet = of_survey(one_survey(empty=LEAVE_OUT), {"a": {}, "b": {}})

        assert reasons(sheet) == [
            "survey / a: nobody gave a rating.",
            "survey / b: nobody gave a rating.",
        ]

    @pytest.mark.parametrize("treatment", CountsAs)
    def test_abstentions_alone_make_no_score(self, treatment: CountsAs) -> None:
        whole = with_rules(
            scheme(component("survey", survey=survey())), abstain=published(treatment)
        )

        sheet = of_survey(whole, tally({"abstain": 9, "satisfied": 0}))

        assert reasons(sheet) == ["survey / masses: nobody gave a rating."]

    @pytest.mark.parametrize(
        ("empty", "overall"), [(WhenEmpty.BLOCK, None), (LEAVE_OUT, Fraction(50))]
    )
    def test_an_unanswered_question_blocks_or_is_left_out(
        self, empty: WhenEmpty, overall: Fraction | None
    ) -> None:
        rules = survey(questions={"one": 1, "two": 4}, empty=empty)
        counts = {"masses": {"one": answers(1, 0, 0, 1), "two": {"dont_know": 2}}}

        sheet = of_survey(scheme(component("survey", survey=rules)), counts)

        assert sheet.overall == overall
        if overall is None:
            assert reasons(sheet) == ["survey / masses / two: nobody gave a rating."]

    def test_a_question_everybody_abstained_from_is_unanswered(self) -> None:
        rules = survey(questions={"one": 1, "two": 1})
        rules = replace(rules, abstain=published(CountsAs.ZERO))
        counts = {"masses": {"one": answers(1, 0, 0, 1), "two": {"abstain": 2}}}

        sheet = of_survey(scheme(component("survey", survey=rules)), counts)

        assert reasons(sheet) == ["survey / masses / two: nobody gave a rating."]

    def test_a_pool_misses_an_empty_group_just_the_same(self) -> None:
        blocking = one_survey(grouping=Grouping.POOLED)
        passing = one_survey(grouping=Grouping.POOLED, empty=LEAVE_OUT)
        counts = {"a": BOTH["a"]}

        assert reasons(of_survey(blocking, counts)) == [
            "survey / b: nobody gave a rating."
        ]
        assert of_survey(passing, counts).overall == 50


class TestMissingComponents:
    """Components without a value, and the sums above them."""

    def whole(self, missing: WhenEmpty) -> Scheme:
        inner = (component("x", 5, missing=missing), component("y", 15))
        return scheme(
            component("given", 80), component("social", 20, parts=inner, full=20)
        )

    def test_every_reason_is_named_at_once(self) -> None:
        sheet = score(self.whole(WhenEmpty.BLOCK), ScoreInput())

        assert reasons(sheet) == [
            "given: no value was handed in.",
            "x: no value was handed in.",
            "y: no value was handed in.",
        ]

    def test_a_missing_component_is_left_out_inside_its_own_sum(self) -> None:
        values = {"given": Fraction(90), "y": Fraction(60)}

        sheet = score(self.whole(LEAVE_OUT), ScoreInput(values=values))

        assert sheet.root.parts[1].value == 12
        assert sheet.overall == 84
        assert not sheet.blocked

    def test_a_weight_of_zero_needs_no_value(self) -> None:
        only_deputies = component("own", 0)
        whole = scheme(component("given", 100), only_deputies)

        assert score(whole, ScoreInput(values={"given": Fraction(90)})).overall == 90

    def test_weights_that_are_all_zero_block(self) -> None:
        whole = scheme(component("given", 0))

        sheet = score(whole, ScoreInput(values={"given": Fraction(90)}))

        assert reasons(sheet) == [
            "Overall score: nothing that has a value has a weight."
        ]

    def test_missing_direct_points_are_no_zero_either(self) -> None:
        def points(missing: WhenEmpty) -> Component:
            kind = ComponentKind.POINTS
            return component("points", None, kind=kind, full=10, missing=missing)

        given = ScoreInput(values={"given": Fraction(90)})

        strict = score(scheme(component("given"), points(WhenEmpty.BLOCK)), given)
        lenient = score(scheme(component("given"), points(LEAVE_OUT)), given)

        assert reasons(strict) == ["points: no value was handed in."]
        assert lenient.overall == 90
        assert "points" in say(lenient.root.rule, str, "en")


def test_direct_points_are_added_as_they_are() -> None:
    points = component("points", None, kind=ComponentKind.POINTS, full=10)
    values = {"given": Fraction(90), "points": Fraction("7.5")}

    sheet = score(scheme(component("given"), points), ScoreInput(values=values))

    assert sheet.overall == Fraction("97.5")


def test_principal_and_deputy_posts_have_their_own_weights() -> None:
    rules = survey(group("a", 1, deputy=3), group("b", 3, deputy=1))
    whole = scheme(component("survey", survey=rules))
    evidence = ScoreInput(tallies={"survey": BOTH})

    assert score(whole, evidence).overall == Fraction(275, 4)
    assert score(whole, evidence, post=Post.DEPUTY).overall == Fraction(225, 4)


def test_pooling_gives_another_number_than_averaging() -> None:
    pooled = of_survey(one_survey(grouping=Grouping.POOLED), BOTH)

    assert pooled.overall == Fraction(400, 6)
    assert of_survey(one_survey(), BOTH).overall == Fraction(275, 4)


def test_a_question_without_a_weight_is_asked_but_does_not_count() -> None:
    rules = survey(questions={"one": 1})
    counts = {"masses": {"one": answers(1, 0, 0, 1), "overall": answers(9, 0, 0, 0)}}

    assert of_survey(scheme(component("survey", survey=rules)), counts).overall == 50


def test_the_leading_bodys_score_may_have_a_bonus_in_it_where_the_scheme_says() -> None:
    body = component("body", 40, kind=ComponentKind.LEADING_BODY)
    body = replace(body, bounds=published(Bounds.NONE))
    values = {"body": Fraction("101.5"), "own": Fraction(90)}

    sheet = score(scheme(body, component("own", 60)), ScoreInput(values=values))

    assert sheet.overall == Fraction("94.6")
