"""A channel of paper or of the telephone as whoever types for it needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import request
from flask_babel import gettext as _

from survey_app.database import session
from survey_app.domain.counting.typed_twice import COMMENT, SUBJECT, Invalid, TypedSheet
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.door_refusals import NoCallsHere, NoPaperHere
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.questionnaire.question import ANSWERED, QuestionKind
from survey_app.forms.answer_form import Flaw
from survey_app.forms.sheet_form import FIELD, TypedForm
from survey_app.survey.channels import Channels
from survey_app.survey.open_channel import OpenChannel
from survey_app.survey.paper_stacks import PaperStack
from survey_app.survey.tables import Channel
from survey_app.web.asked_fields import AskedField, asked_fields
from survey_app.web.language import words
from survey_app.web.office.found import looking, signing_key
from survey_app.web.rule_list import ListedRule, listed_rules

INVALID_WORDS: Mapping[str, str] = {
    Invalid.ILLEGIBLE: message("illegible"),
    Invalid.TWICE: message("more ticked than allowed"),
    Invalid.INCOMPLETE: message("a question left empty that must be answered"),
    Invalid.ABSENT: message("no such sheet in the stack"),
}
"""Why a sheet is no answer, in the order in which that is offered."""

WRONG: Mapping[str, str] = {
    "missing": message("Nothing is ticked here, and something must be."),
    "unknown": message("There is no such choice."),
    "twice": message("One choice only."),
    "not_asked": message("By an earlier answer this is not asked; leave it empty."),
    "long": message("Too long to be kept."),
    "wide": message("Too long to be kept."),
    "number": message("A whole number from 0 to 100."),
    "rule": message("This breaks a rule of the sheet."),
}


@dataclass(frozen=True, slots=True)
class TypedBox:
    """One box to type into."""

    asked: AskedField
    name: str
    typed: str
    wrong: str
    """What is wrong with it; ""."""

    @property
    def is_choice(self) -> bool:
        """Whether numbers of choices are typed."""
        return self.asked.kind not in (QuestionKind.NUMBER, QuestionKind.TEXT)

    @property
    def most(self) -> int:
        """After a number that can go on no further the next box comes; 0: by hand."""
        one = self.asked.kind in (QuestionKind.RATING, QuestionKind.SINGLE)
        return len(self.asked.choices) if one else 0


@dataclass(frozen=True, slots=True)
class TypedPage:
    """All boxes of a sheet, and what is wrong with it as a whole."""

    boxes: tuple[TypedBox, ...]
    form: TypedForm
    rules: tuple[ListedRule, ...]
    flaws: Mapping[str, str]
    first: str
    """The box that waits for the hand."""


def asked_channel(channel_id: int, kind: ChannelKind) -> OpenChannel:
    """Return a channel of this kind; raises NotFound, NoPaperHere or NoCallsHere."""
    with looking() as reader:
        row = reader.get(Channel, channel_id)
        if row is None:
            raise NotFound
        if row.kind != kind:
            raise NoPaperHere if kind is ChannelKind.PAPER else NoCallsHere
        code = row.code
    return Channels(session().get_bind().engine, signing_key()).find(code)


def found_stack(stack_id: int) -> tuple[PaperStack, OpenChannel]:
    """Return a stack and its channel; raises NotFound."""
    with looking() as reader:
        stack = reader.get(PaperStack, stack_id)
        if stack is None:
            raise NotFound
        reader.expunge(stack)
    return stack, asked_channel(stack.channel_id, ChannelKind.PAPER)


def sent_sheet() -> TypedForm:
    """Return the sheet that this request brings."""
    return TypedForm.read(request.form.items(multi=True))


def typed_page(
    channel: OpenChannel, form: TypedForm, flaws: Sequence[Flaw] = ()
) -> TypedPage:
    """Return the boxes for a channel's questionnaire, with what was typed in them."""
    wrong = {flaw.field: _(WRONG.get(_kind(flaw), WRONG["missing"])) for flaw in flaws}
    boxes = tuple(
        TypedBox(
            _numbered(asked),
            FIELD + asked.field,
            form.typed_in(FIELD + asked.field),
            wrong.get(asked.field, ""),
        )
        for asked in asked_fields(channel.questionnaire)
    )
    marked = [box.name for box in boxes if box.wrong]
    several = len(channel.subjects) > 1
    first = marked[0] if marked else SUBJECT if several else boxes[0].name
    rules = listed_rules(channel.rules, channel.questionnaire, flaws, people={})
    return TypedPage(boxes, form, rules, wrong, first)


def _kind(flaw: Flaw) -> str:
    return flaw.why.partition("-")[0]


def _numbered(asked: AskedField) -> AskedField:
    """Return the field without the choice to say nothing: that is a 0."""
    own = tuple(one for one in asked.choices if one[0] != "blank")
    return replace(asked, choices=own)


def told_of(channel: OpenChannel, sheet: TypedSheet, field: str) -> str:
    """Return what a typed sheet says in a field, in words."""
    if sheet.invalid:
        return _("invalid: %(why)s", why=_(INVALID_WORDS[sheet.invalid]))
    said = sheet.said().get(field, ())
    if field == SUBJECT:
        named = [one.name for one in channel.subjects if str(one.id) in said]
        return ", ".join(named)
    question = channel.questionnaire.question(field)
    if question is None or question.kind is QuestionKind.TEXT:
        return "".join(one for one in said if one != ANSWERED) or _("left empty")
    return words(question.label_of(said)) if said else _("left empty")


def field_name(channel: OpenChannel, field: str) -> str:
    """Return what a field is called where two differ in it."""
    question = channel.questionnaire.question(field)
    if question is not None:
        return words(question.text)
    if field == COMMENT:
        return _("Comment")
    return _("Who is rated") if field == SUBJECT else _("Valid or not")
