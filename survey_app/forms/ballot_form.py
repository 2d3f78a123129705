"""What somebody with a ticket may send: a code, or a code and a whole ballot.

Values are padded to one length inside each question, and so is whom a comment is about:
who watches the network sees how long a request is, and a row of "poor" must not be
shorter than a row of "excellent".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from survey_app.ballot.paper.ballot import COMMENT_ROOM, Ballot, BallotForm
from survey_app.ballot.paper.ticket import NONCE_BYTES
from survey_app.domain.questionnaire.ballot_rules import Mark
from survey_app.domain.questionnaire.questionnaire import Question
from survey_app.forms.answer_form import COMMENT, REDRAW, AnswerForm, Flaw, rule_flaws
from survey_app.forms.sent_fields import fields_in

CODE, ABOUT, TRACKER, PAGE, KEY = "code", "about", "tracker", "page", "key"
MOST_FIELDS = 2000
"""More than any ballot asks."""
NONCE = re.compile(f"[0-9a-f]{{{2 * NONCE_BYTES}}}")
PAD = "."
"""Stands in no key and is sent as it is, one byte."""


def field_of(subject_id: int, question_key: str) -> str:
    """Return the name of the field that holds this answer."""
    return f"{subject_id}.{question_key}"


def padded_choices(question: Question) -> tuple[str, ...]:
    """Return what is sent for each choice of a question, all of one length."""
    longest = max(len(choice.key) for choice in question.choices)
    return tuple(choice.key.ljust(longest, PAD) for choice in question.choices)


def padded_ids(form: BallotForm) -> dict[int | None, str]:
    """Return what is sent for each subject, and for none, all of one length."""
    longest = max(len(str(subject)) for subject in form.subject_ids)
    sent: dict[int | None, str] = {None: PAD * longest}
    for subject in form.subject_ids:
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

    def damage(self) -> tuple[Flaw, ...]:
        """Return what of the comment was lost on its way, if anything was."""
        return self.sent.damage()

    def flaws(self, form: BallotForm) -> tuple[Flaw, ...]:
        """Return what keeps this from being a ballot, in the order of the page."""
        return (
            *self._foreign_fields(form),
            *rule_flaws(form.sheet_rules, self._marks(form)),
            *self._gaps(form),
            *self._comment_flaws(form),
        )

    def to_ballot(self, form: BallotForm) -> Ballot:
        """Return the ballot; call only where `flaws` found none."""
        asked = [question.key for question in form.questionnaire.questions]
        picks = {
            subject: {key: self.picked(field_of(subject, key)) or "" for key in asked}
            for subject in form.subject_ids
        }
        return Ballot(picks)

    def to_comment(self, form: BallotForm) -> tuple[int, str] | None:
        """Return subject and text, None where nothing was written."""
        if not self.comment:
            return None
        return int(self.picked(ABOUT) or form.subject_ids[0]), self.comment

    def _foreign_fields(self, form: BallotForm) -> Iterator[Flaw]:
        """Yield one flaw where something was answered that nobody asked."""
        asked = {name for name, _ in _asked(form)}
        if self.fields.keys() - asked - {CODE, PAGE, ABOUT, COMMENT, REDRAW}:
            yield Flaw("", "unknown")

    def _marks(self, form: BallotForm) -> dict[Mark, str]:
        """Return what was picked, about whom."""
        return {
            (subject, question.key): picked
            for subject in form.subject_ids
            for question in form.questionnaire.questions
            if (picked := self.picked(field_of(subject, question.key)))
            in question.choice_keys
            and picked is not None
        }

    def _gaps(self, form: BallotForm) -> Iterator[Flaw]:
        for name, question in _asked(form):
            sent = self.fields.get(name, ())
            if not sent:
                yield Flaw(name, "missing")
            elif len(sent) > 1:
                yield Flaw(name, "twice")
            elif sent[0].rstrip(PAD) not in question.choice_keys:
                yield Flaw(name, "unknown")

    def _comment_flaws(self, form: BallotForm) -> Iterator[Flaw]:
        about = [value.rstrip(PAD) for value in self.fields.get(ABOUT, ())]
        known = {str(subject) for subject in form.subject_ids}
        if len(about) > 1:
            yield Flaw(ABOUT, "twice")
        elif set(about) - known - {""}:
            yield Flaw(ABOUT, "unknown")
        elif self.comment and len(known) > 1 and not any(about):
            yield Flaw(ABOUT, "missing")
        yield from self.sent.comment_flaws()


def _asked(form: BallotForm) -> Iterator[tuple[str, Question]]:
    """Yield every field of the ballot with its question."""
    for subject in form.subject_ids:
        for question in form.questionnaire.questions:
            yield field_of(subject, question.key), question
