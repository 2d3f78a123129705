"""The page with the questions: what stands in it, whatever has happened so far."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext as _

from survey_app.domain.printed_code import SUBMISSION_BYTES
from survey_app.domain.refusals import Refusal
from survey_app.forms.answer_form import COMMENT, SUBJECT, AnswerForm, Flaw
from survey_app.intake.channels import OpenChannel
from survey_app.web.language import language


@dataclass(frozen=True, slots=True)
class Group:
    """Radio buttons of which one is to be chosen."""

    field: str
    text: str
    choices: tuple[tuple[str, str], ...]
    """(value sent, label read)"""
    number: int | None
    """Which question it is; None for the choice of who is rated."""


def new_submission() -> str:
    """Return a fresh submission id, 32 hexadecimal digits nobody can guess."""
    return secrets.token_hex(SUBMISSION_BYTES)


def draw(
    channel: OpenChannel,
    form: AnswerForm,
    *,
    flaws: Sequence[Flaw] = (),
    refusal: Refusal | None = None,
    fresh: bool = False,
) -> str:
    """Return the page with everything that was answered still in it."""
    groups = tuple(_groups(channel))
    names = {group.field: _place(group) for group in groups}
    names[COMMENT] = _("Your comment")
    gaps = [flaw.field for flaw in flaws if flaw.field in names]
    return render_template(
        "respondent/ask.html",
        channel=channel,
        groups=groups,
        names=names,
        form=form,
        submission=form.submission or new_submission(),
        flaws={flaw.field: flaw.why for flaw in flaws},
        first_gap=gaps[0] if gaps else None,
        refusal=refusal,
        fresh=fresh,
    )


def _place(group: Group) -> str:
    """Return how the list of problems names this group."""
    if group.number is None:
        return _("Who is rated")
    return _("Question %(number)s", number=group.number)


def _groups(channel: OpenChannel) -> Iterator[Group]:
    """Yield the groups in the order of the page."""
    if len(channel.subjects) > 1:
        choices = tuple((str(s.id), s.name) for s in channel.subjects)
        yield Group(SUBJECT, _("Whom are you rating?"), choices, None)
    spoken = language()
    for number, question in enumerate(channel.questionnaire.questions, start=1):
        choices = tuple((c.key, c.label.in_language(spoken)) for c in question.choices)
        yield Group(question.key, question.text.in_language(spoken), choices, number)
