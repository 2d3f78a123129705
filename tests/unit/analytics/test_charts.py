"""Figures say what the tables beside them say."""

import json
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from survey_app.analytics.charts.answer_chart import answer_chart
from survey_app.analytics.charts.figures import figure_of
from survey_app.analytics.charts.picture import Picture
from survey_app.analytics.charts.score_chart import score_chart
from survey_app.analytics.charts.subject_charts import dimension_chart, rate_chart
from survey_app.analytics.charts.svg import WIDE, svg
from survey_app.analytics.rate_meaning import wilson
from survey_app.analytics.survey_results import (
    QuestionResults,
    SurveyResults,
)
from survey_app.domain.counting.evidence import Adjustment, ScoreInput
from survey_app.domain.counting.subject_plan import Band
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.wording import sentences
from survey_app.domain.questionnaire.questionnaire import Choice
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scoring.score import score
from survey_app.domain.scoring.score_sheet import ScoreSheet, rounded
from survey_app.domain.scoring.written_sheet import WrittenSheet
from tests.support.answered import QUESTION, answers, subject
from tests.support.schemes import named, published
from tests.support.small_county import QUESTIONNAIRE, SCHEME

RESULTS = SurveyResults(
    survey_id=1,
    title="x",
    cycle_id=1,
    cycle="x",
    opens_on=date(2026, 4, 1),
    closes_on=date(2026, 4, 30),
    scheme=SCHEME,
    component=SCHEME.component("satisfaction"),
    questionnaire=QUESTIONNAIRE,
    subjects=(),
    floor=10,
)


def in_chinese(whole: ScoreSheet) -> WrittenSheet:
    return whole.written(sentences(whole.remarks, str, "zh"), "zh")


def sheet(
    *adjustments: Adjustment, staff: int = 20, scheme: Scheme = SCHEME
) -> ScoreSheet:
    tallies = {
        "staff": {"overall": {"good": staff, "bad": 12}},
        "residents": {"overall": {"good": 40, "bad": 3}},
    }
    values = {"achievements": Fraction(90), "body": Fraction(88), "direct": Fraction(1)}
    evidence = ScoreInput({"satisfaction": tallies}, {}, values, adjustments)
    return score(scheme, evidence)


BAD = ("bad",)


def bars(picture: Picture, row: int) -> list[tuple[str, float, float]]:
    """Return the name of each piece of a row, and where it begins and ends."""
    return [
        (picture.looks[mark.look].label, mark.at, mark.to)
        for mark in picture.rows[row].marks
        if mark.to is not None
    ]


def test_bars_part_at_objection_and_what_has_no_points_stands_apart() -> None:
    picture = answer_chart(QUESTION, BAD, language="zh")

    bad, good, unknown = (named(key).zh for key in ("bad", "good", "dont_know"))
    assert bars(picture, 0) == [(bad, -25, 0), (good, 0, 75)]
    assert bars(picture, 1) == [(bad, -60, 0), (good, 0, 30), (unknown, 79, 89)]
    assert picture.rows[1].marks[0].told.endswith("60 / 100 = 60.0%\n95%: 50.2–69.1%")


def test_the_strongest_objection_is_outermost_whichever_way_it_was_asked() -> None:
    choices = [Choice(key, named(key)) for key in ("best", "good", "bad", "worst")]
    worst, bad, good, best = (named(choice.key).zh for choice in reversed(choices))

    for asked in (choices, choices[::-1]):
        question = QuestionResults("q", named("q"), (), tuple(asked))
        picture = answer_chart(question, ("bad", "worst"), language="zh")
        assert [one.label for one in picture.looks] == [worst, bad, good, best]


def test_a_band_is_a_band_and_what_is_hidden_has_no_mark() -> None:
    banded = replace(answers("staff", 0, 20, 0), choices=(), band=Band(18, 20))
    hidden = replace(answers("residents", 3, 4, 0), choices=())
    question = replace(QUESTION, groups=(banded, hidden))

    rows = answer_chart(question, BAD, language="en").rows

    assert [row.marks for row in rows] == [(), ()]
    assert rows[0].hidden == "more than 18 of 20 dissatisfied"
    assert (rows[1].hidden, rows[1].value) == ("not shown", "")


def test_a_choice_without_points_is_hatched_and_ratings_differ_in_lightness() -> None:
    looks = answer_chart(QUESTION, BAD, language="en").looks

    assert [look.hatched for look in looks] == [False, False, True]
    assert len({look.colour for look in looks}) == 3


