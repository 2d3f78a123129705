"""A ballot before it is sealed and after it is opened: always of the same length.

Two bytes of length, the one canonical JSON text, zeros up to a size that depends on the
form alone. The text is what a browser's JSON.stringify writes: no spaces, subjects by
number, questions in the order of the questionnaire. Whoever reads it again takes
nothing else, so that a ballot cannot be marked by the way it is written.

There are two such texts in two envelopes. The answers are
{"v":1,"answers":{"12":{"welcome":"good",…},…}}: of every subject, lowest number first,
every line of the ballot (ballot_lines.py): a choice, a number in digits, "answered"
where something was written, "blank" or "not_asked"; of a question with several choices
"answered", then one line "question.choice" for each, "ticked" or "unticked".

What was written is {"v":1} for nothing, {"v":1,"subject":12,"text":"…"} for a comment,
with 0 as subject where it is about nobody by himself but about all of the unit. Where
the questionnaire asks for words there are more of them:
{"v":2,"texts":[[12,"why","…"],…,[0,"","…"]]}: subject, question and text, subjects by
number, questions as asked, the comment (question "") last; `comment_size` grows by
COMMENT_SIZE for each of them, whether it was written or not.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from survey_app.domain.ground.canonical import written_size
from survey_app.domain.questionnaire.ballot_lines import ballot_lines, is_whole_ballot
from survey_app.domain.questionnaire.ballot_rules import (
    BallotRule,
    BrokenRule,
    Mark,
    SheetRule,
    broken_rules,
    sheet_rules,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire

VERSION, WITH_TEXTS = 1, 2
WHOLE = 0
"""In place of a subject: nobody by himself, but all of the unit."""
LENGTH_BYTES = 2
STEP = 256
"""Sizes are multiples of this."""
COMMENT_SIZE = 2048
"""The same for all comments, written or not."""
MOST_TEXTS = 15
"""Questions answered in words times subjects: what one request has room for."""
COMMENT_ROOM = 2000
"""Bytes of it for the text as JSON writes it: 300 Chinese characters or plain emoji;
less of what is made of many parts."""


Written = tuple[int, str, str]
"""Subject or WHOLE, question or "" for the comment, and text."""


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
    lines: Mapping[str, tuple[str, ...]] = field(init=False, compare=False)
    """Line → everything that may stand there, about each subject."""
    answers_size: int = field(init=False)
    """How many bytes padded answers have, whatever was picked."""

    def __post_init__(self) -> None:
        """Raise ValueError for a form nobody could fill in."""
        if not self.subject_ids:
            raise ValueError("a ballot is about somebody")
        if len(set(self.subject_ids)) < len(self.subject_ids):
            raise ValueError("a ballot asks about each subject once")
        if len(self.texts) > MOST_TEXTS:
            raise ValueError("too many texts for one ballot")
        object.__setattr__(self, "lines", ballot_lines(self.questionnaire))
        size = _answers_size(self)
        if size > 256**LENGTH_BYTES:
            raise ValueError("too many subjects and questions for one ballot")
        object.__setattr__(self, "answers_size", size)

    @property
    def sheet_rules(self) -> tuple[SheetRule, ...]:
        """What the rules come to on a ballot about these subjects."""
        asked = [question.key for question in self.questionnaire.ratings]
        return sheet_rules(self.rules, self.subject_ids, asked)

    @property
    def texts(self) -> tuple[tuple[int, str], ...]:
        """What is answered in words: subject and question, in their order."""
        asked = self.questionnaire.texts
        return tuple((s, one.key) for s in sorted(self.subject_ids) for one in asked)

    @property
    def comment_size(self) -> int:
        """How many bytes all that is written has, padded, whatever was written."""
        return COMMENT_SIZE * (1 + len(self.texts))

    @property
    def commented(self) -> tuple[int, ...]:
        """What a comment may be about: a subject, or where there are several WHOLE."""
        return (*self.subject_ids, *((WHOLE,) if self.subject_ids[1:] else ()))

    @property
    def aad(self) -> bytes:
        """Return what binds an envelope to its batch: moved elsewhere it is spoiled."""
        return b"ballot\0" + _canonical(
            {"batch": self.batch_id, "survey": self.survey_id}
        )


@dataclass(frozen=True, slots=True)
class Ballot:
    """One complete answer: subject → line → what stands there."""

    picks: Mapping[int, Mapping[str, str]]

    @property
    def marks(self) -> dict[Mark, str]:
        """(subject, line) → what stands there; rules ask for those of ratings."""
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

    Malformed unless every question about every subject is answered as it can be.
    """
    if set(ballot.picks) != set(form.subject_ids):
        raise Malformed("other subjects than the form's")
    for answers in ballot.picks.values():
        if set(answers) != set(form.lines):
            raise Malformed("other questions than the form's")
        if not is_whole_ballot(form.questionnaire, answers):
            raise Malformed("a choice the question does not offer")
    return _padded(_answers(form, ballot.picks), form.answers_size)


