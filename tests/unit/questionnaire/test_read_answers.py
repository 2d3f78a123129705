"""What is sent is one whole answer or has gaps; every question leaves its mark."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.questionnaire.answer_text import (
    AnswerText,
    UnwritableAnswerError,
)
from survey_app.domain.questionnaire.answers import (
    Gap,
    ReadAnswers,
    read_answers,
)
from survey_app.domain.questionnaire.ballot_lines import (
    ballot_lines,
    is_one_answer,
    is_whole_ballot,
    lines_of,
    picks_in,
)
from survey_app.domain.questionnaire.questionnaire import (
    ANSWERED,
    BLANK,
    NOT_ASKED,
)
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from tests.support.every_kind import EVERY_KIND

ASKED = read_questionnaire(EVERY_KIND, file="every.toml")
SENT = {
    "overall": ["bad"], "window": ["north"], "ways": ["post", "phone"],
    "score": ["85"], "why": [" 太慢 "],
}  # fmt: skip
PICKS = (
    ("overall", "bad"), ("window", "north"), ("ways", "phone"), ("ways", "post"),
    ("ways", ANSWERED), ("score", "85"), ("why", ANSWERED),
)  # fmt: skip


def read(**changed: list[str]) -> ReadAnswers:
    return read_answers(ASKED, {**SENT, **changed})


def test_every_kind_is_read_in_the_order_asked() -> None:
    assert read() == ReadAnswers(PICKS, (("why", "太慢"),), ())


def test_what_may_be_left_empty_is_blank_and_what_may_not_is_a_gap() -> None:
    left = read(window=[], ways=[], score=["  "], why=[])

    assert left.picks[1:] == (("window", BLANK), ("ways", BLANK), ("score", BLANK))
    assert left.gaps == (Gap("why", "missing"),)
    assert read(window=["blank"]).picks[1] == ("window", BLANK)


@pytest.mark.parametrize("sent", [{"overall": ["good"]}, {"overall": ["dont_know"]}])
def test_a_question_nobody_asked_is_not_answered_and_never_half_kept(
    sent: dict[str, list[str]],
) -> None:
    assert read(**sent, why=[]).picks[-1] == ("why", NOT_ASKED)
    assert not read(**sent, why=[""]).gaps
    answered = read(**sent)
    assert answered.gaps == (Gap("why", NOT_ASKED),)
    assert not answered.texts


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0", "0"), ("100", "100"), (" 085", "85"), ("９０", "90"), ("7 ", "7")],
)
def test_a_number_has_one_spelling(typed: str, number: str) -> None:
    assert ("score", number) in read(score=[typed]).picks


@pytest.mark.parametrize("typed", ["101", "-1", "8.5", "八十", "1e1", "9" * 30, "1 0"])
def test_what_is_no_such_number_is_a_gap(typed: str) -> None:
    assert read(score=[typed]).gaps == (Gap("score", "number"),)


@pytest.mark.parametrize(
    ("field", "sent", "why"),
    [
        ("overall", ["good", "bad"], "twice"),
        ("window", ["west"], "unknown"),
        ("ways", ["phone", "fax"], "unknown"),
        ("score", ["1", "2"], "twice"),
        ("why", ["好" * 301], "long"),
        ("overall", ["blank"], "unknown"),
        ("ways", [ANSWERED], "unknown"),
    ],
)
def test_what_cannot_be_meant_is_a_gap(field: str, sent: list[str], why: str) -> None:
    assert Gap(field, why) in read(**{field: sent}).gaps


@st.composite
def answers(draw: st.DrawFn) -> tuple[tuple[str, str], ...]:
    """What somebody may answer to the questionnaire of every kind."""
    sent = {
        "overall": [draw(st.sampled_from(("good", "bad", "dont_know")))],
        "window": draw(st.sampled_from(([], ["north"], ["south"]))),
        "ways": draw(st.lists(st.sampled_from(("phone", "desk", "post")), unique=True)),
        "score": [draw(st.just("") | st.integers(0, 100).map(str))],
    }
    if sent["overall"] == ["bad"]:
        sent["why"] = ["因为"]
    found = read_answers(ASKED, sent)
    assert not found.gaps
    return found.picks


@given(st.lists(answers(), min_size=1, max_size=20))
def test_what_was_read_is_written_and_counted_and_adds_up(
    people: list[tuple[tuple[str, str], ...]],
) -> None:
    text = AnswerText.of(ASKED)
    texts = [text.write(picks) for picks in people]

    assert {len(one) for one in texts} == {text.length}
    assert [sorted(text.read(one)) for one in texts] == [sorted(p) for p in people]
    counted = {(q, c): n for q, c, n in text.count("".join(texts), len(texts))}
    assert counted == Counter(pick for picks in people for pick in picks)
    for question in ASKED.questions:
        ticked = question.choice_keys if question.key == "ways" else set()
        told = [n for (key, c), n in counted.items() if key == question.key]
        ticks = [counted.get((question.key, choice), 0) for choice in ticked]
        assert sum(told) - sum(ticks) == len(people), "everybody leaves a mark"


@given(answers(), st.data())
def test_one_answer_is_known_and_nothing_else_is_taken_for_one(
    picks: tuple[tuple[str, str], ...], data: st.DataObject
) -> None:
    assert is_one_answer(ASKED, picks)
    every = [(one.key, said) for one in ASKED.questions for said in one.answers]
    more = data.draw(st.sampled_from(every))
    assert not is_one_answer(ASKED, picks[1:])
    assert not is_one_answer(ASKED, (*picks, more)) or more[0] == "ways"
    assert not is_one_answer(ASKED, (*picks, picks[0]))
    assert not is_one_answer(ASKED, (*picks, ("other", "good")))


@given(answers(), st.data())
def test_a_ballot_has_as_many_lines_whatever_is_answered(
    picks: tuple[tuple[str, str], ...], data: st.DataObject
) -> None:
    lines, offered = lines_of(ASKED, picks), ballot_lines(ASKED)

    assert list(lines) == list(offered)
    assert is_whole_ballot(ASKED, lines)
    assert sorted(picks_in(lines.items())) == sorted(picks)
    line = data.draw(st.sampled_from(sorted(lines)))
    assert not is_whole_ballot(ASKED, {k: v for k, v in lines.items() if k != line})
    for other in offered[line]:
        changed = lines | {line: other}
        same = is_one_answer(ASKED, picks_in(changed.items()))
        assert is_whole_ballot(ASKED, changed) == same
    assert not is_whole_ballot(ASKED, lines | {line: "fax"})


@pytest.mark.parametrize(
    "picks",
    [
        [("overall", "good"), ("overall", "bad")],
        [("score", "101")],
        [("window", NOT_ASKED)],
        [("ways", "fax")],
    ],
)
def test_what_nobody_can_say_cannot_be_written(picks: list[tuple[str, str]]) -> None:
    with pytest.raises(UnwritableAnswerError):
        AnswerText.of(ASKED).write(picks)
