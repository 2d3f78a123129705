"""Questions of every kind: what their file says, what is refused, what is counted."""

import pytest

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.file_faults import QuestionnaireRefused
from survey_app.domain.questionnaire.questionnaire import (
    ANSWERED,
    BLANK,
    NOT_ASKED,
    QuestionKind,
    Questionnaire,
    ShowIf,
)
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from tests.support.every_kind import EVERY_KIND
from tests.support.small_scheme import changed

SHOW_IF = "questions[4].show_if.question"


def faults_after(*changes: tuple[str, str]) -> dict[str, str]:
    """Return place → what is wrong and what to write instead."""
    with pytest.raises(QuestionnaireRefused) as refused:
        read_questionnaire(changed(EVERY_KIND, *changes), file="every.toml")
    faults = refused.value.faults
    named = {fault.where: f"{fault.wrong}; {fault.instead}" for fault in faults}
    assert len(named) == len(faults), "one mistake is named once"
    return named


def every_kind() -> Questionnaire:
    return read_questionnaire(EVERY_KIND, file="every.toml")


def test_every_kind_is_read_and_frozen_and_read_again() -> None:
    asked = every_kind()

    assert {one.kind for one in asked.questions} == set(QuestionKind)
    assert asked.sections[0].introduction is None
    assert asked.sections[1].introduction == Bilingual("请如实填写。", "As it was.")
    assert asked.comment_prompt == Bilingual("还想说什么？", "What else?")
    why = asked.question("why")
    assert why is not None
    assert why.show_if == ShowIf("overall", ("bad",))
    again = Questionnaire.from_json(asked.to_json())
    assert again == asked
    assert again.fingerprint == asked.fingerprint


def test_a_tally_says_of_each_kind_what_the_contract_says() -> None:
    told = {one.key: one.answers for one in every_kind().questions}

    assert told["overall"] == ("good", "bad", "dont_know")
    assert told["window"] == ("north", "south", BLANK)
    assert told["ways"] == ("phone", "desk", "post", ANSWERED, BLANK)
    assert told["score"][:101] == tuple(map(str, range(101)))
    assert told["score"][101:] == (BLANK,)
    assert told["why"] == (ANSWERED, NOT_ASKED)


def test_a_number_is_told_in_bands_that_hold_every_number_once() -> None:
    score = every_kind().question("score")
    assert score is not None

    found = [score.band_of(str(number)) for number in range(101)]
    assert [(band.low, band.high) for band in score.number_bands] == [
        (0, 59), (60, 79), (80, 100),
    ]  # fmt: skip
    for number, band in enumerate(found):
        assert band is not None
        assert band.low <= number <= band.high
    assert score.band_of(BLANK) is None


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (('kind = "number"', 'kind = "numbers"'), "questions[3].kind"),
        (("[0, 60, 80]", "[0, 60, 64]"), "questions[3].bands"),
        (("[0, 60, 80]", "[1, 60, 80]"), "questions[3].bands"),
        (("[0, 60, 80]", "[0, 60, 97]"), "questions[3].bands"),
        (("[0, 60, 80]", '["0"]'), "questions[3].bands"),
        (('question = "overall"', 'question = "far"'), SHOW_IF),
        (('question = "overall"', 'question = "ways"'), SHOW_IF),
        (('choices = ["bad"]', 'choices = ["worse"]'), "questions[4].show_if.choices"),
        (('choices = ["bad"]', "choices = []"), "questions[4].show_if.choices"),
        (('key = "desk"', 'key = "dont_know"'), "questions[2].choices"),
        (('key = "desk"', 'key = "answered"'), "questions[2].choices"),
        (('key = "south"', 'key = "not_asked"'), "questions[1].choices"),
        (('section = "more" # 3', 'section = "none"'), "questions[3].section"),
        (('section = "more" # 3', 'section = "first"'), "questions[3].section"),
        (('kind = "text"', 'kind = "text"\nchoices = "a"'), "questions[4].choices"),
        (('kind = "text"', 'kind = "text"\nbands = [0, 50]'), "questions[4].bands"),
        (("prompt = ", "prompts = "), "comment.prompts"),
        (('key = "first"', 'key = "more"'), "sections[1].key"),
    ],
)  # fmt: skip
def test_what_could_not_be_asked_is_refused_where_it_stands(
    change: tuple[str, str], place: str
) -> None:
    assert place in faults_after(change)


def test_a_section_nobody_stands_in_is_refused() -> None:
    more = '\n[[sections]]\nkey = "empty"\ntitle = { zh = "空", en = "Empty" }\n'

    faults = faults_after(
        (
            '\n[[choices.levels]]\nkey = "good"',
            f'{more}\n[[choices.levels]]\nkey = "good"',
        )
    )
    assert list(faults) == ["sections[2]"]


def test_ratings_alone_are_plain_and_the_rest_is_not() -> None:
    asked = every_kind()

    assert not asked.is_plain
    assert [one.key for one in asked.ratings] == ["overall"]
    assert [one.key for one in asked.texts] == ["why"]