def padded_comment(
    form: BallotForm, subject_id: int | None = None, text: str = ""
) -> bytes:
    """Return a comment as `form.comment_size` bytes; without text, that there is none.

    Malformed for a text that is too long or that a database cannot keep (U+0000, half a
    character), and for a subject the form does not ask about.
    """
    written = [(subject_id or WHOLE, "", text)] if text else []
    return padded_texts(form, written)


def padded_texts(form: BallotForm, written: Sequence[Written]) -> bytes:
    """Return all that was written as `form.comment_size` bytes.

    Malformed for what `padded_comment` refuses, and for two texts at one place.
    """
    texts = {(subject, question): text for subject, question, text in written}
    if len(texts) < len(written):
        raise Malformed("two texts at one place")
    if not all(fits(text) and text for text in texts.values()):
        raise Malformed("no text that could be kept")
    comments = [(subject, "") for subject in form.commented]
    if (
        not texts.keys() <= {*form.texts, *comments}
        or [q for _, q in texts].count("") > 1
    ):
        raise Malformed("another subject than the form's")
    if not texts:
        return _padded({"v": VERSION}, form.comment_size)
    if not form.texts:
        ((subject, _, text),) = written
        content: dict[str, object] = {"v": VERSION, "subject": subject, "text": text}
        return _padded(content, form.comment_size)
    ordered = [
        [*place, texts[place]] for place in (*form.texts, *comments) if place in texts
    ]
    return _padded({"v": WITH_TEXTS, "texts": ordered}, form.comment_size)


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
    """Return what `read_texts` finds of the comment; None where there is none."""
    texts = read_texts(form, padded)
    return next(((subject, text) for subject, key, text in texts if not key), None)


def read_texts(form: BallotForm, padded: bytes) -> tuple[Written, ...]:
    """Return all that was written; Malformed for what `padded_texts` never writes."""
    content = _unpadded(padded)
    listed = content.get("texts", [])
    if "subject" in content:
        listed = [[content["subject"], "", content.get("text")]]
    if not isinstance(listed, list):
        raise Malformed("no texts")
    found = tuple(_written(one) for one in listed)
    _same(padded, padded_texts(form, found))
    return found


def _written(one: object) -> Written:
    """Return one text that was written; Malformed where it is none."""
    match one:
        # `True` is a whole number to Python, and not to anybody else.
        case [int(subject), str(question), str(text)] if not isinstance(subject, bool):
            return subject, question, text
    raise Malformed("no comment")


def _answers_size(form: BallotForm) -> int:
    """Return the length of the longest answers, up to the next step, in bytes."""
    longest = {
        line: max(offered, key=lambda said: len(_canonical(said)))
        for line, offered in form.lines.items()
    }
    written = _canonical(_answers(form, dict.fromkeys(form.subject_ids, longest)))
    return -(-(LENGTH_BYTES + len(written)) // STEP) * STEP


def _answers(form: BallotForm, picks: Mapping[int, Mapping[str, str]]) -> object:
    """Return the answers in the one order they are written in."""
    answers = {
        str(subject): {key: picks[subject][key] for key in form.lines}
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
