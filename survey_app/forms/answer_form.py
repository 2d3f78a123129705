"""What a respondent may send: fields ⇄ one complete answer.

Choices are read strictly. What is wrong beside them never takes them away.

No Flask-WTF here. Its guard against forged requests needs a cookie, and a respondent
is never given one; there is no session to abuse. And its form objects cost most of the
page: measured, it is given out eight times as often from ready bytes.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Self

from survey_app.domain.ground.clean_text import characters, clean_comment
from survey_app.domain.ground.printed_code import SUBMISSION_BYTES, receipt_of
from survey_app.domain.questionnaire.answers import (
    COMMENT_LIMIT,
    COMMENT_ROOM,
    NewResponse,
    ReadAnswers,
    read_answers,
    surplus,
)
from survey_app.domain.questionnaire.ballot_rules import (
    BrokenRule,
    Mark,
    SheetRule,
    broken_rules,
)
from survey_app.domain.questionnaire.question import ONE_CHOICE
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.forms.asked_through import AskedThrough, TakesSlips
from survey_app.forms.sent_fields import UNREADABLE, SentFields, fields_in, for_a_page

MOST_FIELDS = 500
SUBJECT, COMMENT, SUBMISSION, REDRAW = "subject", "comment", "submission", "redraw"
REHEARSAL, PROOF = "rehearsal", "proof"
"""Names of fields, beside one for each question, whose name is the question's key.
`redraw` asks for the same page in another look, with everything still in it;
`rehearsal` stands in the page of a survey that is only tried."""
BESIDE_QUESTIONS = frozenset({SUBJECT, COMMENT, SUBMISSION, REDRAW, REHEARSAL, PROOF})
CUT = "cut"
"""Why of a comment so long that only its beginning was read."""
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What keeps a form from being an answer."""

    field: str
    """The field's name; "" where the flaw is the whole form's."""
    why: str
    """"missing", "twice", "unknown" or "stale"; of a comment "long", "wide", "garbled"
    or "cut"; of a rehearsal "over" or "begun"; of a rule "rule"; of other questions
    than those with one choice as `Gap` says, with their kind where one is missing."""
    broken: BrokenRule | None = None
    """The rule that was broken, where the flaw is that."""


def rule_flaws(rules: Sequence[SheetRule], picks: Mapping[Mark, str]) -> Iterator[Flaw]:
    """Yield a flaw for every rule that these marks break, by its place in the rules."""
    place = {id(rule): number for number, rule in enumerate(rules)}
    for broken in broken_rules(rules, picks):
        yield Flaw(rule_field(place[id(broken.rule)]), "rule", broken)


def gap_flaws(
    questionnaire: Questionnaire, read: ReadAnswers, prefix: str = ""
) -> Iterator[Flaw]:
    """Yield a flaw for every gap, with the kind of question where nothing was said."""
    kinds = {one.key: one.kind for one in questionnaire.questions}
    for gap in read.gaps:
        kind = kinds[gap.question]
        named = gap.why == "missing" and kind not in ONE_CHOICE
        why = f"missing-{kind}" if named else gap.why
        yield Flaw(prefix + gap.question, why)


def rule_field(place: int) -> str:
    """Return what a rule is called in the page; no question has such a key."""
    return f"rule-{place}"


