"""Padded ballots: one length whatever was said, and one way of saying it."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from survey_app.ballot.paper.ballot import (
    COMMENT_SIZE,
    Ballot,
    BallotForm,
    Malformed,
    padded_answers,
    padded_comment,
    read_answers,
    read_comment,
)
from survey_app.domain.ground.bilingual import UNSAID
from survey_app.domain.questionnaire.questionnaire import (
    Choice,
    Question,
    Questionnaire,
)

CHOICES = ("excellent", "fair", "very_poor_indeed", "dont_know")
SUBJECTS = (9, 12, 100, 2**31 - 1)

forms = st.builds(
    lambda subjects, questions, choices: BallotForm(
        7, "b" * 32, asking(tuple(questions), tuple(choices)), tuple(subjects)
    ),
    st.lists(st.integers(1, 2**31 - 1), min_size=1, max_size=6, unique=True),
    st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=5, unique=True),
    st.lists(st.sampled_from(CHOICES), min_size=3, max_size=4, unique=True),
)
texts = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=300
)


def asking(questions: tuple[str, ...], choices: tuple[str, ...]) -> Questionnaire:
    offered = tuple(Choice(key, UNSAID) for key in choices)
    return Questionnaire(
        "q", 1, UNSAID, UNSAID, UNSAID,
        tuple(Question(key, UNSAID, offered) for key in questions),
    )  # fmt: skip


FORM = BallotForm(7, "b" * 32, asking(("virtue", "ability"), CHOICES), SUBJECTS)
PICKS = {subject: {"ability": "fair", "virtue": "excellent"} for subject in SUBJECTS}
ANSWERS: dict[str, Any] = {
    str(subject): {"virtue": "excellent", "ability": "fair"} for subject in SUBJECTS
}
WRITTEN = {"v": 1, "answers": ANSWERS}


def sent(content: object, size: int, **style: Any) -> bytes:
    """What somebody seals who writes it some other way."""
    written = json.dumps(
        content, **{"ensure_ascii": False, "separators": (",", ":"), **style}
    ).encode("utf-8", "surrogatepass")
    return (len(written).to_bytes(2) + written).ljust(size, b"\0")


@given(forms, st.data())
def test_answers_have_one_length_and_read_back(form: BallotForm, data: Any) -> None:
    ballot = Ballot({
        subject: {
            question.key: data.draw(st.sampled_from(sorted(question.choice_keys)))
            for question in form.questionnaire.questions
        }
        for subject in form.subject_ids
    })  # fmt: skip
    padded = padded_answers(form, ballot)

    assert len(padded) == form.answers_size
    assert form.answers_size % 256 == 0
    assert read_answers(form, padded) == ballot


@pytest.mark.parametrize("choice", CHOICES)
def test_no_choice_shows_in_the_length(choice: str) -> None:
    picks = {
        subject: dict.fromkeys(("virtue", "ability"), choice) for subject in SUBJECTS
    }

    assert len(padded_answers(FORM, Ballot(picks))) == FORM.answers_size


@given(st.sampled_from(SUBJECTS), texts)
@example(9, "𠮷" * 300)
@example(9, "\x01" * 300)
@example(9, '"\\\n\r\t\u2028' * 50)
@example(9, "0")
def test_comments_have_one_length_and_read_back(subject: int, text: str) -> None:
    padded = padded_comment(FORM, subject, text)

    assert len(padded) == COMMENT_SIZE
    assert read_comment(FORM, padded) == ((subject, text) if text else None)


def test_no_comment_looks_like_every_comment() -> None:
    assert len(padded_comment(FORM)) == COMMENT_SIZE
    assert padded_comment(FORM) == padded_comment(FORM, 9, "")
    assert read_comment(FORM, padded_comment(FORM)) is None


@settings(max_examples=300)
@given(st.data())
def test_a_changed_byte_is_another_ballot_or_none(data: Any) -> None:
    padded = bytearray(padded_answers(FORM, Ballot(PICKS)))
    place = data.draw(st.integers(0, len(padded) - 1))
    padded[place] ^= data.draw(st.integers(1, 255))

    try:
        read = read_answers(FORM, bytes(padded))
    except Malformed:
        return
    assert read.picks != PICKS
    assert padded_answers(FORM, read) == padded


@settings(max_examples=300)
@given(st.data())
def test_a_changed_byte_is_another_comment_or_none(data: Any) -> None:
    padded = bytearray(padded_comment(FORM, 12, "很好，谢谢"))
    place = data.draw(st.integers(0, 60) | st.integers(0, len(padded) - 1))
    padded[place] ^= data.draw(st.integers(1, 255))

    try:
        read = read_comment(FORM, bytes(padded))
    except Malformed:
        return
    assert read != (12, "很好，谢谢")
    assert read is None or padded_comment(FORM, *read) == padded


@given(st.binary(max_size=2100))
@example(b"")
@example(b"\xff\xff")
@example((65000).to_bytes(2) + b"[" * 65000)
@example((5000).to_bytes(2) + b"9" * 5000)
@example((60000).to_bytes(2) + b'{"answers":' * 5454)
def test_nothing_whatever_raises_anything_else(found: bytes) -> None:
    for read in (read_answers, read_comment):
        with pytest.raises(Malformed):
            read(FORM, found)


def test_what_a_browser_writes_is_read() -> None:
    assert read_answers(FORM, sent(WRITTEN, FORM.answers_size)) == Ballot(PICKS)


@pytest.mark.parametrize("change", [
    {"v": 2}, {"v": True}, {"v": 1.0}, {"v": None}, {"more": 1}, {"answers": {}},
    {"answers": []}, {"answers": None}, {"answers": {"9": {}}},
    {"answers": ANSWERS | {"13": ANSWERS["9"]}},
    {"answers": ANSWERS | {"9": ["virtue", "ability"]}},
    {"answers": ANSWERS | {"9": {"virtue": "fair"}}},
    {"answers": ANSWERS | {"9": ANSWERS["9"] | {"more": "fair"}}},
    {"answers": ANSWERS | {"9": ANSWERS["9"] | {"virtue": "unknown"}}},
    {"answers": ANSWERS | {"9": ANSWERS["9"] | {"virtue": ["fair"]}}},
    {"answers": ANSWERS | {"9": ANSWERS["9"] | {"virtue": None}}},
    {"answers": {"09" if key == "9" else key: said for key, said in ANSWERS.items()}},
    {"answers": dict(reversed(ANSWERS.items()))},
    {"answers": ANSWERS | {"9": dict(reversed(ANSWERS["9"].items()))}},
])  # fmt: skip
def test_answers_said_otherwise_are_malformed(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read_answers(FORM, sent(WRITTEN | change, FORM.answers_size))


@pytest.mark.parametrize("style", [
    {"separators": (", ", ":")}, {"indent": 0}, {"sort_keys": True},
])  # fmt: skip
def test_a_ballot_cannot_be_marked_by_its_spelling(style: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read_answers(FORM, sent(WRITTEN, FORM.answers_size, **style))


def test_a_question_answered_twice_is_malformed() -> None:
    padded = padded_answers(FORM, Ballot(PICKS))
    length, text = int.from_bytes(padded[:2]), padded[2:].rstrip(b"\0")
    twice = text.replace(b'{"virtue"', b'{"virtue":"fair","virtue"', 1)
    content = (length + len(twice) - len(text)).to_bytes(2) + twice

    with pytest.raises(Malformed):
        read_answers(FORM, content.ljust(FORM.answers_size, b"\0"))


def test_another_padding_is_malformed() -> None:
    padded = padded_answers(FORM, Ballot(PICKS))

    for other in (padded[:-1], padded + b"\0", padded[:-1] + b" ", b"\0" + padded):
        with pytest.raises(Malformed):
            read_answers(FORM, other)


@pytest.mark.parametrize("content", [
    {"v": 1, "subject": 9}, {"v": 1, "subject": 9, "text": ""}, {"v": 1, "text": "a"},
    {"v": 1, "subject": None}, {"v": 1, "subject": True, "text": "a"},
    {"v": 1, "subject": 9.0, "text": "a"}, {"v": 1, "subject": "9", "text": "a"},
    {"v": 1, "subject": [9], "text": "a"}, {"v": 1, "subject": 10, "text": "a"},
    {"v": 1, "subject": 9, "text": 7}, {"v": 1, "subject": 9, "text": None},
    {"v": 1, "subject": 9, "text": "a" * 2001}, {"v": 1, "subject": 9, "text": "a\0"},
    {"v": 1, "subject": 9, "text": "\ud800"}, {"v": 2}, {}, {"v": 1, "more": ""},
    {"subject": 9, "text": "a", "v": 1},
])  # fmt: skip
def test_comments_said_otherwise_are_malformed(content: dict[str, Any]) -> None:
    for ascii_only in (False, True):
        with pytest.raises(Malformed):
            read_comment(FORM, sent(content, COMMENT_SIZE, ensure_ascii=ascii_only))


def test_a_subject_called_true_is_nobody() -> None:
    form = BallotForm(7, "b" * 32, FORM.questionnaire, (1,))

    with pytest.raises(Malformed):
        read_comment(form, sent({"v": 1, "subject": True, "text": "a"}, COMMENT_SIZE))


@pytest.mark.parametrize("text", ["a" * 2001, "a\0", "\ud83d"])
def test_a_text_no_database_keeps_is_never_sealed(text: str) -> None:
    with pytest.raises(Malformed):
        padded_comment(FORM, 9, text)


def test_an_incomplete_ballot_is_never_sealed() -> None:
    for picks in ({}, PICKS | {9: {}}, PICKS | {13: PICKS[9]},
                  PICKS | {9: PICKS[9] | {"virtue": "unknown"}}):  # fmt: skip
        with pytest.raises(Malformed):
            padded_answers(FORM, Ballot(picks))
    with pytest.raises(Malformed):
        padded_comment(FORM, 13, "a")


def test_every_batch_of_every_survey_is_bound_apart() -> None:
    batches = {
        BallotForm(survey, batch, FORM.questionnaire, SUBJECTS).aad
        for survey in (1, 11)
        for batch in ("b", "1b", '","survey":1')
    }

    assert len(batches) == 6
    assert all(aad.startswith(b"ballot\0") for aad in batches)


@pytest.mark.parametrize("subjects", [(), (9, 9), tuple(range(3000))])
def test_a_form_nobody_could_fill_in_is_none(subjects: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="ballot"):
        BallotForm(7, "b", FORM.questionnaire, subjects)
