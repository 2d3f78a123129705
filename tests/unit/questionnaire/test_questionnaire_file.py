"""A questionnaire file is read completely, or refused with everything that is wrong."""

import pytest

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.file_faults import QuestionnaireRefused
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from tests.support.small_scheme import SMALL_QUESTIONNAIRE, changed

BAD = 'key = "bad"'
DONT_KNOW = 'key = "dont_know"'


def faults_after(*changes: tuple[str, str]) -> dict[str, str]:
    """Return place → what is wrong and what to write instead."""
    with pytest.raises(QuestionnaireRefused) as refused:
        read_questionnaire(changed(SMALL_QUESTIONNAIRE, *changes), file="small.toml")
    faults = refused.value.faults
    named = {fault.where: f"{fault.wrong}; {fault.instead}" for fault in faults}
    assert len(named) == len(faults), "one mistake is named once"
    return named


def test_a_questionnaire_file_becomes_a_questionnaire() -> None:
    questionnaire = read_questionnaire(SMALL_QUESTIONNAIRE, file="small.toml")

    assert (questionnaire.key, questionnaire.version) == ("small-questionnaire", 1)
    assert questionnaire.questions[0].text == Bilingual("总体", "Overall")
    assert questionnaire.source == Bilingual("a source", "a source")
    assert [choice.key for choice in questionnaire.questions[0].choices] == [
        "good",
        "bad",
        "dont_know",
    ]


def test_the_frozen_text_of_a_questionnaire_file_is_read_back_exactly() -> None:
    text = changed(SMALL_QUESTIONNAIRE, ('"a source"', '{ zh = "甲", en = "a" }'))
    questionnaire = read_questionnaire(text, file="small.toml")

    assert questionnaire.source == Bilingual("甲", "a")
    again = Questionnaire.from_json(questionnaire.to_json())

    assert again == questionnaire
    assert again.fingerprint == questionnaire.fingerprint


def test_choices_listed_inside_a_question_are_the_same_questionnaire() -> None:
    start, end = (SMALL_QUESTIONNAIRE.index(p) for p in ("[[choices", "[[questions"))
    listed = SMALL_QUESTIONNAIRE[start:end].replace(
        "[[choices.levels]]", "[[questions.choices]]"
    )
    text = SMALL_QUESTIONNAIRE[:start] + SMALL_QUESTIONNAIRE[end:]
    text = changed(text, ('choices = "levels"', listed))

    assert read_questionnaire(text, file="") == read_questionnaire(
        SMALL_QUESTIONNAIRE, file=""
    )


def test_every_question_offers_dont_know() -> None:
    assert faults_after((DONT_KNOW, 'key = "abstain"')) == {
        "questions[0].choices": "whoever cannot judge has no answer to give; "
        'add a choice with key = "dont_know" (不了解)'
    }


def test_a_question_offers_two_ratings() -> None:
    faults = faults_after((BAD, 'key = "abstain"'))

    assert faults["questions[0].choices"].startswith("fewer than two ratings")


def test_an_empty_answer_is_not_a_choice() -> None:
    assert list(faults_after((BAD, 'key = "blank"'))) == ["questions[0].choices"]


def test_two_choices_or_questions_do_not_share_a_key() -> None:
    question = SMALL_QUESTIONNAIRE[SMALL_QUESTIONNAIRE.index("[[questions]]") :]

    assert list(faults_after((BAD, 'key = "good"\n#'))) == ["questions[0].choices"]
    assert faults_after((question, question + question)) == {
        "questions[1].key": '"overall" is taken by questions[0]; choose another'
    }


def test_lists_of_choices_must_exist_and_be_offered() -> None:
    assert faults_after(('choices = "levels"', 'choices = "level"')) == {
        "choices.levels": 'no question offers these; write choices = "levels"',
        "questions[0].choices": 'there is no [[choices.level]]; did you mean "levels"?',
    }


def test_all_faults_of_a_questionnaire_are_named_in_one_go() -> None:
    faults = faults_after(
        ("format = 1", ""),
        ("version = 1", 'version = "first"'),
        ('zh = "小问卷", ', ""),
        ('source = "a source"', 'sources = "a source"'),
        (BAD, 'key = "so bad"'),
        ('text = { zh = "总体", en = "Overall" }', 'text = "Overall"'),
    )

    assert list(faults) == [
        "format",
        "choices.levels[1].key",
        "version",
        "title.zh",
        "questions[0].text",
        "sources",
    ]


def test_text_that_is_not_toml_is_one_fault_with_its_line() -> None:
    assert list(faults_after(("version = 1", "version ="))) == ["line 4"]


def test_a_questionnaire_without_questions_is_refused() -> None:
    question = SMALL_QUESTIONNAIRE[SMALL_QUESTIONNAIRE.index("[[questions]]") :]

    assert "questions" in faults_after((question, ""))


def test_an_unreadable_choice_is_not_blamed_on_the_questions_that_offer_it() -> None:
    assert list(faults_after((DONT_KNOW, 'key = "dont know"'))) == [
        "choices.levels[2].key"
    ]
