"""Cycles, surveys and their days."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, StringField
from wtforms.validators import InputRequired, ValidationError

from survey_app.forms.required import choice, chosen, filled, narrow, one_line
from survey_app.survey.tables import OPEN_SURVEY, SECRET_BALLOT

AS_SUGGESTED = "suggested"
"""The mode that fits the rater groups of the chosen component."""


class CycleForm(FlaskForm):
    """A new cycle and the scheme it stands under."""

    name = StringField(lazy_gettext("Name"), validators=filled(80), filters=[narrow])
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
    """A new survey: its title, its days, its mode, and which component it feeds."""

    title = StringField(
        lazy_gettext("Title"), validators=filled(50), filters=[one_line]
    )
    component = RadioField(lazy_gettext("What it is for"), validators=chosen())
    mode = RadioField(
        lazy_gettext("Mode"),
        choices=[
            choice(one, one) for one in (AS_SUGGESTED, OPEN_SURVEY, SECRET_BALLOT)
        ],
        default=AS_SUGGESTED,
    )

    def __init__(
        self, suggested: Mapping[str, str], *, secret: bool, **filled_in: Any
    ) -> None:
        """Take "cycle id:component key" → suggested mode, and whether there is one."""
        super().__init__(**filled_in)
        self.component.choices = [choice(one, one) for one in suggested]
        self.suggested, self.secret = suggested, secret

    def chosen_mode(self) -> str:
        """Return the mode that was chosen, or the one its component suggests."""
        mode = self.mode.data
        if mode in {OPEN_SURVEY, SECRET_BALLOT}:
            return str(mode)
        return self.suggested.get(str(self.component.data), OPEN_SURVEY)

    def validate_mode(self, _: RadioField) -> None:
        """Refuse a secret ballot where the server has no database for it."""
        if self.chosen_mode() == SECRET_BALLOT and not self.secret:
            raise ValidationError(
                lazy_gettext(
                    "This would be a secret ballot, and this server has no database "
                    "for it. Choose “open survey”, or have the database set up first."
                )
            )


class SurveyDraftForm(SurveyForm):
    """All that can be changed of a draft, filled in as it is."""

    def __init__(
        self, offered: Sequence[str], draft: Any, *, now: str, secret: bool
    ) -> None:
        """Take what is offered, the draft, and which of the offered it is for now."""
        modes = dict.fromkeys(offered, draft.mode)
        names = ("title", "opens_on", "closes_on", "mode")
        as_it_is = {name: getattr(draft, name) for name in names} | {"component": now}
        super().__init__(modes, secret=secret, data=as_it_is)
        self.mode.choices = [choice(one, one) for one in (OPEN_SURVEY, SECRET_BALLOT)]


class CopyForm(DaysForm):
    """A draft like another survey."""

    title = StringField(
        lazy_gettext("Title"), validators=filled(50), filters=[one_line]
    )
    channels = BooleanField(
        lazy_gettext("Make the same channels, each with a new code to print")
    )
