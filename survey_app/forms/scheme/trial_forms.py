"""Counts for a trial of a scheme: typed one by one, pasted, or from a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import FieldList, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from survey_app.domain.questionnaire.question import NOT_ASKED, QuestionKind
from survey_app.domain.questionnaire.questionnaire import Question, Questionnaire
from survey_app.domain.scheme.components import every_component, from_outside
from survey_app.domain.scheme.scheme import Component, Scheme
from survey_app.forms.required import choice, narrow, stripped
from survey_app.forms.scheme.stated_fields import SHORT
from survey_app.forms.scheme.typed_numbers import count_in, numbers_in, numbers_line


def _number_in(sent: object) -> int:
    text = str(sent or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


MOST_CELLS = 3000
LONGEST, LONGEST_LINE = 200_000, 2000

Place = tuple[str, ...]
"""Component, rater group, question, and the choice where one is counted."""


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
    def numbers(asked: Questionnaire) -> list[Question]:
        """Return those that are answered with a number: a line for all of it."""
        return [one for one in asked.questions if one.kind is QuestionKind.NUMBER]

    @staticmethod
    def answers(question: Question) -> list[str]:
        """Return what may be counted of a question."""
        return [one for one in question.answers if one != NOT_ASKED]

    def places(self) -> Sequence[Place]:
        """Return every count there is a field for."""
        return [
            (component.key, group.key, question.key, answer)
            for component, asked in self.surveys()
            for group in (component.survey.asked if component.survey else ())
            for question in self.questions(asked)
            for answer in self.answers(question)
        ][:MOST_CELLS]

    def lines(self) -> Sequence[Place]:
        """Return every line of numbers there is a field for."""
        return [
            (component.key, group.key, question.key)
            for component, asked in self.surveys()
            for group in (component.survey.asked if component.survey else ())
            for question in self.numbers(asked)
        ][:MOST_CELLS]

    def left_alone(self, tallies: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
        """Yield the counts of these questions that have no field: who was not asked."""
        typed = {*self.places(), *self.lines()}
        for component, asked in self.surveys():
            for group in component.survey.asked if component.survey else ():
                for question in asked.questions:
                    outer = (component.key, group.key, question.key)
                    for answer, count in _table(_at(tallies, outer)).items():
                        if not {outer, (*outer, answer)} & typed:
                            yield (*outer, answer), count


class TypedCountsForm(FlaskForm):
    """A field for every count, and for every given value."""

    cells = FieldList(StringField(validators=SHORT, filters=[narrow]))
    numbers = FieldList(StringField(validators=[Length(max=LONGEST_LINE)]))
    given = FieldList(StringField(validators=SHORT, filters=[narrow]))

    @classmethod
    def of(cls, grid: TypedGrid, content: Mapping[str, Any]) -> "TypedCountsForm":
        """Return the form, filled with what was kept."""
        tallies, values = _in(content, "tallies"), _in(content, "values")
        cells = [_shown(_at(tallies, place)) for place in grid.places()]
        numbers = [numbers_line(_at(tallies, place)) for place in grid.lines()]
        given = [_shown(values.get(one.key)) for one in grid.values]
        data = {"cells": cells, "numbers": numbers, "given": given}
        form = cls(data=data)
        # Another form of the page may have been sent, or of another scheme.
        lists = (form.cells, form.numbers, form.given)
        wanted = [len(one) for one in (cells, numbers, given)]
        is_whole = [len(one) for one in lists] == wanted
        return form if is_whole else cls(formdata=None, data=data)

    def typed(self, grid: TypedGrid, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return what `survey score` reads, with these counts in what was there."""
        tallies: dict[str, Any] = {}
        for place, count in grid.left_alone(_in(content, "tallies")):
            _put(tallies, place, count)
        for place, cell in zip(grid.places(), self.cells.data, strict=False):
            if cell:
                _put(tallies, place, count_in(cell))
        for place, line in zip(grid.lines(), self.numbers.data, strict=False):
            if line:
                _put(tallies, place, numbers_in(line))
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


def _in(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return _table(content.get(name))


def _table(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}


def _at(tallies: Mapping[str, Any], place: Place) -> object:
    found: object = tallies
    for key in place:
        found = _table(found).get(key)
    return found


def _put(tallies: dict[str, Any], place: Place, count: object) -> None:
    *outer, last = place
    for key in outer:
        tallies = tallies.setdefault(key, {})
    tallies[last] = count


def _shown(written: object) -> str:
    return "" if written is None else str(written)
