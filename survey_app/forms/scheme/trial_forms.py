"""Counts for a trial of a scheme: typed one by one, pasted, or from a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import FieldList, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from survey_app.domain.questionnaire.question import NOT_ASKED
from survey_app.domain.questionnaire.questionnaire import Question, Questionnaire
from survey_app.domain.scheme.components import every_component, from_outside
from survey_app.domain.scheme.scheme import Component, Scheme
from survey_app.forms.required import choice, narrow, stripped
from survey_app.forms.scheme.stated_fields import SHORT


def _number_in(sent: object) -> int:
    text = str(sent or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


MOST_CELLS = 3000
LONGEST = 200_000

Place = tuple[str, str, str, str]
"""Component, rater group, question, choice."""


@dataclass(frozen=True, slots=True)
class TypedGrid:
    """Which counts a scheme asks for, in the order in which they are typed."""

    scheme: Scheme
    questionnaires: Mapping[str, Questionnaire]

    @property
    def values(self) -> tuple[Component, ...]:
        """The components whose values are given."""
        return from_outside(self.scheme)

    def surveys(self) -> Iterator[tuple[Component, Questionnaire]]:
        """Yield the components that are counted, with what they ask."""
        for one in every_component(self.scheme.components):
            asked = one.survey and self.questionnaires.get(one.survey.questionnaire)
            if asked:
                yield one, asked

    @staticmethod
    def questions(asked: Questionnaire) -> list[Question]:
        """Return those whose answers are few enough to be typed."""
        return [one for one in asked.questions if one.kind.has_choices]

    @staticmethod
    def answers(question: Question) -> list[str]:
        """Return what may be counted of a question."""
        return [one for one in question.answers if one != NOT_ASKED]

    def places(self) -> list[Place]:
        """Return every count there is a field for."""
        return [
            (component.key, group.key, question.key, answer)
            for component, asked in self.surveys()
            for group in (component.survey.asked if component.survey else ())
            for question in self.questions(asked)
            for answer in self.answers(question)
        ][:MOST_CELLS]


class TypedCountsForm(FlaskForm):
    """A field for every count, and for every given value."""

    cells = FieldList(StringField(validators=SHORT, filters=[narrow]))
    given = FieldList(StringField(validators=SHORT, filters=[narrow]))

    @classmethod
    def of(cls, grid: TypedGrid, content: Mapping[str, Any]) -> "TypedCountsForm":
        """Return the form, filled with what was kept."""
        tallies, values = _table(content, "tallies"), _table(content, "values")
        cells = [_at(tallies, place) for place in grid.places()]
        given = [_shown(values.get(one.key)) for one in grid.values]
        data = {"cells": cells, "given": given}
        form = cls(data=data)
        # Another form of the page may have been sent, or of another scheme.
        is_whole = len(form.cells) == len(cells) and len(form.given) == len(given)
        return form if is_whole else cls(formdata=None, data=data)

    def typed(self, grid: TypedGrid, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return what `survey score` reads, with these counts in what was there."""
        tallies: dict[str, Any] = {}
        for place, cell in zip(grid.places(), self.cells.data, strict=False):
            if cell:
                *outer, last = place
                inner = tallies
                for key in outer:
                    inner = inner.setdefault(key, {})
                inner[last] = _number(cell)
        values = {
            one.key: cell
            for one, cell in zip(grid.values, self.given.data, strict=False)
            if cell
        }
        return {**content, "tallies": tallies, "values": values}


class TrialCountsForm(FlaskForm):
    """What `survey score` reads: pasted, or as a file."""

    counts = TextAreaField(
        lazy_gettext("Counts (JSON, as `survey score` reads them)"),
        validators=[Length(max=LONGEST, message=lazy_gettext("This is too long."))],
        filters=[stripped],
    )
    file = FileField(lazy_gettext("Or a file with them (.json)"))


class AskingForm(FlaskForm):
    """A form that only asks, and does nothing."""

    class Meta(FlaskForm.Meta):
        """It needs no token."""

        csrf = False


class TriedAsForm(AskingForm):
    """Whose weights count, and by which floors is told."""

    post = SelectField(
        lazy_gettext("Post"),
        choices=[
            choice("principal", lazy_gettext("principal posts")),
            choice("deputy", lazy_gettext("deputy posts")),
        ],
        default="principal",
    )
    mode = SelectField(
        lazy_gettext("Told as in"),
        choices=[
            choice("open", lazy_gettext("an open survey")),
            choice("secret", lazy_gettext("a secret ballot")),
        ],
        default="secret",
    )


class OnSurveyForm(AskingForm):
    """Which counts of a closed survey a scheme is tried on."""

    survey = SelectField(
        lazy_gettext("Closed survey"), coerce=_number_in, validate_choice=False
    )
    subject = SelectField(
        lazy_gettext("Who is rated"), coerce=_number_in, validate_choice=False
    )

    def offer_surveys(self, surveys: Sequence[tuple[int, str]]) -> None:
        """Let these be chosen."""
        self.survey.choices = [choice(0, "—"), *(choice(*one) for one in surveys)]

    def offer_subjects(self, subjects: Sequence[tuple[int, str]]) -> None:
        """Let these be chosen."""
        self.subjects = subjects
        self.subject.choices = [choice(0, "—"), *(choice(*one) for one in subjects)]


def _table(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = content.get(name)
    return found if isinstance(found, dict) else {}


def _at(tallies: Mapping[str, Any], place: Place) -> str:
    found: Any = tallies
    for key in place:
        found = found.get(key) if isinstance(found, dict) else None
    return _shown(found)


def _shown(written: object) -> str:
    return "" if written is None else str(written)


def _number(typed: str) -> object:
    return int(typed) if typed.isascii() and typed.isdigit() else typed
