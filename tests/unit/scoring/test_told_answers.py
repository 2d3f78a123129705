"""Results of several questions where one of them is told as a band."""

from datetime import date

import pytest

from survey_app.analytics.survey_results import SubjectResults, SurveyResults
from survey_app.analytics.tally_results import TallyResults
from survey_app.analytics.workbook.results_workbook import results_workbook
from survey_app.domain.counting.subject_plan import Band
from survey_app.domain.counting.tally import Tally
from survey_app.domain.questionnaire.questionnaire import (
    Choice,
    Question,
    Questionnaire,
)
from survey_app.domain.scheme.scheme import POOLED, Post
from tests.support.plans import subject_plan
from tests.support.schemes import component, group, named, scheme, survey
from tests.support.spreadsheet import Spreadsheet
from tests.support.workbooks import rows_of

SCHEME = scheme(
    component(
        "satisfaction",
        survey=survey(group("a", 2), group("b", 1), values={"good": 100, "bad": 0}),
    )
)
CHOICES = tuple(Choice(key, named(key)) for key in ("good", "bad"))
QUESTIONS = ("one", "two", "three")
QUESTIONNAIRE = Questionnaire(
    "test", 1, named("t"), named("i"), named("s"),
    tuple(Question(key, named(key), CHOICES) for key in QUESTIONS),
)  # fmt: skip
TALLY: Tally = {
    "a": {
        "one": {"good": 20, "bad": 20},
        "two": {"good": 30, "bad": 10},
        "three": {"good": 25, "bad": 15},
    },
    "b": {
        "one": {"bad": 12},
        "two": {"good": 9, "bad": 3},
        "three": {"good": 6, "bad": 6},
    },
}


def subject() -> SubjectResults:
    plan = subject_plan(SCHEME, TALLY)
    told = TallyResults(SCHEME, "satisfaction", QUESTIONNAIRE, TALLY, plan)
    node, blocked = told.score(Post.PRINCIPAL)
    return SubjectResults(
        subject_id=1,
        name="王一",
        unit="清河镇",
        title="镇长",
        groups=told.groups(node, Post.PRINCIPAL),
        together=plan.together,
        score=node.value,
        blocked=blocked,
        assumed=node.assumed,
        questions=told.questions(node),
    )


def workbook() -> bytes:
    results = SurveyResults(
        survey_id=1,
        title="调查",
        cycle_id=1,
        cycle="2026",
        opens_on=date(2026, 5, 1),
        closes_on=date(2026, 5, 15),
        scheme=SCHEME,
        component=SCHEME.component("satisfaction"),
        questionnaire=QUESTIONNAIRE,
        subjects=(subject(),),
        floor=10,
    )
    return results_workbook(results, str, "en")


def test_the_band_takes_the_place_of_counts_rates_and_score() -> None:
    first, *_ = subject().questions
    (banded,) = (answers for answers in first.groups if answers.key == "b")

    assert (banded.n, banded.band) == (12, Band(10, 12))
    assert (banded.choices, banded.rates, banded.score) == ((), (), None)
    assert [answers.key for answers in first.told] == ["a"]


def test_so_much_gives_way_that_it_cannot_be_worked_out_and_no_more() -> None:
    found = subject()

    untold = {(question.key, answers.key) for question, answers in found.untold}
    # All together, and one more answer of the same group with its whole.
    assert ("one", POOLED) in untold
    assert len([place for place in untold if place[1] == "b"]) == 2
    assert not [place for place in untold if place[1] == "a"]
    assert found.score is not None
    assert all(group.score is not None for group in found.groups)


def test_what_the_workbook_checks_agrees_and_the_rest_is_not_checked() -> None:
    content = workbook()
    sheet = Spreadsheet(content)
    rows = rows_of(content)["Check"]

    assert {(row[0], row[3]) for row in rows[1:]} == {
        ("question", "a"),
        ("question", "b"),
        ("rater group", "a"),
    }
    for number, row in enumerate(rows[1:], start=2):
        assert sheet.cell("Check", f"G{number}") == pytest.approx(row[7])
        assert sheet.cell("Check", f"I{number}") == "✓"
