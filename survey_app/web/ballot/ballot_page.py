"""The page of a ballot: person by person, or all persons under the one question.

The same markup is cards on a phone and tables on a wide screen: a row for each
question, a column for each choice.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby

from flask import Response, make_response, render_template
from flask_babel import gettext as _

from survey_app.ballot.casting import OpenBallot
from survey_app.ballot.open_boxes import BallotSubject
from survey_app.ballot.paper.ticket import NONCE_BYTES
from survey_app.domain.ground.refusals import Refusal
from survey_app.domain.questionnaire.questionnaire import Question
from survey_app.forms.answer_form import Flaw
from survey_app.forms.ballot_form import (
    SentBallot,
    field_of,
    padded_choices,
    padded_ids,
)
from survey_app.web.headers import WHOLE
from survey_app.web.language import language
from survey_app.web.rule_list import ListedRule, listed_rules

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
    """Lines that offer the same choices."""

    number: int
    choices: tuple[tuple[str, str], ...]
    """(value sent, label read)"""
    lines: tuple[ChoiceLine, ...]


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
        return tuple(line.field for grid in self.grids for line in grid.lines)


def draw(
    ballot: OpenBallot,
    code: str,
    form: SentBallot,
    *,
    flaws: Sequence[Flaw] = (),
    refusal: Refusal | None = None,
) -> Response:
    """Return the page with everything that was answered still in it."""
    sheets = tuple(_sheets(ballot))
    found = {flaw.field: flaw.why for flaw in flaws}
    rules = _rules(ballot, flaws)
    broken = [rule for rule in rules if rule.error]
    gaps = [(sheet, fields) for sheet in sheets if (fields := _in(found, sheet))]
    first = [rule.field for rule in broken] + [f for _, some in gaps for f in some]
    ids = padded_ids(ballot.form)
    page = render_template(
        "ballot/vote.html",
        ballot=ballot,
        code=code,
        nonce=(form.nonce or secrets.token_bytes(NONCE_BYTES)).hex(),
        form=form,
        sheets=sheets,
        people=[(ids[subject.id], subject.name) for subject in ballot.subjects],
        nobody=ids[None],
        flaws=found,
        rules=rules,
        broken=broken,
        gaps=gaps,
        first_gap=first[0] if first else None,
        refusal=refusal,
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


def _sheets(ballot: OpenBallot) -> Iterator[BallotSheet]:
    """Yield the parts of the page."""
    questions, people = ballot.box.questionnaire.questions, ballot.subjects
    if len(questions) == 1 and len(people) > 1:
        yield _one_question(questions[0], people)
        return
    numbers = count(1)
    for place, subject in enumerate(people, start=1):
        step = _("%(number)s of %(count)s", number=place, count=len(people))
        yield BallotSheet(
            key=str(subject.id),
            step=step if len(people) > 1 else "",
            heading=subject.name,
            note=subject.title or _("leading body"),
            grids=tuple(_grids(subject, questions, numbers)),
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
    subject: BallotSubject, questions: Sequence[Question], numbers: Iterator[int]
) -> Iterator[Grid]:
    """Yield the questions about one person, together while their choices are equal."""
    placed = enumerate(questions, start=1)
    for choices, together in groupby(placed, key=lambda one: _choices(one[1])):
        lines = tuple(
            ChoiceLine(
                field_of(subject.id, question.key),
                _("Question %(number)s of %(count)s", number=n, count=len(questions)),
                question.text.in_language(language()),
                "",
            )
            for n, question in together
        )
        yield Grid(next(numbers), choices, lines)


def _choices(question: Question) -> tuple[tuple[str, str], ...]:
    """Return value and label of each choice."""
    labels = (choice.label.in_language(language()) for choice in question.choices)
    return tuple(zip(padded_choices(question), labels, strict=True))
