"""A questionnaire is asked in one more language with all its texts, or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.extract import extract

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
HOUSE = Path(__file__).resolve().parents[3] / "survey_app"
KEYWORDS = {"_": None, "gettext": None, "message": None}


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


OF_RULES = {"What your answers must obey", "So far: %(used)s of %(limit)s"}
"""Surveys with ballot rules are asked in two languages."""
OF_CODES = {"Enter the code of a slip", "Check whether my ballot was in the box"}
"""On the page of a refusal that a slip met: no questionnaire is known there."""


IN_TWO = (
    "Sending", "Not sent yet: the network", "Try now", "Do not send, delete",
    "While you read, your browser", "This page was open for a long time",
    "One moment", "It is the server that seals", "Sealed on this device",
    "The script of this page", "For whoever wants to check the sealing",
    "On the opening manifest of this ballot", "SHA-256 of the script that seals",
    "It was sealed on", "Your device made", "You drew your code yourself. The list you "
    "signed says that you drew one, not which. The script",
)  # fmt: skip
"""How sentences begin that pages in other languages leave out, or say in Chinese: those
about a bad network, proof of work, and the sealing on the device."""


def said_in(*patterns: str) -> set[str]:
    """Return every sentence of ours in these files."""
    found: set[str] = set()
    for file in (one for pattern in patterns for one in HOUSE.glob(pattern)):
        how = "jinja2.ext:babel_extract" if file.suffix == ".html" else "python"
        options = {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
        with file.open("rb") as opened:
            read = extract(how, opened, keywords=KEYWORDS, options=options)
            found |= {one if isinstance(one, str) else one[0] for _, one, _, _ in read}
    return found


def test_whoever_adds_a_sentence_to_a_page_adds_its_place() -> None:
    names = "ask base counted kinds looks privacy problem questions reasons repeated"
    pages = [f"templates/respondent/{name}.html" for name in names.split()]
    asked = said_in(
        *pages, "web/asked_fields.py", "web/respondent/question_page.py",
        "templates/respondent/refused.html",
    )  # fmt: skip
    ballot = said_in(
        "templates/ballot/vote.html", "templates/ballot/cast.html",
        "templates/ballot/promise.html", "templates/ballot/problem.html",
        "web/ballot/ballot_page.py",
    )  # fmt: skip

    lacking = asked - set(PAGE_TEXTS.values()) - OF_RULES - OF_CODES
    assert not [one for one in lacking if not one.startswith(IN_TWO)]
    both = {**PAGE_TEXTS, **BALLOT_PAGE}.values()
    lacking = ballot - set(both) - OF_RULES
    assert not [one for one in lacking if not one.startswith(IN_TWO)]
    refused = said_in("refusing/answering.py")
    assert set(both) - asked - ballot - refused == set(), "translated for nobody"
