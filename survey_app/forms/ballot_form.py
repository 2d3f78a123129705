"""What somebody with a ticket may send: a code, or a code and a whole ballot.

Values are padded to one length inside each question, and so is whom a comment is about:
who watches the network sees how long a request is, and a row of "poor" must not be
shorter than a row of "excellent". Of every choice is sent whether it is ticked, and of
a question that may stay open that it does. Only what is typed has a length of its own:
words, and of a number up to three digits, which the page's script pads too.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from survey_app.ballot.paper.ballot import (
    COMMENT_ROOM,
    Ballot,
    BallotForm,
    Written,
)
from survey_app.ballot.paper.ticket import NONCE_BYTES
from survey_app.ballot.sealing.envelope import SealedBallot
from survey_app.domain.questionnaire.answers import ReadAnswers, read_answers
from survey_app.domain.questionnaire.ballot_lines import (
    TICKED,
    TICKS,
    line_of,
    lines_of,
)
from survey_app.domain.questionnaire.ballot_rules import Mark
from survey_app.domain.questionnaire.question import (
    BLANK,
    NOT_ASKED,
    ONE_CHOICE,
    Question,
    QuestionKind,
)
from survey_app.forms.answer_form import (
    COMMENT,
    REDRAW,
    AnswerForm,
    Flaw,
    gap_flaws,
    rule_flaws,
)
from survey_app.forms.sent_fields import UNREADABLE, fields_in

CODE, ABOUT, TRACKER, PAGE, KEY = "code", "about", "tracker", "page", "key"
SEALED = "sealed"
"""The two envelopes of a ballot that was sealed on the device, one after the other, in
base64url without padding."""
_SEALED = re.compile("[A-Za-z0-9_-]*")
MOST_FIELDS = 2000
"""More than any ballot asks."""
NONCE = re.compile(f"[0-9a-f]{{{2 * NONCE_BYTES}}}")
PAD = "."
"""Stands in no key and is sent as it is, one byte."""


def field_of(subject_id: int, question_key: str) -> str:
    """Return the name of the field that holds this answer."""
    return f"{subject_id}.{question_key}"


def sent_choices(question: Question) -> tuple[str, ...]:
    """Return everything that can be picked of a question with one choice."""
    return tuple(one.key for one in question.choices) + left_open(question)


def left_open(question: Question) -> tuple[str, ...]:
    """Return what is picked on a fresh page, so that something always is; or nothing.

    A question that is not asked of everybody stays at that, one that may be left empty
    at this.
    """
    if question.show_if:
        return (NOT_ASKED,)
    return (BLANK,) if question.optional else ()


def padded(values: Sequence[str]) -> tuple[str, ...]:
    """Return these values, all of one length."""
    longest = max(map(len, values))
    return tuple(value.ljust(longest, PAD) for value in values)


def padded_ids(form: BallotForm) -> dict[int | None, str]:
    """Return what is sent for each subject, for all and for none, all of one length."""
    longest = max(len(str(subject)) for subject in form.commented)
    sent: dict[int | None, str] = {None: PAD * longest}
    for subject in form.commented:
        sent[subject] = str(subject).ljust(longest, PAD)
    return sent


@dataclass(frozen=True, slots=True)
class SentBallot:
    """One sent form as it came; `flaws` says whether it is a ballot."""

    sent: AnswerForm

    @classmethod
    def read(cls, body: bytes, *, content_type: str, cut: bool = False) -> Self:
        """Return the form in a request's body, or in its beginning.

        Raises UnreadableForm where it is none.
        """
        fields = fields_in(body, content_type=content_type, most=MOST_FIELDS, cut=cut)
        return cls(AnswerForm(fields, COMMENT_ROOM))

    @property
    def fields(self) -> Mapping[str, tuple[str, ...]]:
        """Everything that was sent."""
        return self.sent.fields

    @property
    def code(self) -> str:
        """The code as it was typed; "" for none or several."""
        return self.sent.picked(CODE) or ""

    @property
    def nonce(self) -> bytes:
        """The nonce of the page that was sent; b"" where it carries none."""
        written = self.sent.picked(PAGE) or ""
        return bytes.fromhex(written) if NONCE.fullmatch(written) else b""

    @property
    def only_code(self) -> bool:
        """Whether the ballot itself has not been shown yet."""
        return self.fields.keys() <= {CODE, PAGE}

    @property
    def is_sealed(self) -> bool:
        """Whether it was sealed on the device."""
        return SEALED in self.fields

    def sealed(self, sizes: tuple[int, int]) -> SealedBallot | None:
        """Return the envelopes; None unless they have these sizes and come alone."""
        written = self.sent.picked(SEALED) or ""
        if self.fields.keys() != {CODE, PAGE, SEALED} or not _SEALED.fullmatch(written):
            return None
        answers, note = sizes
        if len(written) != -(-(answers + note) * 4 // 3):
            return None
        both = urlsafe_b64decode(written + "=" * (-len(written) % 4))
        return SealedBallot(both[:answers], both[answers:])

    @property
    def half_typed(self) -> bool:
        """Whether another look is asked for while the code is being typed."""
        return self.redraws and self.fields.keys() <= {CODE, REDRAW, PAGE}

    @property
    def redraws(self) -> bool:
        """Whether only another look of the page is asked for."""
        return self.sent.redraws

    @property
    def comment(self) -> str:
        """The comment as it can be kept."""
        return self.sent.comment

    @property
    def typed(self) -> str:
        """The comment as it was typed."""
        return self.sent.typed

    @property
    def surplus(self) -> int:
        """How many characters at the comment's end are too many."""
        return self.sent.surplus

    def picked(self, field: str) -> str | None:
        """Return what was picked in this field; None for nothing or several."""
        value = self.sent.picked(field)
        return None if value is None else value.rstrip(PAD)

    def ticked(self, field: str) -> tuple[str, ...]:
        """Return everything that was picked in this field."""
        return tuple(value.rstrip(PAD) for value in self.fields.get(field, ()))

    def typed_in(self, field: str) -> str:
        """Return what was typed into this field."""
        return self.sent.typed_in(field).rstrip(PAD)

    def surplus_in(self, field: str) -> int:
        """Return how many characters at the end of this field are too many."""
        return self.sent.surplus_in(field)

    def damage(self) -> tuple[Flaw, ...]:
        """Return what of the comment was lost on its way, if anything was."""
        return self.sent.damage()

    def flaws(self, form: BallotForm) -> tuple[Flaw, ...]:
        """Return what keeps this from being a ballot, in the order of the page."""
        read = {subject: self._read(form, subject) for subject in form.subject_ids}
        return (
            *self._foreign_fields(form),
            *rule_flaws(form.sheet_rules, _marks(read)),
            *(
                flaw
                for subject, answers in read.items()
                for flaw in gap_flaws(
                    form.questionnaire, answers, field_of(subject, "")
                )
            ),
            *self._garbled_texts(form),
            *self._comment_flaws(form),
        )

    def to_ballot(self, form: BallotForm) -> Ballot:
        """Return the ballot; call only where `flaws` found none."""
        return Ballot(
            {
                subject: lines_of(form.questionnaire, self._read(form, subject).picks)
                for subject in form.subject_ids
            }
        )

    def to_texts(self, form: BallotForm) -> list[Written]:
        """Return all that was written; call only where `flaws` found none."""
        texts: list[Written] = [
            (subject, *text)
            for subject in form.subject_ids
            for text in self._read(form, subject).texts
        ]
        if self.comment:
            about = int(self.picked(ABOUT) or form.subject_ids[0])
            texts.append((about, "", self.comment))
        return texts

    def _read(self, form: BallotForm, subject_id: int) -> ReadAnswers:
        """Return what was answered about one subject."""
        sent = {
            question.key: self._sent(field_of(subject_id, question.key), question)
            for question in form.questionnaire.questions
        }
        return read_answers(form.questionnaire, sent, room=COMMENT_ROOM)

    def _sent(self, field: str, question: Question) -> tuple[str, ...]:
        """Return what was sent of one question, as `read_answers` takes it."""
        if question.kind is QuestionKind.TEXT:
            return self.fields.get(field, ())
        if question.kind is QuestionKind.SEVERAL:
            lines = [
                (choice.key, self.ticked(line_of(field, choice.key)))
                for choice in question.choices
            ]
            strange = {one for _, said in lines for one in said} - {*TICKS}
            twice = any(len(said) > 1 for _, said in lines)
            return (
                tuple(key for key, said in lines if said == (TICKED,))
                if not (strange or twice)
                else ("",)
            )
        if question.kind in ONE_CHOICE:
            open_as = left_open(question)
            return tuple(one for one in self.ticked(field) if one not in open_as)
        return self.ticked(field)

    def _foreign_fields(self, form: BallotForm) -> Iterator[Flaw]:
        """Yield one flaw where something was answered that nobody asked."""
        asked = {
            field_of(subject, line)
            for subject in form.subject_ids
            for line in form.lines
        }
        if self.fields.keys() - asked - {CODE, PAGE, ABOUT, COMMENT, REDRAW}:
            yield Flaw("", "unknown")

    def _garbled_texts(self, form: BallotForm) -> Iterator[Flaw]:
        """Yield the answers in words of which something was lost on its way."""
        for place in form.texts if self.sent.sent.garbled else ():
            if UNREADABLE in self.typed_in(field := field_of(*place)):
                yield Flaw(field, "garbled")

    def _comment_flaws(self, form: BallotForm) -> Iterator[Flaw]:
        about = [value.rstrip(PAD) for value in self.fields.get(ABOUT, ())]
        known = {str(subject) for subject in form.commented}
        if len(about) > 1:
            yield Flaw(ABOUT, "twice")
        elif set(about) - known - {""}:
            yield Flaw(ABOUT, "unknown")
        elif self.comment and len(known) > 1 and not any(about):
            yield Flaw(ABOUT, "missing")
        yield from self.sent.comment_flaws()


def _marks(read: Mapping[int, ReadAnswers]) -> dict[Mark, str]:
    """Return what was picked, about whom."""
    return {
        (subject, question): picked
        for subject, answers in read.items()
        for question, picked in answers.picks
    }
