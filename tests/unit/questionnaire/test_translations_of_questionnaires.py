"""A questionnaire is asked in one more language with all its texts, or not at all."""

import re
from dataclasses import replace

import pytest

from survey_app.cli.translations_of import translations_of
from survey_app.domain.ground.fault_words import fault_in_words
from survey_app.domain.ground.file_faults import QuestionnaireRefused
from survey_app.domain.questionnaire.page_texts_after import BALLOT_PAGE
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.questionnaire.questionnaire_text import questionnaire_text
from survey_app.domain.questionnaire.translation import (
    PAGE_TEXTS,
    Translation,
    offered,
    spoken,
)
from tests.support.tongues import PLAIN, REAL, in_tongues, translated

FILE = "two.toml"
CHINESE = translations_of("zh")


def read(text: str) -> Questionnaire:
    return read_questionnaire(text, file=FILE)


def without(one: Translation, *places: str) -> Translation:
    kept = tuple(pair for pair in one.texts if pair[0] not in places)
    return Translation(one.language, kept)


def with_text(one: Translation, place: str, text: str) -> Translation:
    return Translation(one.language, (*without(one, place).texts, (place, text)))


def faults(*translations: Translation) -> dict[str, str]:
    """Return place → what is wrong, of a file with these translations."""
    text = questionnaire_text(replace(PLAIN, translations=translations))
    with pytest.raises(QuestionnaireRefused) as refused:
        read(text)
    found = refused.value.faults
    assert [one for one in found if fault_in_words(one, CHINESE) == str(one)] == []
    return {one.where: one.wrong for one in found}


def test_a_file_keeps_its_translations_byte_for_byte() -> None:
    whole = in_tongues()
    text = questionnaire_text(whole)

    assert read(text) == whole
    assert questionnaire_text(read(text)) == text
    assert Questionnaire.from_json(whole.to_json()) == whole


def test_without_translations_nothing_of_the_frozen_text_changes() -> None:
    assert "translations" not in PLAIN.to_json()
    assert in_tongues().fingerprint != PLAIN.fingerprint


def test_every_text_that_lacks_or_is_too_much_is_named_at_once() -> None:
    bo = translated(PLAIN, "bo")
    wrong = with_text(without(bo, "title", "page.send"), "page.greeting", "བཀྲ་ཤིས།")

    assert faults(wrong) == {
        "translations[0].texts.title": 'has no text in "bo"',
        "translations[0].texts.page.send": 'has no text in "bo"',
        "translations[0].texts.page.greeting": "nothing is said there",
    }


def test_what_the_program_fills_in_stands_in_every_language() -> None:
    wrong = with_text(translated(PLAIN, "ug"), "page.open_days", "ۋاقىت %(first)s")

    (said,) = faults(wrong).values()

    assert said == "%(last)s must stand in it just as in the original"


def test_a_language_is_one_we_know_how_to_show_and_stands_once() -> None:
    bo = translated(PLAIN, "bo")

    assert faults(bo, replace(bo, language="xx"), bo) == {
        "translations[1].language": 'the language "xx" is not known here',
        "translations[2].language": "is given twice",
    }


def test_words_of_a_ballot_are_all_there_or_none() -> None:
    open_only = translated(PLAIN, "bo", ballot=False)
    whole = read(questionnaire_text(replace(PLAIN, translations=(open_only,))))

    assert [one.tag for one in offered(whole)] == ["bo"]
    assert offered(whole, on_ballot=True) == ()
    half = without(translated(PLAIN, "bo"), "ballot.send")
    assert list(faults(half)) == ["translations[0].texts.ballot.send"]


def test_in_a_language_every_text_is_in_it_and_keys_stay() -> None:
    asked = spoken(in_tongues(), "bo")

    assert asked is not None
    assert asked.title.zh == asked.title.en == REAL["bo"]["title"]
    assert [one.key for one in asked.questions] == ["welcome", "solved"]
    both = [[c.label.zh for c in one.choices] for one in asked.questions]
    assert both[0] == both[1], "what is offered alike is translated once"
    assert [c.key for c in asked.questions[0].choices] == [
        c.key for c in PLAIN.questions[0].choices
    ]
    assert spoken(PLAIN, "bo") is None


def test_a_translation_that_lacks_what_a_later_program_says_is_not_offered() -> None:
    early = without(translated(PLAIN, "bo"), "page.send")

    assert offered(replace(PLAIN, translations=(early,))) == ()
    assert spoken(replace(PLAIN, translations=(early,)), "bo") is None


def test_our_words_of_the_page_are_words_that_the_program_says() -> None:
    """A text that no page says any more would be translated for nobody."""
    unsaid = [
        said for said in {**PAGE_TEXTS, **BALLOT_PAGE}.values()
        if CHINESE(said) == said and re.search("[a-z]", re.sub(r"%\(\w+\)s", "", said))
    ]  # fmt: skip

    assert unsaid == []
