"""A ballot before it is sealed and after it is opened: always of the same length.

Two bytes of length, the one canonical JSON text, zeros up to a size that depends on the
form alone. The text is what a browser's JSON.stringify writes: no spaces, subjects by
number, questions in the order of the questionnaire. Whoever reads it again takes
nothing else, so that a ballot cannot be marked by the way it is written.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.domain.ground.canonical import written_size
from survey_app.domain.questionnaire.ballot_rules import (
    BallotRule,
    BrokenRule,
    Mark,
    SheetRule,
    broken_rules,
    sheet_rules,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire

VERSION = 1
LENGTH_BYTES = 2
STEP = 256
"""Sizes are multiples of this."""
COMMENT_SIZE = 2048
"""The same for all comments, written or not."""
COMMENT_ROOM = 2000
"""Bytes of it for the text as JSON writes it: 300 Chinese characters or plain emoji;
less of what is made of many parts."""


class Malformed(ValueError):  # noqa: N818 -- it is counted as spoiled, no error
    """What was sealed is not exactly one complete ballot, or one comment."""


@dataclass(frozen=True, slots=True)
class BallotForm:
    """What one ballot of a batch answers: every question about every subject."""

    survey_id: int
    batch_id: str
    questionnaire: Questionnaire
    subject_ids: tuple[int, ...]
    rules: tuple[BallotRule, ...] = ()
    """What a ballot must obey to be valid."""
    answers_size: int = field(init=False)
    """How many bytes padded answers have, whatever was picked."""

    def __post_init__(self) -> None:
        """Raise ValueError for a form nobody could fill in."""
        if not self.subject_ids:
            raise ValueError("a ballot is about somebody")
        if len(set(self.subject_ids)) < len(self.subject_ids):
            raise ValueError("a ballot asks about each subject once")
        size = _answers_size(self)
        if size > 256**LENGTH_BYTES:
            raise ValueError("too many subjects and questions for one ballot")
        object.__setattr__(self, "answers_size", size)

    @property
    def sheet_rules(self) -> tuple[SheetRule, ...]:
        """What the rules come to on a ballot about these subjects."""
        asked = [question.key for question in self.questionnaire.questions]
        return sheet_rules(self.rules, self.subject_ids, asked)

    @property
    def aad(self) -> bytes:
        """Return what binds an envelope to its batch: moved elsewhere it is spoiled."""
        return b"ballot\0" + _canonical(
            {"batch": self.batch_id, "survey": self.survey_id}
        )


@dataclass(frozen=True, slots=True)
class Ballot:
    """One complete answer: subject → question → choice."""

    picks: Mapping[int, Mapping[str, str]]

    @property
    def marks(self) -> dict[Mark, str]:
        """(subject, question) → choice."""
        return {
            (subject, question): choice
            for subject, answers in self.picks.items()
            for question, choice in answers.items()
        }

    def breaks(self, form: BallotForm) -> tuple[BrokenRule, ...]:
        """Return the rules of the form that this ballot breaks: empty, it is valid."""
        return broken_rules(form.sheet_rules, self.marks) if form.rules else ()


def padded_answers(form: BallotForm, ballot: Ballot) -> bytes:
    """Return the answers as `form.answers_size` bytes, ready to be sealed.

    Malformed unless every question about every subject has one of its choices.
    """
    wanted = {question.key: question for question in form.questionnaire.questions}
    if set(ballot.picks) != set(form.subject_ids):
        raise Malformed("other subjects than the form's")
    for answers in ballot.picks.values():
        if set(answers) != set(wanted):
            raise Malformed("other questions than the form's")
        if any(pick not in wanted[key].choice_keys for key, pick in answers.items()):
            raise Malformed("a choice the question does not offer")
    return _padded(_answers(form, ballot.picks), form.answers_size)


def padded_comment(
    form: BallotForm, subject_id: int | None = None, text: str = ""
) -> bytes:
    """Return a comment as COMMENT_SIZE bytes; without a text, that there is none.

    Malformed for a text that is too long or that a database cannot keep (U+0000, half a
    character), and for a subject the form does not ask about.
    """
    if not text:
        return _padded({"v": VERSION}, COMMENT_SIZE)
    if subject_id not in form.subject_ids:
        raise Malformed("another subject than the form's")
    if not fits(text):
        raise Malformed("no text that could be kept")
    written = {"v": VERSION, "subject": subject_id, "text": text}
    return _padded(written, COMMENT_SIZE)


def fits(text: str) -> bool:
    """Return whether a comment can be sealed, and kept by a database, as it is.

    How many characters a person counts in it is asked where it is typed; a holder's
    machine, which reads it again, has no table of them.
    """
    return written_size(text) <= COMMENT_ROOM and "\0" not in text


def read_answers(form: BallotForm, padded: bytes) -> Ballot:
    """Return the ballot; Malformed for all that `padded_answers` would not write."""
    content = _unpadded(padded).get("answers")
    if not isinstance(content, dict):
        raise Malformed("no answers")
    names = {str(subject): subject for subject in form.subject_ids}
    picks: dict[int, dict[str, str]] = {}
    for name, answers in content.items():
        if name not in names or not isinstance(answers, dict):
            raise Malformed("no answers about a subject of the form")
        if not all(isinstance(pick, str) for pick in answers.values()):
            raise Malformed("no choice")
        picks[names[name]] = answers
    ballot = Ballot(picks)
    _same(padded, padded_answers(form, ballot))
    return ballot


def read_comment(form: BallotForm, padded: bytes) -> tuple[int, str] | None:
    """Return subject and text, or None where nothing was written.

    Malformed for all that `padded_comment` would not write.
    """
    content = _unpadded(padded)
    subject_id, text = content.get("subject"), content.get("text", "")
    if not isinstance(text, str):
        raise Malformed("no comment")
    if subject_id is None:
        _same(padded, padded_comment(form))
        return None
    # `True` is a whole number to Python, and not to anybody else.
    if not isinstance(subject_id, int) or isinstance(subject_id, bool):
        raise Malformed("no comment")
    _same(padded, padded_comment(form, subject_id, text))
    return subject_id, text


def _answers_size(form: BallotForm) -> int:
    """Return the length of the longest answers, up to the next step, in bytes."""
    longest = {
        question.key: max(
            (choice.key for choice in question.choices),
            key=lambda key: len(_canonical(key)),
        )
        for question in form.questionnaire.questions
    }
    written = _canonical(_answers(form, dict.fromkeys(form.subject_ids, longest)))
    return -(-(LENGTH_BYTES + len(written)) // STEP) * STEP


def _answers(form: BallotForm, picks: Mapping[int, Mapping[str, str]]) -> object:
    """Return the answers in the one order they are written in."""
    asked = [question.key for question in form.questionnaire.questions]
    answers = {
        str(subject): {key: picks[subject][key] for key in asked}
        for subject in sorted(form.subject_ids)
    }
    return {"v": VERSION, "answers": answers}


def _canonical(content: object) -> bytes:
    """Return the one JSON text of this content, as a browser writes it."""
    try:
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return text.encode()
    except UnicodeEncodeError as error:
        raise Malformed("half a character") from error


def _padded(content: object, size: int) -> bytes:
    """Return length, text and zeros: `size` bytes."""
    text = _canonical(content)
    return (len(text).to_bytes(LENGTH_BYTES) + text).ljust(size, b"\0")


def _unpadded(padded: bytes) -> dict[str, object]:
    """Return what the text says; Malformed where it is no JSON object."""
    length = int.from_bytes(padded[:LENGTH_BYTES])
    try:
        content = json.loads(padded[LENGTH_BYTES : LENGTH_BYTES + length].decode())
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(content, dict):
        raise Malformed("not an object")
    return content


def _same(padded: bytes, written_again: bytes) -> None:
    """Raise Malformed unless it was written the one way it can be."""
    if padded != written_again:
        raise Malformed("not written as every ballot is")