def test_rates_stand_with_their_intervals() -> None:
    picture = rate_chart(subject(QUESTION), "good_rate", title="x", language="en")

    assert picture
    residents = picture.rows[0].marks[1]
    low = wilson(30, 90)
    assert low
    assert residents.at == 33.3
    assert residents.low == round(low.low * 100, 1)
    assert residents.told == "residents\n33.3%\n95%: 24.5–43.6%"


def test_a_dimension_has_a_dot_for_every_group_that_has_a_score() -> None:
    scored = [replace(one, score=Fraction(200, 3)) for one in QUESTION.groups[:1]]
    question = replace(QUESTION, groups=(*scored, *QUESTION.groups[1:]))
    silent = replace(QUESTION, groups=(replace(answers("staff", 0, 9, 0), choices=()),))

    picture = dimension_chart(subject(question, silent), RESULTS, language="en")

    assert picture
    assert [[mark.at for mark in row.marks] for row in picture.rows] == [[66.67], []]
    assert [row.hidden for row in picture.rows] == ["", "not shown"]


def test_a_rate_nobody_has_draws_nothing() -> None:
    for one, rate in ((subject(QUESTION), "another_rate"), (subject(), "good_rate")):
        assert rate_chart(one, rate, title="x", language="en") is None


def test_a_question_nobody_answered_draws_nothing_wrong() -> None:
    empty = QuestionResults("q", named("q"), (), ())

    assert answer_chart(empty, BAD, language="zh").rows == ()


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


def waterfall(whole: ScoreSheet, scheme: Scheme = SCHEME) -> Picture:
    found = score_chart(in_chinese(whole), scheme, language="en")
    assert found
    return found


def ends(picture: Picture) -> list[tuple[float, float | None]]:
    return [(row.marks[0].at, row.marks[0].to) for row in picture.rows]


def test_every_step_begins_where_the_last_one_ended() -> None:
    whole = sheet(
        Adjustment("bonus", Fraction(1, 3), "a", "b"),
        Adjustment("deduction", Fraction(4), "a", "b"),
    )
    picture = waterfall(whole)

    steps = ends(picture)
    assert steps[0][0] == 0
    assert [at for at, _ in steps[1:]] == [to for _, to in steps[:-1]]
    assert whole.overall is not None
    assert steps[-1] == (float(rounded(whole.overall, 2)), 0.0)
    assert [step.label.en for step in whole.steps] == [
        "Achievements",
        "The leading body's score",
        "Satisfaction score",
        "Direct points",
        "bonuses",
        "deductions",
    ]
    falls = [row.label for row in picture.rows if row.value.startswith("-")]
    assert falls == ["扣分"]


def test_what_lies_above_a_cap_or_a_ceiling_is_a_step_of_its_own() -> None:
    capped = replace(
        SCHEME,
        adjustments=replace(SCHEME.adjustments, bonus_cap=published(Fraction(2))),
        ceiling=published(Fraction(80)),
    )

    whole = sheet(Adjustment("bonus", Fraction(5), "a", "b"), scheme=capped)

    picture = waterfall(whole, capped)
    lost = [row for row in picture.rows if row.marks[0].look == 2]
    assert lost[0].value == "-3.00"
    assert len(lost) == 2
    assert picture.rows[-1].value == "80.00"
    assert picture.axis.lines == ((0.0, "floor 0.00"), (80.0, "ceiling 80.00"))
    assert sum(step.points for step in whole.steps) == whole.overall


def test_a_blocked_score_has_no_waterfall() -> None:
    blocked = score(SCHEME, ScoreInput())

    assert score_chart(in_chinese(blocked), SCHEME, language="zh") is None
    assert blocked.steps == ()


def test_whatever_a_picture_says_is_escaped_and_nothing_is_foreign() -> None:
    wild = replace(QUESTION, text=Bilingual('<script>&"', '<script>&"'))
    picture = answer_chart(wild, BAD, language="zh")

    for text in (svg(picture), svg(picture, width=WIDE, alone=True)):
        tree = ElementTree.fromstring(text)  # noqa: S314 -- drawn by ourselves
        assert {one.tag.rpartition("}")[2] for one in tree.iter()} <= KNOWN
        assert all("style" not in one.attrib for one in tree.iter())
        assert text.count("http") == 1, "the name of the format alone"
        assert tree.get("aria-label") == '<script>&"'
    figure = json.dumps(figure_of(picture))
    assert "http" not in figure
    assert not set(re.findall(r"<(\w+)", figure)) - {"br", "extra"}, "a style each"


KNOWN = {"svg", "defs", "pattern", "path", "rect", "circle", "text", "title"}
