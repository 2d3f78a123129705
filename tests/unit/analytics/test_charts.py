"""Figures say what the tables beside them say."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.analytics.charts.answer_chart import answer_chart
from survey_app.analytics.charts.rate_chart import rate_chart
from survey_app.analytics.charts.score_chart import score_chart
from survey_app.analytics.rate_meaning import wilson
from survey_app.analytics.survey_results import (
    ChoiceShare,
    GroupAnswers,
    QuestionResults,
    SubjectResults,
)
from survey_app.domain.counting.evidence import Adjustment, ScoreInput
from survey_app.domain.counting.shares import Share
from survey_app.domain.ground.wording import sentences
from survey_app.domain.scheme.scheme import Denominator
from survey_app.domain.scoring.score import score
from survey_app.domain.scoring.score_sheet import ScoreSheet, WrittenSheet
from tests.support.schemes import named
from tests.support.small_county import SCHEME


def answers(key: str, good: int, bad: int, dont_know: int) -> GroupAnswers:
    n = good + bad + dont_know
    choices = (("good", good), ("bad", bad), ("dont_know", dont_know))
    rate = Share(
        rate="good_rate",
        label=named("good rate"),
        question="q",
        group=key,
        numerator=good,
        denominator_kind=Denominator.VALID,
        denominators=((Denominator.VALID, good + bad),),
        source=named("a source"),
        published=True,
    )
    return GroupAnswers(
        key=key,
        label=named(key),
        n=n,
        choices=tuple(
            ChoiceShare(c, named(c), c != "dont_know", count, n) for c, count in choices
        ),
        rates=(rate,),
        score=None,
    )


QUESTION = QuestionResults(
    "q", named("q"), (answers("staff", 15, 5, 0), answers("residents", 30, 60, 10)), ()
)


def in_chinese(whole: ScoreSheet) -> WrittenSheet:
    return whole.written(sentences(whole.remarks, str, "zh"), "zh")


def subject(*questions: QuestionResults) -> SubjectResults:
    return SubjectResults(
        subject_id=1,
        name="王一",
        unit="清河镇",
        title="镇长",
        groups=(),
        together=None,
        score=None,
        blocked=(),
        assumed=False,
        questions=questions,
    )


def sheet(*adjustments: Adjustment, staff: int = 20) -> ScoreSheet:
    tallies = {
        "staff": {"overall": {"good": staff, "bad": 12}},
        "residents": {"overall": {"good": 40, "bad": 3}},
    }
    values = {"achievements": Fraction(90), "body": Fraction(88), "direct": Fraction(1)}
    evidence = ScoreInput({"satisfaction": tallies}, {}, values, adjustments)
    return score(SCHEME, evidence)


def test_the_bars_are_the_shares_of_the_table() -> None:
    figure = answer_chart(QUESTION, language="zh")

    names = [trace["name"] for trace in figure["data"]]
    assert names == [named(key).zh for key in ("good", "bad", "dont_know")]
    assert [trace["x"] for trace in figure["data"]] == [[75, 30], [25, 60], [0, 10]]
    assert figure["data"][1]["customdata"][1].startswith(
        "60 / 100 = 60.0%<br>95%: 50.2"
    )


def test_a_choice_without_points_is_hatched_and_ratings_differ_in_lightness() -> None:
    figure = answer_chart(QUESTION, language="en")

    marks = [trace["marker"] for trace in figure["data"]]
    assert [mark["pattern"]["shape"] for mark in marks] == ["", "", "/"]
    assert len({mark["color"] for mark in marks}) == 3


def test_rates_stand_with_their_intervals() -> None:
    figure = rate_chart(subject(QUESTION), "good_rate", language="en")

    assert figure
    residents = figure["data"][1]
    low = wilson(30, 90)
    assert low
    assert residents["x"] == [pytest.approx(100 / 3)]
    assert residents["error_x"]["arrayminus"] == [
        pytest.approx(100 / 3 - low.low * 100)
    ]


def test_a_rate_nobody_has_draws_nothing() -> None:
    assert rate_chart(subject(QUESTION), "another_rate", language="en") is None
    assert rate_chart(subject(), "good_rate", language="en") is None


def test_a_question_nobody_answered_draws_nothing_wrong() -> None:
    assert (
        answer_chart(QuestionResults("q", named("q"), (), ()), language="zh")["data"]
        == []
    )


@given(st.integers(30, 90), st.fractions(0, 5), st.fractions(0, 5))
def test_the_steps_add_up_to_the_overall_score_exactly(
    staff: int, bonus: Fraction, deduction: Fraction
) -> None:
    whole = sheet(
        Adjustment("bonus", bonus, "a", "b"),
        Adjustment("deduction", deduction, "a", "b"),
        staff=staff,
    )

    assert sum(step.points for step in whole.steps) == whole.overall


def test_the_waterfall_ends_at_the_overall_score() -> None:
    whole = sheet()

    figure = score_chart(in_chinese(whole))

    assert figure
    assert figure["data"][0]["measure"][-1] == "total"
    assert [step.label.en for step in whole.steps] == [
        "Achievements",
        "The leading body's score",
        "Satisfaction score",
        "Direct points",
    ]
    assert whole.overall is not None
    assert figure["data"][0]["x"][-1] == float(whole.overall)


def test_a_blocked_score_has_no_waterfall() -> None:
    blocked = score(SCHEME, ScoreInput())

    assert score_chart(in_chinese(blocked)) is None
    assert blocked.steps == ()


def test_a_figure_carries_no_template_and_nothing_foreign() -> None:
    text = json.dumps(answer_chart(QUESTION, language="zh"))

    assert "http" not in text
    assert len(text) < 4_000