@dataclass(frozen=True)
class AnswerForm:
    """One sent form as it came; `flaws` says whether it is an answer."""

    sent: SentFields
    room: int = COMMENT_ROOM
    """Bytes there are for the comment."""
    slip: bytes | None = None
    """The receipt of the slip it was sent with."""

    @classmethod
    def fresh(cls, submission: str) -> Self:
        """Return the form of somebody who has not answered yet."""
        return cls(SentFields(MappingProxyType({SUBMISSION: (submission,)})))

    @classmethod
    def read(cls, body: bytes, *, content_type: str, cut: bool = False) -> Self:
        """Return the form in a request's body; `cut`: only its beginning was read.

        Raises UnreadableForm for no urlencoded form, or more fields than are asked.
        """
        sent = fields_in(body, content_type=content_type, most=MOST_FIELDS, cut=cut)
        return cls(sent)

    def anew(self, submission: str) -> Self:
        """Return the same answers as a form nobody has sent yet."""
        values = {**self.fields, SUBMISSION: (submission,)}
        return replace(self, sent=replace(self.sent, values=MappingProxyType(values)))

    def on_slip(self, channel: TakesSlips) -> Self:
        """Return the form with the receipt of its slip, where its channel needs one."""
        return replace(self, slip=channel.receipt_for(self.picked(SUBJECT) or ""))

    @property
    def fields(self) -> Mapping[str, tuple[str, ...]]:
        """Everything that was sent."""
        return self.sent.values

    @cached_property
    def submission(self) -> str:
        """The submission id as it was sent; "" where there is none."""
        sent = self.fields.get(SUBMISSION, ())
        right = len(sent) == 1 and len(sent[0]) == 2 * SUBMISSION_BYTES
        return sent[0] if right and set(sent[0]) <= _HEX else ""

    @cached_property
    def receipt(self) -> bytes:
        """The receipt this form has, however often it is sent."""
        return self.slip or receipt_of(bytes.fromhex(self.submission))

    @property
    def typed(self) -> str:
        """The comment as it was typed, for the page that comes back."""
        return for_a_page(self._raw)

    def ticked(self, field: str) -> tuple[str, ...]:
        """Return everything that was picked in this field."""
        return self.fields.get(field, ())

    def typed_in(self, field: str) -> str:
        """Return what was typed into this field, for the page that comes back."""
        return for_a_page("\n".join(self.fields.get(field, ())))

    def surplus_in(self, field: str) -> int:
        """Return how many characters at the end of this field are too many."""
        if field == COMMENT:
            return self.surplus
        return surplus(clean_comment(self.typed_in(field)), self.room)

    @cached_property
    def comment(self) -> str:
        """The comment as it can be kept: what is seen of it."""
        return clean_comment(self._raw)

    @cached_property
    def surplus(self) -> int:
        """How many characters at the comment's end are too many."""
        return surplus(self.comment, self.room)

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

    def flaws(self, asking: AskedThrough) -> tuple[Flaw, ...]:
        """Return what keeps this from being an answer, in the order of the page."""
        return () if self._is_whole(asking) else self._flaws(asking)

    def _is_whole(self, asking: AskedThrough) -> bool:
        """Return whether it is an answer: one pass, for nearly all are.

        What it does not take for one is looked at more closely.
        """
        asked = {one.key: one.choice_keys for one in asking.questionnaire.questions}
        answered = 0
        for name, sent in self.fields.items():
            choices = asked.get(name)
            if choices is not None:
                if len(sent) != 1 or sent[0] not in choices:
                    return False
                answered += 1
            elif name not in BESIDE_QUESTIONS:
                return False
        return (
            answered == len(asked)
            and asking.questionnaire.is_plain
            and not asking.rules
            and SUBJECT not in self.fields
            and len(asking.subjects) == 1
            and not (self.sent.garbled or self.sent.cut or self.surplus)
            and asking.gave_out(self.submission)
            and self.is_rehearsal == asking.is_rehearsal
        )

    def _flaws(self, asking: AskedThrough) -> tuple[Flaw, ...]:
        """Return every flaw: the strict truth of what an answer is."""
        read = self._read(asking)
        return (
            *self._foreign_fields(asking.questionnaire),
            *self._subject_flaws({str(subject.id) for subject in asking.subjects}),
            *rule_flaws(asking.rules, {(0, key): pick for key, pick in read.picks}),
            *gap_flaws(asking.questionnaire, read),
            *self._garbled_texts(asking.questionnaire),
            *self.comment_flaws(),
            *self._page_flaws(asking),
        )

    def comment_flaws(self) -> tuple[Flaw, ...]:
        """Return what keeps the comment from being kept, if anything does."""
        found = self.damage()
        if not found and self.surplus:
            many = len(characters(self.comment)) - self.surplus == COMMENT_LIMIT
            return (Flaw(COMMENT, "long" if many else "wide"),)
        return found

    def damage(self) -> tuple[Flaw, ...]:
        """Return what of the comment was lost on its way, if anything was.

        Nobody has seen that yet, so every page that comes back says it.
        """
        if self.sent.cut:
            return (Flaw(COMMENT, CUT),)
        if self.sent.garbled and UNREADABLE in self.typed:
            return (Flaw(COMMENT, "garbled"),)
        return ()

    def to_response(self, asking: AskedThrough) -> NewResponse:
        """Return the answer; call only where `flaws` found none."""
        chosen, read = self.picked(SUBJECT), self._read(asking)
        return NewResponse(
            survey_id=asking.survey_id,
            channel_id=asking.channel_id,
            rater_group=asking.rater_group,
            subject_id=int(chosen) if chosen else asking.subjects[0].id,
            picks=read.picks,
            comment=self.comment,
            receipt=self.receipt,
            rehearsed=self.is_rehearsal,
            texts=read.texts,
        )

    @property
    def _raw(self) -> str:
        text = "\n".join(self.fields.get(COMMENT, ()))
        # Half a character at the end is where the reading stopped.
        return text.rstrip(UNREADABLE) if self.sent.cut else text

    def _read(self, asking: AskedThrough) -> ReadAnswers:
        """Return what was answered of the questions."""
        return read_answers(asking.questionnaire, self.fields, room=self.room)

    def _garbled_texts(self, questionnaire: Questionnaire) -> Iterator[Flaw]:
        """Yield the answers in words of which something was lost on its way."""
        if not self.sent.garbled:
            return
        for question in questionnaire.texts:
            if UNREADABLE in self.typed_in(question.key):
                yield Flaw(question.key, "garbled")

    def _page_flaws(self, asking: AskedThrough) -> Iterator[Flaw]:
        """Yield that a trial was sent in earnest, or that it came from no page here.

        Nobody's trial becomes an answer because a state turned meanwhile.
        """
        if self.is_rehearsal != asking.is_rehearsal:
            yield Flaw(REHEARSAL, "over" if self.is_rehearsal else "begun")
        elif not (self.sent.cut or asking.gave_out(self.submission)):
            yield Flaw(SUBMISSION, "stale")

    def _foreign_fields(self, questionnaire: Questionnaire) -> Iterator[Flaw]:
        """Yield one flaw where something was answered that nobody asked."""
        asked = {question.key for question in questionnaire.questions}
        if self.fields.keys() - asked - BESIDE_QUESTIONS:
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
