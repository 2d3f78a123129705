"""Cycles, surveys and their days."""

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, StringField
from wtforms.validators import InputRequired, ValidationError

from survey_app.forms.required import choice, chosen, filled, stripped


class CycleForm(FlaskForm):
    """A new cycle and the scheme it stands under."""

    name = StringField(lazy_gettext("Name"), validators=filled(80), filters=[stripped])
    scheme = RadioField(lazy_gettext("Scheme"), validators=chosen())

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__()
        self.scheme.choices = [choice(key, key) for key in keys]


class DaysForm(FlaskForm):
    """The first and the last day of a survey."""

    opens_on = DateField(
        lazy_gettext("First day"),
        validators=[InputRequired(lazy_gettext("Give the day, such as 2026-05-01."))],
    )
    closes_on = DateField(
        lazy_gettext("Last day"),
        validators=[InputRequired(lazy_gettext("Give the day, such as 2026-05-01."))],
    )

    def validate_closes_on(self, field: DateField) -> None:
        """Refuse a last day before the first one."""
        first: date | None = self.opens_on.data
        if first and field.data and field.data < first:
            raise ValidationError(
                lazy_gettext("The last day comes before the first day.")
            )

    def days(self) -> tuple[date, date]:
        """Return first and last day; call after `validate` said yes."""
        first, last = self.opens_on.data, self.closes_on.data
        if first is None or last is None:
            raise ValueError("validate first")
        return first, last


class SurveyForm(DaysForm):
    """A new survey: its title, its days, and which component it feeds."""

    title = StringField(
        lazy_gettext("Title"), validators=filled(50), filters=[stripped]
    )
    component = RadioField(lazy_gettext("What it is for"), validators=chosen())

    def __init__(self, components: Sequence[str]) -> None:
        """Take the components as "cycle id:component key"."""
        super().__init__()
        self.component.choices = [choice(one, one) for one in components]
