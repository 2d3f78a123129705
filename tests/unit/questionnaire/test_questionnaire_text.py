"""A questionnaire and its file say the same, byte for byte."""

import tomllib
from dataclasses import replace

import pytest

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.question import Choice
from survey_app.domain.questionnaire.questionnaire import (
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    ShowIf,
)
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.questionnaire.questionnaire_text import (
    questionnaire_text,
    sketch_text,
)
from survey_app.domain.questionnaire.sketch import sketch_in
from survey_app.shipped_files import RuleFiles

SHIPPED = RuleFiles().questionnaires.usable


def both(text: str) -> Bilingual:
    return Bilingual(f"{text}：“引”", f'{text}: "quoted" \\ \t \x7f back')


def choices(*keys: str) -> tuple[Choice, ...]:
    return tuple(Choice(key, both(key)) for key in keys)


EVERY_KIND = Questionnaire(
    "every-kind",
    3,
    both("title"),
    both("introduction"),
    both("source"),
    (
        Question("a", both("a"), choices("good", "bad", "dont_know"), section="one"),
        Question(
            "b", both("b"), choices("x", "y"), QuestionKind.SINGLE,
            show_if=ShowIf("a", ("bad", "good")), section="one",
        ),
        Question(
            "c", both("c"), choices("x", "y"), QuestionKind.SEVERAL, optional=True
        ),
        Question("d", both("d"), (), QuestionKind.NUMBER, bands=(0, 50, 95)),
        Question("e", both("e"), (), QuestionKind.TEXT, optional=True),
    ),
    sections=(Section("one", both("one"), both("first")),),
    comment_prompt=both("comment"),
)  # fmt: skip


@pytest.mark.parametrize("asked", [*SHIPPED.values(), EVERY_KIND], ids=lambda q: q.key)
def test_what_is_written_reads_as_what_it_was(asked: Questionnaire) -> None:
    text = questionnaire_text(asked)

    assert read_questionnaire(text, file="x") == asked
    assert questionnaire_text(read_questionnaire(text, file="x")) == text
    assert sketch_text(sketch_in(tomllib.loads(text))) == text


def test_a_draft_with_faults_is_kept_as_it_stands() -> None:
    sketch = sketch_in(
        {
            "title": {"zh": "只有中文"},
            "questions": [{"key": "q"}, {"kind": "odd"}],
            "x": 1,
        }
    )
    text = sketch_text(sketch)

    assert sketch_in(tomllib.loads(text)) == replace(sketch, sets={})
    assert sketch.title == Bilingual("只有中文", "")
    assert [one.key for one in sketch.questions] == ["q", ""]


def test_choices_written_inside_a_question_become_a_set_of_their_own() -> None:
    row = {"key": "yes", "label": {"zh": "是", "en": "Yes"}}
    sketch = sketch_in({"questions": [{"key": "q", "choices": [row]}]})
    assert sketch.used_sets == {"of_q": (Choice("yes", Bilingual("是", "Yes")),)}
