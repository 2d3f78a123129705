"""An answer is written as short as it can be, and no letter of it changes unseen."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.answer_text import (
    PRIME,
    SYMBOLS,
    AnswerText,
    UnreadableAnswersError,
    UnwritableAnswerError,
)
from survey_app.domain.questionnaire.questionnaire import (
    Choice,
    Question,
    Questionnaire,
)

WORDS = Bilingual("字", "words")


def asking(*choices: int) -> Questionnaire:
    """A questionnaire whose questions have so many choices."""
    return Questionnaire(
        key="any", version=1, title=WORDS, introduction=WORDS, source=WORDS,
        questions=tuple(
            Question(
                f"q{number}",
                WORDS,
                tuple(Choice(f"c{place}", WORDS) for place in range(count)),
            )
            for number, count in enumerate(choices)
        ),
    )  # fmt: skip


@st.composite
def answered(draw: st.DrawFn) -> tuple[Questionnaire, list[dict[str, str]]]:
    """A questionnaire and what some people picked of it, not always everything."""
    asked = asking(
        *draw(st.lists(st.sampled_from((2, 5, 60, 61, 200)), min_size=1, max_size=9))
    )
    one = st.fixed_dictionaries(
        {},
        optional={
            question.key: st.sampled_from([choice.key for choice in question.choices])
            for question in asked.questions
        },
    )
    return asked, draw(st.lists(one, min_size=1, max_size=9))


@given(answered())
def test_what_is_written_is_counted_whatever_lies_beside_it(
    made: tuple[Questionnaire, list[dict[str, str]]],
) -> None:
    asked, people = made
    text = AnswerText.of(asked)
    texts = [text.write(picks.items()) for picks in people]

    assert {len(one) for one in texts} == {text.length}
    assert [dict(text.read(one)) for one in texts] == people
    counted = {(q, c): n for q, c, n in text.count("".join(texts), len(texts))}
    assert counted == Counter(pick for picks in people for pick in picks.items())


@given(answered(), st.data())
def test_a_letter_that_was_changed_is_seen(
    made: tuple[Questionnaire, list[dict[str, str]]], data: st.DataObject
) -> None:
    asked, people = made
    text = AnswerText.of(asked)
    texts = "".join(text.write(picks.items()) for picks in people)
    place = data.draw(st.integers(0, len(texts) - 1))
    is_check = place % text.length == text.length - 1
    others = set(SYMBOLS[:PRIME] if is_check else SYMBOLS + "-é") - {texts[place]}
    changed = (
        texts[:place] + data.draw(st.sampled_from(sorted(others))) + texts[place + 1 :]
    )
    if text.width == 2 and not is_check:
        return  # of two letters one may stand for a choice so many places away

    with pytest.raises(UnreadableAnswersError):
        text.count(changed, len(people))


def test_eight_questions_take_ten_letters() -> None:
    text = AnswerText.of(asking(*[5] * 8))

    assert len(text.write([(f"q{number}", "c4") for number in range(8)])) == 10


@pytest.mark.parametrize("picks", [[("q0", "c2")], [("q1", "c0")]])
def test_what_was_not_asked_cannot_be_written(picks: list[tuple[str, str]]) -> None:
    with pytest.raises(UnwritableAnswerError):
        AnswerText.of(asking(2)).write(picks)
