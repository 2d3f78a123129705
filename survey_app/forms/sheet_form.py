"""What somebody types of a sheet of paper, or of an interview: digits ⇄ one answer.

Each question is one box: the number of a choice, 0 or x where nothing was ticked. So a
hand that stays on the digits types a sheet, with or without script. What is typed then
goes through the very form that a respondent's page goes through.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from survey_app.domain.counting.typed_twice import Invalid, TypedSheet
from survey_app.domain.ground.written_value import tidy_code
from survey_app.domain.questionnaire.answers import NewResponse
from survey_app.domain.questionnaire.question import Question, QuestionKind
from survey_app.forms.answer_form import (
    COMMENT,
    REHEARSAL,
    SUBJECT,
    SUBMISSION,
    AnswerForm,
    Flaw,
)
from survey_app.forms.asked_through import AskedThrough
from survey_app.forms.sent_fields import SentFields, for_a_page

EMPTY = frozenset({"", "0", "X"})
"""What stands for nothing ticked, in capitals."""
INVALID = "invalid"
"""Name of the field that says why a sheet is no answer."""
FIELD = "q-"
"""Before the key of a question: no question's box is called as a field of the page."""
_APART = re.compile(r"[\s,;.、，；。]+")


class GivesOut(AskedThrough, Protocol):
    """A channel that makes submission ids."""

    def new_submission(self) -> str:
        """Return a fresh one."""


@dataclass(frozen=True)
class TypedForm:
    """One sheet as it was typed; `flaws` says whether it can be kept."""

    sent: Mapping[str, str]

    @classmethod
    def read(cls, sent: Iterable[tuple[str, str]]) -> "TypedForm":
        """Return the form of these fields, of several with one name the first."""
        fields: dict[str, str] = {}
        for name, value in sent:
            fields.setdefault(name, value)
        return cls(MappingProxyType(fields))

    def typed_in(self, field: str) -> str:
        """Return what was typed into a box, for the page that comes back."""
        return for_a_page(self.sent.get(field, ""))

    @cached_property
    def invalid(self) -> str:
        """Why the sheet is no answer; "": it is to be one."""
        said = self.sent.get(INVALID, "")
        return said if said in set(Invalid) else ""

    def flaws(self, channel: GivesOut, call: str = "") -> tuple[Flaw, ...]:
        """Return what keeps this from being kept; of an invalid sheet nothing does.

        An interview is never invalid.
        """
        if self.invalid and not call:
            return ()
        wrong = tuple(
            Flaw(question.key, "unknown")
            for question in channel.questionnaire.questions
            if self._values(question) is None
        )
        return wrong or self.answer(channel, call).flaws(channel)

    def sheet(self, channel: GivesOut) -> TypedSheet:
        """Return the sheet; call only where `flaws` found none."""
        if self.invalid:
            return TypedSheet(invalid=self.invalid)
        said = self.response(channel)
        return TypedSheet("", said.subject_id, said.picks, said.texts, said.comment)

    def response(self, channel: GivesOut, call: str = "") -> NewResponse:
        """Return the answer; `call`: the submission id of its page."""
        return self.answer(channel, call).to_response(channel)

    def answer(self, channel: GivesOut, call: str = "") -> AnswerForm:
        """Return what a respondent's page would have sent."""
        fields: dict[str, tuple[str, ...]] = {}
        for question in channel.questionnaire.questions:
            if values := self._values(question):
                fields[question.key] = tuple(values)
        if subject := self.sent.get(SUBJECT, ""):
            fields[SUBJECT] = (subject,)
        fields[COMMENT] = (self.sent.get(COMMENT, ""),)
        fields[SUBMISSION] = (call or channel.new_submission(),)
        if channel.is_rehearsal:
            fields[REHEARSAL] = ("1",)
        return AnswerForm(SentFields(MappingProxyType(fields)))

    def _values(self, question: Question) -> list[str] | None:
        """Return what a question's box says; None where that is no choice of it."""
        typed = self.sent.get(FIELD + question.key, "")
        if question.kind is QuestionKind.TEXT:
            return [typed] if typed.strip() else []
        told = tidy_code(typed).upper()
        if question.kind is QuestionKind.NUMBER:
            return [told] if told not in EMPTY - {"0"} else []
        if told in EMPTY:
            return []
        numbers = list(_numbers(typed, len(question.choices)))
        one = question.kind is not QuestionKind.SEVERAL
        if not all(numbers) or (one and len(numbers) != 1):
            return None
        return [question.choices[number - 1].key for number in numbers]


def _numbers(typed: str, most: int) -> Iterator[int]:
    """Yield the numbers in a box; 0 for what is none of the choices.

    Where no choice has two digits, digits that stand together are one each.
    """
    for part in filter(None, _APART.split(typed.strip())):
        told = tidy_code(part)
        single = most < 10 and told.isdecimal() and len(told) > 1
        for one in told if single else (told,):
            number = int(one) if one.isdecimal() and one.isascii() else 0
            yield number if number <= most else 0
