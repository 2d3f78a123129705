"""Laws of the respondent's form, for whatever a network may deliver."""

import unicodedata
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.ground.canonical import written_size
from survey_app.domain.ground.clean_text import (
    _CLEAN,
    _cleaned,
    characters,
    clean_comment,
)
from survey_app.domain.ground.refusals import UnreadableForm
from survey_app.domain.questionnaire.answers import COMMENT_LIMIT, surplus
from survey_app.forms.answer_form import AnswerForm
from survey_app.forms.sent_fields import CONTENT_TYPE
from tests.support.respondents import QUESTIONNAIRE
from tests.unit.forms.test_answer_form import SUBMISSION, Asking

NAMES = st.sampled_from(
    ["welcome", "solved", "subject", "comment", "submission", "redraw", "else"]
)
VALUES = st.one_of(
    st.sampled_from(["good", "bad", "dont_know", "7", "8", "", SUBMISSION]),
    st.text(max_size=400),
)
PAIRS = st.lists(st.tuples(NAMES, VALUES), max_size=12)
COMPLETE = st.fixed_dictionaries(
    {
        question.key: st.sampled_from(sorted(question.choice_keys))
        for question in QUESTIONNAIRE.questions
    }
    | {"submission": st.binary(min_size=16, max_size=16).map(bytes.hex)}
)


def read(pairs: list[tuple[str, str]]) -> AnswerForm:
    return AnswerForm.read(urlencode(pairs).encode(), content_type=CONTENT_TYPE)


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_form_or_refused(body: bytes) -> None:
    try:
        form = AnswerForm.read(body, content_type=CONTENT_TYPE)
    except UnreadableForm:
        return
    form.flaws(Asking())


@given(PAIRS)
def test_what_was_sent_once_is_what_was_picked(pairs: list[tuple[str, str]]) -> None:
    form = read(pairs)

    for name, value in pairs:
        alone = [sent for sent, _ in pairs].count(name) == 1
        assert form.picked(name) == (value if alone else None)


@given(PAIRS)
def test_a_form_without_flaws_is_a_whole_answer(pairs: list[tuple[str, str]]) -> None:
    form = read(pairs)
    if form.flaws(Asking()):
        return

    answer = form.to_response(Asking())

    asked = {q.key: q.choice_keys for q in QUESTIONNAIRE.questions}
    assert [question for question, _ in answer.picks] == list(asked)
    assert all(choice in asked[question] for question, choice in answer.picks)
    assert answer.subject_id == 7


@given(COMPLETE, st.text(max_size=COMMENT_LIMIT))
def test_a_whole_form_has_no_flaws_whatever_the_comment(
    fields: dict[str, str], comment: str
) -> None:
    form = read([*fields.items(), ("comment", comment)])

    assert form.flaws(Asking()) == ()


@given(
    COMPLETE,
    st.sets(st.sampled_from(["welcome", "solved", "submission"]), max_size=1),
    st.one_of(st.just([]), PAIRS),
    st.text(max_size=2 * COMMENT_LIMIT),
    st.booleans(),
)
def test_one_pass_takes_for_an_answer_only_what_the_strict_reading_does(
    fields: dict[str, str],
    missing: set[str],
    more: list[tuple[str, str]],
    comment: str,
    rehearsed: bool,  # noqa: FBT001
) -> None:
    """And, where there are no rules, everything that is one in the usual way."""
    sent = [pair for pair in fields.items() if pair[0] not in missing]
    form = read([*sent, ("comment", comment), *more])
    asking = Asking(is_rehearsal=rehearsed)

    strict = form._flaws(asking)

    assert form.flaws(asking) == strict
    if form._is_whole(asking):
        assert strict == ()
    elif not strict:
        assert "subject" in form.fields or form.sent.garbled


@given(st.text(), st.sampled_from([1, 40, 12_000]))
def test_surplus_of_a_short_text_is_what_counting_says(text: str, room: int) -> None:
    left = room
    expected = 0
    for place, one in enumerate(found := characters(text)):
        left -= written_size(one)
        if place == COMMENT_LIMIT or left < 0:
            expected = len(found) - place
            break

    assert surplus(text, room) == expected


@given(st.from_regex(_CLEAN, fullmatch=True))
def test_what_is_clean_at_a_glance_is_left_by_cleaning(text: str) -> None:
    assert _cleaned(text) == text
    assert clean_comment(text) == text


@given(st.text())
def test_a_kept_comment_can_be_stored_anywhere(comment: str) -> None:
    kept = read([("comment", comment)]).comment

    assert all(c in "\n\t" or unicodedata.category(c) != "Cc" for c in kept)
    assert kept == kept.strip()


@given(COMPLETE, PAIRS)
def test_a_receipt_knows_nothing_of_the_answers(
    fields: dict[str, str], others: list[tuple[str, str]]
) -> None:
    submission = fields["submission"]
    rest = [pair for pair in others if pair[0] != "submission"]

    assert (
        read([*fields.items()]).receipt
        == read([*rest, ("submission", submission)]).receipt
    )
