"""The questions as fields of a respondent's page, whatever their kind."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from survey_app.domain.questionnaire.question import (
    BLANK,
    ONE_CHOICE,
    Question,
    QuestionKind,
    Section,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.questionnaire.rule_words import quoted
from survey_app.web.language import language

Labelled = tuple[tuple[str, str], ...]
"""(value sent, label read)"""


@dataclass(frozen=True, slots=True)
class AskedField:
    """One field, or one group of buttons."""

    field: str
    text: str
    choices: Labelled
    number: int | None
    """Which question it is; None for the choice of who is rated."""
    kind: str = QuestionKind.RATING
    step: str = ""
    """Where one stands, such as "Question 2 of 6"."""
    section: Section | None = None
    """The section that begins with it."""
    optional: bool = False
    hint: str = ""
    """How it is answered."""
    only_if: str = ""
    """Of whom alone it is asked, in words."""
    depends_on: str = ""
    """The field it depends on; "": none."""
    wanted: tuple[str, ...] = ()
    """What must be picked there."""

    @property
    def is_plain(self) -> bool:
        """Whether it is one choice everybody makes, beneath no title of a section."""
        one = self.kind in (QuestionKind.RATING, QuestionKind.SINGLE)
        return one and not (self.section or self.hint or self.depends_on)


def asked_fields(
    questionnaire: Questionnaire,
    name: Callable[[str], str] = str,
    choices_of: Callable[[Question], Labelled] | None = None,
) -> Iterator[AskedField]:
    """Yield the questions in their order; `name`: question → what its field is called.

    `choices_of` says what is sent for each choice; without it, that is its key.
    """
    choices_of = choices_of or _choices
    spoken, above = language(), ""
    sections = {one.key: one for one in questionnaire.sections}
    every = len(questionnaire.questions)
    for number, question in enumerate(questionnaire.questions, start=1):
        begins, above = question.section != above, question.section
        condition = question.show_if
        yield AskedField(
            field=name(question.key),
            text=question.text.in_language(spoken),
            choices=choices_of(question),
            number=number,
            kind=question.kind,
            step=_("Question %(number)s of %(count)s", number=number, count=every),
            section=sections.get(above) if begins else None,
            optional=question.optional,
            hint=_hint(question),
            only_if=_only_if(questionnaire, question),
            depends_on=name(condition.question) if condition else "",
            wanted=condition.choices if condition else (),
        )


def _choices(question: Question) -> Labelled:
    """Return value and label of each choice; the last of them may be to say nothing."""
    spoken = language()
    choices = tuple((c.key, c.label.in_language(spoken)) for c in question.choices)
    if question.optional and question.kind in ONE_CHOICE:
        return (*choices, (BLANK, left_out()))
    return choices


def left_out() -> str:
    """Return what the choice to say nothing is called."""
    return _("Leave this one out")


def _hint(question: Question) -> str:
    """Return how a question is answered; "" where one choice is made."""
    said = {
        QuestionKind.SEVERAL: _("You may tick several."),
        QuestionKind.NUMBER: _("A whole number from 0 to 100."),
        QuestionKind.TEXT: _(
            "Do not write anything only you could know. "
            "Your way of writing can be recognised."
        ),
    }.get(question.kind, "")
    if not question.optional:
        return said
    between = " " if language() == "en" and said else ""
    return said + between + _("You may leave this empty.")


def _only_if(questionnaire: Questionnaire, question: Question) -> str:
    """Return of whom alone it is asked; "" where it is asked of everybody."""
    condition, spoken = question.show_if, language()
    asked = condition and questionnaire.question(condition.question)
    if not condition or not asked:
        return ""
    wanted = (one.label for one in asked.choices if one.key in condition.choices)
    return _(
        "Only if you answered %(choices)s to question %(number)s. "
        "Otherwise leave this empty.",
        choices=quoted(wanted, " or ").in_language(spoken),
        number=questionnaire.questions.index(asked) + 1,
    )
