"""One third, what has no points, and all questions in one picture."""

from dataclasses import replace

from survey_app.analytics.charts.answer_chart import answer_chart
from survey_app.analytics.charts.questions_chart import questions_chart
from survey_app.analytics.charts.svg import svg
from survey_app.analytics.survey_results import ChoiceShare, QuestionResults
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.questionnaire import ABSTAIN, DONT_KNOW, Choice
from survey_app.domain.scheme.scheme import POOLED
from tests.support.answered import QUESTION, answers, subject
from tests.support.schemes import named

BAD = ("bad",)


def test_what_has_no_points_stands_in_columns_and_patterns_of_its_own() -> None:
    """Abstained and don't know are told apart on a copy without colours."""
    choices = tuple(Choice(k, named(k)) for k in ("good", "bad", ABSTAIN, DONT_KNOW))
    group = replace(
        answers("staff", 6, 2, 0),
        n=10,
        choices=tuple(
            ChoiceShare(c.key, named(c.key), c.key in ("good", "bad"), n, 10)
            for c, n in zip(choices, (6, 2, 1, 1), strict=True)
        ),
    )
    question = QuestionResults("q", named("q"), (group,), choices)

    picture = answer_chart(question, BAD, language="en")

    patterns = [look.pattern for look in picture.looks]
    assert patterns == ["", "", "lines", "dots"]
    (abstained, unknown) = picture.rows[0].marks[2:]
    assert abstained.to is not None
    assert unknown.at > abstained.to
    drawn = svg(picture)
    assert drawn.count("<pattern") == 2


def test_one_third_is_a_line_for_the_eye_where_one_can_object() -> None:
    picture = answer_chart(QUESTION, BAD, language="zh")
    ((at, word),) = picture.axis.lines

    assert (round(at, 3), word) == (-33.333, "1/3")
    assert picture.axis.low < at
    assert answer_chart(QUESTION, (), language="zh").axis.lines == ()


def test_all_questions_stand_in_one_picture_named_by_what_they_ask() -> None:
    texts = ("您对办事效率是否满意？", "您对服务态度是否满意？")
    questions = [
        replace(
            QUESTION,
            key=f"q{n}",
            text=Bilingual(text, text),
            groups=(*QUESTION.groups, answers(POOLED, 45, 65, 10)),
        )
        for n, text in enumerate(texts)
    ]

    picture = questions_chart(subject(*questions), BAD, language="zh")

    assert picture
    assert [row.label for row in picture.rows] == ["办事效率", "服务态度"]
    assert [row.value for row in picture.rows] == ["n = 120", "n = 120"]
    assert questions_chart(subject(questions[0]), BAD, language="zh") is None
