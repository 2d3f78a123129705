"""The page of a ballot: person by person, or all persons under the one question.

The same markup is cards on a phone and tables on a wide screen: a row for each
question, a column for each choice.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, groupby

from flask import Response, make_response, render_template
from flask_babel import gettext as _

from survey_app.ballot.casting import OpenBallot
from survey_app.ballot.open_boxes import BallotSubject
from survey_app.ballot.paper.ballot import WHOLE as WHOLE_UNIT
from survey_app.ballot.paper.ticket import NONCE_BYTES
from survey_app.domain.ground.refusals import Refusal
from survey_app.domain.questionnaire.ballot_lines import TICKS, line_of
from survey_app.domain.questionnaire.question import (
    ONE_CHOICE,
    Question,
    QuestionKind,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.forms.answer_form import Flaw
from survey_app.forms.ballot_form import (
    SentBallot,
    field_of,
    padded,
    padded_ids,
    sent_choices,
)
from survey_app.web.asked_fields import AskedField, Labelled, asked_fields, left_out
from survey_app.web.ballot.sealed_on_device import sealing_here
from survey_app.web.headers import WHOLE
from survey_app.web.language import language
from survey_app.web.rule_list import ListedRule, listed_rules
from survey_app.web.spoken import asked_here

STEP = 16 * 1024
"""Bytes; pages with answers in them are a multiple of it."""


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """What is answered with one choice."""

    field: str
    step: str
    """Where one stands, such as "Question 2 of 6"."""
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines that offer the same choices; or one question of another kind."""

    number: int
    choices: Labelled
    lines: tuple[ChoiceLine, ...]
    asked: AskedField | None = None
    """The question whose choices are the lines, or which has a field of its own."""

    @property
    def fields(self) -> tuple[str, ...]:
        """What in it can be flawed."""
        if self.asked:
            return (self.asked.field,)
        return tuple(line.field for line in self.lines)


@dataclass(frozen=True, slots=True)
class BallotSheet:
    """One person with all questions, or the one question about all persons."""

    key: str
    step: str
    heading: str
    note: str
    grids: tuple[Grid, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of its fields, in the order of the page."""
        return tuple(field for grid in self.grids for field in grid.fields)


def draw(
    ballot: OpenBallot,
    code: str,
    form: SentBallot,
    *,
    flaws: Sequence[Flaw] = (),
    refusal: Refusal | None = None,
) -> Response:
    """Return the page with everything that was answered still in it."""
    asked = asked_here(ballot.box.questionnaire)
    sheets = tuple(_sheets(ballot, asked))
    found = {flaw.field: flaw.why for flaw in flaws}
    rules = _rules(ballot, flaws)
    broken = [rule for rule in rules if rule.error]
    gaps = [(sheet, fields) for sheet in sheets if (fields := _in(found, sheet))]
    first = [rule.field for rule in broken] + [f for _, some in gaps for f in some]
    ids = padded_ids(ballot.form)
    page = render_template(
        "ballot/vote.html",
        ballot=ballot,
        questions=asked,
        code=code,
        nonce=(form.nonce or secrets.token_bytes(NONCE_BYTES)).hex(),
        form=form,
        sheets=sheets,
        people=[(ids[subject.id], subject.name) for subject in ballot.subjects],
        whole=ids.get(WHOLE_UNIT),
        nobody=ids[None],
        flaws=found,
        rules=rules,
        broken=broken,
        gaps=gaps,
        first_gap=first[0] if first else None,
        refusal=refusal,
        **sealing_here(ballot),
    )
    response = make_response(page if form.only_code else _padded(page))
    if not form.only_code:
        response.headers["Cache-Control"] = WHOLE
    return response


def _padded(page: str) -> str:
    """Return the page as long as others of its kind.

    It is not compressed, so whoever watches the network sees how long it is: that must
    not tell which rule was broken, or how often.
    """
    return page + "\n" * (-len(page.encode()) % STEP)


def _rules(ballot: OpenBallot, flaws: Sequence[Flaw]) -> tuple[ListedRule, ...]:
    form, rated = ballot.form, ballot.subjects
    people = {one.id: one.name for one in rated} if len(rated) > 1 else {}
    listed = listed_rules(form.sheet_rules, form.questionnaire, flaws, people=people)
    about = (rule.subject for rule in form.sheet_rules)
    return tuple(
        one
        for one, subject in zip(listed, about, strict=True)
        if subject not in ballot.gone
    )


def _in(flaws: dict[str, str], sheet: BallotSheet) -> list[str]:
    return [field for field in sheet.fields if field in flaws]


def _sheets(ballot: OpenBallot, asked: Questionnaire) -> Iterator[BallotSheet]:
    """Yield the parts of the page."""
    people = ballot.subjects
    if asked.is_plain and len(asked.questions) == 1 and len(people) > 1:
        yield _one_question(asked.questions[0], people)
        return
    numbers = count(1)
    for place, subject in enumerate(people, start=1):
        step = _("%(number)s of %(count)s", number=place, count=len(people))
        yield BallotSheet(
            key=str(subject.id),
            step=step if len(people) > 1 else "",
            heading=subject.name,
            note=subject.title or _("leading body"),
            grids=tuple(_grids(subject, asked, numbers)),
        )


def _one_question(question: Question, people: Sequence[BallotSubject]) -> BallotSheet:
    """Return the sheet with a line for each person."""
    lines = tuple(
        ChoiceLine(
            field_of(subject.id, question.key),
            _("%(number)s of %(count)s", number=place, count=len(people)),
            subject.name,
            subject.title or _("leading body"),
        )
        for place, subject in enumerate(people, start=1)
    )
    grid = Grid(1, _choices(question), lines)
    return BallotSheet(
        question.key, "", question.text.in_language(language()), "", (grid,)
    )


def _grids(
    subject: BallotSubject, questionnaire: Questionnaire, numbers: Iterator[int]
) -> Iterator[Grid]:
    """Yield the questions about one person, together while their choices are equal."""
    fields = asked_fields(questionnaire, partial(field_of, subject.id), _choices)
    for together, some in groupby(fields, key=_together):
        if together:
            lines = tuple(ChoiceLine(one.field, one.step, one.text, "") for one in some)
            yield Grid(next(numbers), together, lines)
            continue
        for one in some:
            ticks = one.kind == QuestionKind.SEVERAL
            lines = tuple(
                ChoiceLine(line_of(one.field, key), "", label, "")
                for key, label in (one.choices if ticks else ())
            )
            yield Grid(next(numbers), _ticks() if ticks else (), lines, one)


def _together(one: AskedField) -> Labelled:
    """Return the choices of what can stand in a table with others; else nothing."""
    return one.choices if one.is_plain else ()


def _choices(question: Question) -> Labelled:
    """Return value and label of each choice; what is ticked is called by its key."""
    labels = [choice.label.in_language(language()) for choice in question.choices]
    if question.kind not in ONE_CHOICE:
        keys = (choice.key for choice in question.choices)
        return tuple(zip(keys, labels, strict=True))
    if question.show_if:
        labels.append(_("Not asked of me"))
    elif question.optional:
        labels.append(left_out())
    return tuple(zip(padded(sent_choices(question)), labels, strict=True))


def _ticks() -> Labelled:
    """Return what is sent and read for a choice that is ticked, and for one not."""
    return tuple(zip(padded(TICKS), (_("Yes"), _("No")), strict=True))
