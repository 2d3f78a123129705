"""Advice on wording: what is found, and what is let pass."""

from dataclasses import replace
from typing import Any

import pytest

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.question import Choice
from survey_app.domain.questionnaire.sketch import Sketch, SketchedQuestion, sketch_of
from survey_app.domain.questionnaire.wording_advice import repeated, wording_advice
from survey_app.shipped_files import RuleFiles

PLAIN = SketchedQuestion(
    "q", Bilingual("您对办事效率是否满意？", ""), "rating", "satisfied_five"
)


def found(*questions: SketchedQuestion, **sets: tuple[Choice, ...]) -> list[str]:
    sketch = Sketch("k", 1, questions=questions, sets=sets)
    return [one.what.key for one in wording_advice(sketch)]


def asked(text: str, **more: Any) -> SketchedQuestion:
    return replace(PLAIN, text=Bilingual(text, ""), **more)


def test_a_plain_question_needs_no_advice() -> None:
    assert found(PLAIN) == []


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("难道您不认为服务有改进吗？", "advice-leading"),
        ("是否应当表扬该单位？", "advice-leading"),
        ("您对工作人员的态度和能力是否满意？", "advice-two-matters"),
        ("您对该单位" + "在过去十二个月以来" * 5 + "的工作是否满意？", "advice-long"),
        ("窗口人员总是准时到岗吗？", "advice-absolute"),
        ("请填写您的姓名", "advice-identity"),
    ],
)  # fmt: skip
def test_what_makes_answers_worse_is_found(text: str, advice: str) -> None:
    assert advice in found(asked(text))


def test_who_cannot_tell_has_a_way_out_or_it_is_said() -> None:
    asks = replace(PLAIN, kind="single", choices="how_often")
    assert found(asks) == ["advice-no-dont-know"]
    assert found(replace(asks, optional=True)) == []
    assert found(replace(asks, choices="yes_no")) == []


def test_choices_with_more_praise_than_blame_are_unbalanced() -> None:
    def choice(key: str, zh: str) -> Choice:
        return Choice(key, Bilingual(zh, ""))

    lopsided = (
        choice("a", "优秀"),
        choice("b", "良好"),
        choice("c", "较好"),
        choice("d", "差"),
    )
    fair = (choice("a", "满意"), choice("b", "基本满意"), choice("c", "不满意"))
    assert found(replace(PLAIN, choices="x"), x=lopsided) == ["advice-unbalanced"]
    assert found(replace(PLAIN, choices="x"), x=fair) == []


def test_a_phrase_in_many_questions_is_said_once_instead() -> None:
    texts = [f"{what}，您满意还是不满意？" for what in ("态度", "能力", "效率", "公开")]
    assert repeated(texts) == ("，您满意还是不满意？", 4)
    assert repeated(texts[:3]) == ("", 0)
    assert found(*map(asked, texts)) == ["advice-repeated"]


def test_the_shipped_choices_are_balanced() -> None:
    for one in RuleFiles().questionnaires.usable.values():
        keys = {advice.what.key for advice in wording_advice(sketch_of(one))}
        assert keys.isdisjoint(
            {"advice-unbalanced", "advice-leading", "advice-identity"}
        )
