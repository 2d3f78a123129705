"""What a respondent may send: fields ⇄ one complete answer, read strictly.

No Flask-WTF here, for two reasons. Its guard against forged requests needs a cookie,
and a respondent is never given one; there is no session that a forged request could
abuse. And its form objects cost most of the page: measured, a server gives this page
out eight times as often from ready bytes as with WTForms fields.
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol, Self
from urllib.parse import parse_qsl

from survey_app.domain.printed_code import SUBMISSION_BYTES, receipt_of
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.refusals import UnreadableForm
from survey_app.domain.response import COMMENT_LIMIT, NewResponse, gaps_in

CONTENT_TYPE = "application/x-www-form-urlencoded"
MOST_FIELDS = 500
SUBJECT, COMMENT, SUBMISSION, REDRAW = "subject", "comment", "submission", "redraw"
REHEARSAL = "rehearsal"
"""Names of fields, beside one for each question, whose name is the question's key.
`redraw` asks for the same page in another look, with everything still in it;
`rehearsal` stands in the page of a survey that is only tried."""
_HEX = frozenset("0123456789abcdef")


class Addressee(Protocol):
    """What a form must know of a subject."""

    @property
    def id(self) -> int:
        """Its number."""


class Asking(Protocol):
    """What a form must know of the channel it came through."""

    @property
    def survey_id(self) -> int:
        """The survey answered."""

    @property
    def channel_id(self) -> int:
        """The channel itself."""

    @property
    def rater_group(self) -> str:
        """Who answers here."""

    @property
    def questionnaire(self) -> Questionnaire:
        """What is asked."""

    @property
    def is_rehearsal(self) -> bool:
        """Whether the survey is only tried."""

    @property
    def subjects(self) -> Sequence[Addressee]:
        """Who may be rated; one, or several to choose from."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What keeps a form from being an answer."""

    field: str
    """The field's name; "" where the flaw is the whole form's."""
    why: str
    """"missing", "twice", "unknown", "long", "stale", "over" or "begun"."""


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """One sent form as it came; `flaws` says whether it is an answer."""

    fields: Mapping[str, tuple[str, ...]]

    @classmethod
    def fresh(cls, submission: str) -> Self:
        """Return the form of somebody who has not answered yet."""
        return cls(MappingProxyType({SUBMISSION: (submission,)}))

    @classmethod
    def read(cls, body: bytes, *, content_type: str) -> Self:
        """Return the form in a request's body.

        Raises UnreadableForm where the body is no urlencoded form, not UTF-8, or has
        more fields than any questionnaire.
        """
        fields = fields_in(body, content_type=content_type, most=MOST_FIELDS)
        return cls(fields)

    @property
    def submission(self) -> str:
        """The submission id the page was served with; "" where there is none."""
        sent = self.fields.get(SUBMISSION, ())
        right = len(sent) == 1 and len(sent[0]) == 2 * SUBMISSION_BYTES
        return sent[0] if right and set(sent[0]) <= _HEX else ""

    @property
    def receipt(self) -> bytes:
        """The receipt this form has, however often it is sent."""
        return receipt_of(bytes.fromhex(self.submission))

    @property
    def comment(self) -> str:
        """The comment as it can be kept: line ends are LF, no control characters."""
        text = "\n".join(self.fields.get(COMMENT, ())).replace("\r\n", "\n")
        return "".join(filter(_is_text, text.replace("\r", "\n"))).strip()

    @property
    def redraws(self) -> bool:
        """Whether only another look of the page is asked for."""
        return REDRAW in self.fields

    @property
    def is_rehearsal(self) -> bool:
        """Whether it came from the page of a rehearsal."""
        return REHEARSAL in self.fields

    def picked(self, field: str) -> str | None:
        """Return what was picked in this field; None for nothing or several."""
        sent = self.fields.get(field, ())
        return sent[0] if len(sent) == 1 else None

    def flaws(self, asking: Asking) -> tuple[Flaw, ...]:
        """Return what keeps this from being an answer, in the order of the page."""
        gaps = gaps_in(asking.questionnaire, self.fields)
        return (
            *self._foreign_fields(asking.questionnaire),
            *self._subject_flaws({str(subject.id) for subject in asking.subjects}),
            *(Flaw(gap.question, gap.why) for gap in gaps),
            *([Flaw(COMMENT, "long")] if len(self.comment) > COMMENT_LIMIT else []),
            *([] if self.submission else [Flaw(SUBMISSION, "stale")]),
            *self._rehearsal_flaw(asking),
        )

    def to_response(self, asking: Asking) -> NewResponse:
        """Return the answer; call only where `flaws` found none."""
        chosen = self.picked(SUBJECT)
        return NewResponse(
            survey_id=asking.survey_id,
            channel_id=asking.channel_id,
            rater_group=asking.rater_group,
            subject_id=int(chosen) if chosen else asking.subjects[0].id,
            picks=tuple(
                (question.key, self.fields[question.key][0])
                for question in asking.questionnaire.questions
            ),
            comment=self.comment,
            receipt=self.receipt,
            rehearsed=self.is_rehearsal,
        )

    def _rehearsal_flaw(self, asking: Asking) -> Iterator[Flaw]:
        """Yield that a trial was sent in earnest, or the other way round.

        Nobody's trial becomes an answer because a state turned meanwhile.
        """
        if self.is_rehearsal != asking.is_rehearsal:
            yield Flaw(REHEARSAL, "over" if self.is_rehearsal else "begun")

    def _foreign_fields(self, questionnaire: Questionnaire) -> Iterator[Flaw]:
        """Yield one flaw where something was answered that nobody asked."""
        asked = {question.key for question in questionnaire.questions}
        if (
            self.fields.keys()
            - asked
            - {SUBJECT, COMMENT, SUBMISSION, REDRAW, REHEARSAL}
        ):
            yield Flaw("", "unknown")

    def _subject_flaws(self, subjects: Collection[str]) -> Iterator[Flaw]:
        """Yield what is wrong with the choice of who is rated."""
        chosen = self.fields.get(SUBJECT, ())
        if not chosen and len(subjects) != 1:
            yield Flaw(SUBJECT, "missing")
        elif len(chosen) > 1:
            yield Flaw(SUBJECT, "twice")
        elif chosen and chosen[0] not in subjects:
            yield Flaw(SUBJECT, "unknown")


def fields_in(
    body: bytes, *, content_type: str, most: int
) -> Mapping[str, tuple[str, ...]]:
    """Return name → values of the fields in a request's body.

    Raises UnreadableForm where the body is no urlencoded form, not UTF-8, or has more
    fields than any questionnaire.
    """
    if content_type != CONTENT_TYPE:
        raise UnreadableForm
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=most
        )
    except ValueError as error:
        # UnicodeDecodeError is a ValueError; its message would quote the body.
        raise UnreadableForm from error
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value)
    return MappingProxyType(fields)


def _is_text(character: str) -> bool:
    """Return whether a comment may hold this character; PostgreSQL refuses NUL."""
    return character in "\n\t" or unicodedata.category(character) != "Cc"
