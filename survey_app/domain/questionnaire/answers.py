"""One answer on its way in: checked picks, ready to be kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.domain.ground.canonical import written_size
from survey_app.domain.ground.clean_text import characters, clean_comment
from survey_app.domain.ground.written_value import tidy_code
from survey_app.domain.questionnaire.ballot_lines import is_asked
from survey_app.domain.questionnaire.question import (
    ANSWERED,
    BLANK,
    NOT_ASKED,
    NUMBERS,
    Question,
    QuestionKind,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire

_DIGITS = re.compile(r"[0-9]{1,9}", re.ASCII)

COMMENT_LIMIT = 300
"""Characters as a person counts them; long enough for a remark, too short for a
confession."""
COMMENT_ROOM = 12_000
"""Bytes as JSON writes them: room for as many emoji, each made of ten parts."""

WIDEST = 6
"""Bytes of the widest letter in JSON, a control character."""


def surplus(text: str, room: int) -> int:
    """Return how many characters at the end of a comment are too many; 0: it fits.

    What a person counts as one character can be written with any number of letters, so
    the room is limited too.
    """
    if len(text) <= min(COMMENT_LIMIT, room // WIDEST):
        return 0  # nobody counts more characters than there are letters
    left = room
    for place, one in enumerate(found := characters(text)):
        left -= written_size(one)
        if place == COMMENT_LIMIT or left < 0:
            return len(found) - place
    return 0


@dataclass(frozen=True, slots=True)
class NewResponse:
    """A complete answer; from here on nobody remembers there was a browser."""

    survey_id: int
    channel_id: int
    rater_group: str
    subject_id: int
    picks: tuple[tuple[str, str], ...]
    """(question, choice), in the questionnaire's order."""
    comment: str
    receipt: bytes
    rehearsed: bool = False
    """Whether its page was a rehearsal's: it is kept in a rehearsal or not at all."""
    texts: tuple[tuple[str, str], ...] = ()
    """(question, what was written) of the questions answered in words."""

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        """All that was written: (question, text), the comment under ""."""
        return (*self.texts, *((("", self.comment),) if self.comment else ()))


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that has no usable answer, and why."""

    question: str
    why: str
    """"missing", "twice" or "unknown"; of a number "number", of a text "long" or
    "wide"; "not_asked" where it was answered although nobody asked it here."""


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """What was answered, question by question, and what is in the way."""

    picks: tuple[tuple[str, str], ...]
    """(question, choice) as a tally counts them: complete where there is no gap."""
    texts: tuple[tuple[str, str], ...]
    """(question, what was written)."""
    gaps: tuple[Gap, ...]


def read_answers(
    questionnaire: Questionnaire,
    sent: Mapping[str, Sequence[str]],
    *,
    room: int = COMMENT_ROOM,
) -> ReadAnswers:
    """Return what these fields answer, in the order asked.

    A question is asked where the choice it depends on was picked. What was answered
    beyond that is a gap: it is neither kept nor dropped without a word.
    """
    if questionnaire.is_plain and (plain := _plain_picks(questionnaire, sent)):
        return ReadAnswers(plain, (), ())
    picks: list[tuple[str, str]] = []
    texts: list[tuple[str, str]] = []
    gaps: list[Gap] = []
    for question in questionnaire.questions:
        said = _said(question, sent.get(question.key, ()), room)
        if question.show_if and not is_asked(question.show_if, picks):
            if said.picks or said.why not in ("", "missing"):
                gaps.append(Gap(question.key, NOT_ASKED))
            picks.append((question.key, NOT_ASKED))
        elif said.picks:
            picks += ((question.key, pick) for pick in said.picks)
            texts += ((question.key, text) for text in said.text)
        elif said.why == "missing" and question.optional:
            picks.append((question.key, BLANK))
        else:
            gaps.append(Gap(question.key, said.why))
    return ReadAnswers(tuple(picks), tuple(texts), tuple(gaps))


def _plain_picks(
    questionnaire: Questionnaire, sent: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, str], ...]:
    """Return the one choice of every question; nothing where there is any gap.

    Nearly all answers are of this kind, and many come at once.
    """
    picks = []
    for question in questionnaire.questions:
        values = sent.get(question.key, ())
        if len(values) != 1 or values[0] not in question.choice_keys:
            return ()
        picks.append((question.key, values[0]))
    return tuple(picks)


def gaps_in(
    questionnaire: Questionnaire, sent: Mapping[str, Sequence[str]]
) -> tuple[Gap, ...]:
    """Return what keeps these fields from being complete, in the order asked."""
    return read_answers(questionnaire, sent).gaps


@dataclass(frozen=True, slots=True)
class _Answered:
    """What one question was answered with, by itself."""

    picks: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    why: str = ""
    """What is wrong where there are no picks."""


def _said(question: Question, sent: Sequence[str], room: int) -> _Answered:
    """Return what these values answer."""
    if question.kind is QuestionKind.TEXT:
        return _text(sent, room)
    if question.kind is QuestionKind.NUMBER:
        return _number(sent)
    if not sent or (question.optional and set(sent) == {BLANK}):
        return _Answered(why="missing")
    if not question.choice_keys.issuperset(sent):
        return _Answered(why="unknown")
    if question.kind is QuestionKind.SEVERAL:
        ticked = (one.key for one in question.choices if one.key in sent)
        return _Answered((*ticked, ANSWERED))
    return _Answered(why="twice") if len(sent) > 1 else _Answered(tuple(sent))


def _number(sent: Sequence[str]) -> _Answered:
    typed = [tidy_code(one) for one in sent]
    if not any(typed):
        return _Answered(why="missing")
    if len(typed) > 1:
        return _Answered(why="twice")
    if not _DIGITS.fullmatch(typed[0]) or (number := str(int(typed[0]))) not in NUMBERS:
        return _Answered(why="number")
    return _Answered((number,))


def _text(sent: Sequence[str], room: int) -> _Answered:
    text = clean_comment("\n".join(sent))
    if not text:
        return _Answered(why="missing")
    if more := surplus(text, room):
        many = len(characters(text)) - more == COMMENT_LIMIT
        return _Answered(why="long" if many else "wide")
    return _Answered((ANSWERED,), (text,))
