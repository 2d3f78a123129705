"""How a sheet explains itself: trimming, adjustments, sources, rounding, rates."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from survey_app.domain.counting.evidence import Adjustment, ScoreInput
from survey_app.domain.counting.shares import rates_of
from survey_app.domain.counting.tally import Counts, Turnout
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.stated import assumed
from survey_app.domain.ground.wording import say
from survey_app.domain.questionnaire.ballot_rules import Trim
from survey_app.domain.questionnaire.questionnaire import (
    Choice,
    Question,
    Questionnaire,
)
from survey_app.domain.scheme.scheme import Denominator, Scheme, SurveyRules, WhenEmpty
from survey_app.domain.scheme.total_rules import AdjustmentRules, Order
from survey_app.domain.scoring.score import score
from survey_app.domain.scoring.score_sheet import Node, ScoreSheet, rounded
from tests.support.schemes import (
    answers,
    component,
    group,
    published,
    rate,
    scheme,
    survey,
    tally,
)


def every(node: Node) -> Iterator[Node]:
    yield node
    for child in node.parts:
        yield from every(child)


def found(sheet: ScoreSheet, key: str) -> Node:
    (node,) = (node for node in every(sheet.root) if node.key == key)
    return node


class TestRounding:
    """Half up, away from zero, once."""

    @pytest.mark.parametrize(
        ("value", "places", "digits"),
        [
            ("0.005", 2, "0.01"),
            ("0.0049999", 2, "0.00"),
            ("2.5", 0, "3"),
            ("-2.5", 0, "-3"),
            ("-0.004", 2, "0.00"),
            ("-0.005", 2, "-0.01"),
            ("1.005", 2, "1.01"),
            ("9.995", 2, "10.00"),
            ("274/3", 4, "91.3333"),
            ("7", 3, "7.000"),
            ("0", 0, "0"),
            ("-1/3", 1, "-0.3"),
        ],
    )
    def test_of(self, value: str, places: int, digits: str) -> None:
        assert rounded(Fraction(value), places) == digits

    def test_large_numbers_keep_every_digit(self) -> None:
        assert rounded(Fraction(10**40) + Fraction(1, 3), 2) == f"{10**40}.33"


class TestTrimming:
    """With more than five raters one highest and one lowest are left out."""

    TRIM = Trim(published(1), published(1), published(5))

    def mean(self, counts: Counts, trim: Trim = TRIM) -> Node:
        rules = replace(survey(), trim=trim)
        whole = scheme(component("survey", survey=rules))
        sheet = score(whole, ScoreInput(tallies={"survey": tally(counts)}))
        return sheet.root.parts[0]

    def test_it_acts_above_five_answers_only(self) -> None:
        assert self.mean(answers(2, 2, 0, 1)).value == 72
        assert self.mean(answers(3, 2, 0, 1)).value == 90

    def test_the_choices_say_how_many_of_them_counted(self) -> None:
        question = self.mean(answers(3, 2, 0, 1)).parts[0].parts[0]

        assert [child.weight for child in question.parts] == [2, 2, 0, 0]
        assert say(question.parts[3].rule, str, "en") == (
            "Points of this choice; picked 1 times, 0 of them counted."
        )

    def test_what_leaves_nothing_makes_no_score(self) -> None:
        greedy = Trim(published(3), published(3), published(0))

        value = self.mean(answers(3, 2, 0, 1), greedy).value

        assert value is None


def points(kind: str, number: str) -> Adjustment:
    return Adjustment(kind, Fraction(number), f"reason {number}", "notice 7")


class TestAdjustments:
    """Bonuses and deductions."""

    GIVEN = (
        points("bonus", "4"),
        points("bonus", "3"),
        points("deduction", "1.5"),
        points("deduction", "1"),
    )

    def sheet(self, rules: AdjustmentRules, *given: Adjustment) -> ScoreSheet:
        whole = scheme(component("a", 20), component("b", 80), adjustments=rules)
        values = {"a": Fraction(50), "b": Fraction(90)}
        return score(whole, ScoreInput(values=values, adjustments=given or self.GIVEN))

    def test_after_the_weighting_they_count_in_full(self) -> None:
        sheet = self.sheet(AdjustmentRules(published(Order.AFTER)))

        assert sheet.overall == 82 + 7 - Fraction("2.5")
        bonus = found(sheet, "bonus-2")
        assert (bonus.label.en, bonus.source.en) == ("reason 3", "notice 7")
        assert bonus.value == 3
        assert found(sheet, "deduction-1").value == Fraction("-1.5")

    def test_before_the_weighting_they_count_as_much_as_their_component(self) -> None:
        sheet = self.sheet(AdjustmentRules(published(Order.BEFORE), "a"))

        assert found(sheet, "a").value == Fraction("54.5")
        assert found(sheet, "a-before").value == 50
        assert sheet.overall == 82 + Fraction("4.5") / 5

    def test_caps_hold_for_all_bonuses_and_for_all_deductions_together(self) -> None:
        caps = AdjustmentRules(
            published(Order.AFTER),
            bonus_cap=assumed(Fraction(5)),
            deduction_cap=published(Fraction(2)),
        )

        sheet = self.sheet(caps)

        assert sheet.overall == 82 + 5 - 2
        bonuses = found(sheet, "bonus-total")
        assert not bonuses.published
        assert say(bonuses.rule, str, "en") == (
            "The entries make 7; 5, the most the scheme allows, is added without a "
            "weight."
        )

    def test_a_large_deduction_leads_to_zero_and_says_so(self) -> None:
        rules = AdjustmentRules(published(Order.AFTER))

        sheet = self.sheet(rules, points("deduction", "90"))

        assert sheet.overall == 0
        cut = found(sheet, "overall-cut")
        assert cut.contribution == 8
        assert not cut.published
        assert say(cut.rule, str, "en") == (
            "-8 was reached; 0, the least that is possible, counts."
        )

    def test_they_never_vanish_with_a_component_that_has_no_value(self) -> None:
        left_out = component("silent", 50, missing=WhenEmpty.RENORMALISE)
        given = {"a": Fraction(1)}
        for target in ("silent", "gone"):
            rules = AdjustmentRules(published(Order.BEFORE), target)
            whole = scheme(component("a", 50), left_out, adjustments=rules)

            assert score(whole, ScoreInput(values=given)).overall is not None
            evidence = ScoreInput(values=given, adjustments=self.GIVEN)
            assert score(whole, evidence).overall is None

    def test_there_is_no_third_kind(self) -> None:
        with pytest.raises(ValueError, match="bonus or a deduction"):
            ScoreInput(adjustments=(points("present", "1"),))


class TestStatus:
    """What was assumed is marked on the number it made."""

    def sheet(self, rules: SurveyRules) -> ScoreSheet:
        whole = scheme(component("survey", survey=rules))
        counts = tally(answers(1, 1, 0, 0, abstain=2))
        return score(whole, ScoreInput(tallies={"survey": counts}))

    def test_published_numbers_are_not_marked(self) -> None:
        assert all(node.published for node in every(self.sheet(survey()).root))

    def test_an_assumed_choice_value_is_marked_where_it_stands(self) -> None:
        rules = survey()
        usual = assumed(Fraction(100), Bilingual("按惯例", "as usual"))
        values = (("satisfied", usual), *rules.values[1:])

        sheet = self.sheet(replace(rules, values=values))

        marked = [node for node in every(sheet.root) if not node.published]
        assert [node.key for node in marked] == ["satisfied"]
        assert marked[0].source == Bilingual(
            "source of survey（中文）；按惯例", "source of survey; as usual"
        )

    def test_an_assumed_treatment_of_abstentions_is_marked(self) -> None:
        sheet = self.sheet(replace(survey(), abstain=assumed(survey().abstain.value)))

        assert not found(sheet, "abstain").published

    def test_weights_nobody_stated_are_marked_where_they_matter(self) -> None:
        counts = {"masses": {"one": answers(1, 0, 0, 0), "two": answers(1, 0, 0, 0)}}
        evidence = ScoreInput(tallies={"survey": counts})

        def marked(**questions: int) -> bool:
            rules = survey(questions=questions)
            sheet = score(scheme(component("survey", survey=rules)), evidence)
            return not found(sheet, "masses").published

        assert marked()
        assert not marked(one=1, two=1)

    def test_an_assumed_weight_is_marked(self) -> None:
        whole = component("a")
        assert whole.weight is not None
        guessed = replace(whole.weight, principal=assumed(Fraction(100)))
        a = replace(whole, weight=guessed)

        sheet = score(scheme(a), ScoreInput(values={"a": Fraction(1)}))

        assert not found(sheet, "a").published

    def test_assumed_full_marks_are_marked_unless_they_are_the_usual_hundred(
        self,
    ) -> None:
        for full, is_marked in ((100, False), (150, True)):
            a = replace(component("a"), full_marks=assumed(Fraction(full)))

            sheet = score(scheme(a), ScoreInput(values={"a": Fraction(1)}))

            assert found(sheet, "a").published is not is_marked


def test_questions_and_choices_lend_their_words_from_the_questionnaire() -> None:
    best, worst = (Choice(key, Bilingual(f"{key}中", key.title())) for key in "xy")
    asked = Question("overall", Bilingual("总体", "All in all"), (best, worst))
    paper = Questionnaire("test", 1, asked.text, asked.text, asked.text, (asked,))
    whole = scheme(component("survey", survey=survey(values={"x": 1, "y": 0}), full=1))
    evidence = ScoreInput(tallies={"survey": tally({"x": 3, "y": 1, "dont_know": 1})})

    plain = score(whole, evidence)
    worded = score(whole, evidence, questionnaires={"test": paper})

    labels = [found(worded, key).label.en for key in ("x", "y", "dont_know")]
    assert labels == ["X", "Y", "don't know"]
    assert worded.root.parts[0].parts[0].parts[0].label == asked.text
    assert worded.overall == plain.overall == 75


class TestRates:
    """Shares of people, with every denominator beside the one that counts."""

    def whole(self) -> Scheme:
        rules = survey(group("a"), group("b"))
        shares = (rate("satisfied", "fairly", denominator=Denominator.RETURNED),)
        return scheme(component("survey", survey=rules), rates=shares)

    def test_by_question_and_group_and_pooled(self) -> None:
        counts = {
            "a": {"overall": answers(3, 2, 1, 1, dont_know=2)},
            "b": {"overall": answers(1, 0, 0, 0)},
        }
        turnout = {"a": Turnout(returned=10)}
        evidence = ScoreInput({"survey": counts}, {"survey": turnout})

        shares = {share.group: share for share in rates_of(self.whole(), evidence)}

        assert {key: share.value for key, share in shares.items()} == {
            "a": Fraction(5, 10),
            "b": Fraction(1),
            "pooled": Fraction(6, 11),
        }
        assert shares["a"].of(Denominator.VALID) == Fraction(5, 7)
        assert shares["a"].of(Denominator.RESPONSES) == Fraction(5, 9)
        assert shares["a"].of(Denominator.ISSUED) is None

    def test_of_nobody_there_is_no_rate(self) -> None:
        nobody = {"a": {"overall": answers(0, 0, 0, 0)}}

        shares = rates_of(self.whole(), ScoreInput({"survey": nobody}))

        assert {share.value for share in shares} == {None}
