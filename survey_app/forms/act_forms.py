"""What is done to a survey that is out, or to a draft: reasons, days, names."""

from datetime import date

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from survey_app.forms.required import filled, stripped


class ReasonForm(FlaskForm):
    """Why something is done; it stays beside the survey for good."""

    reason = TextAreaField(
        lazy_gettext("Reason"), validators=filled(500), filters=[stripped]
    )


class ExtensionForm(ReasonForm):
    """A later last day, and why."""

    closes_on = DateField(
        lazy_gettext("New last day"),
        validators=[InputRequired(lazy_gettext("Give the day, such as 2026-05-01."))],
    )

    def __init__(self, closes_on: date, today: date) -> None:
        super().__init__()
        self.old, self.today = closes_on, today

    def validate_closes_on(self, field: DateField) -> None:
        """Refuse a day that is not later than the old one, or has passed."""
        if field.data and (field.data <= self.old or field.data < self.today):
            raise ValidationError(
                lazy_gettext(
                    "Give a later day than the present last day, and none that has "
                    "passed."
                )
            )


class ReopeningForm(ReasonForm):
    """A last day for a survey that is opened again, and why."""

    closes_on = DateField(
        lazy_gettext("New last day"),
        validators=[InputRequired(lazy_gettext("Give the day, such as 2026-05-01."))],
    )

    def __init__(self, closes_on: date, today: date) -> None:
        super().__init__(closes_on=max(closes_on, today))
        self.today = today

    def validate_closes_on(self, field: DateField) -> None:
        """Refuse a day that has passed."""
        if field.data and field.data < self.today:
            raise ValidationError(lazy_gettext("Give a day that has not passed."))


class CycleNameForm(FlaskForm):
    """What a cycle is called."""

    name = StringField(lazy_gettext("Name"), validators=filled(80), filters=[stripped])


class EndRehearsalForm(FlaskForm):
    """How a rehearsal ends."""

    new_codes = BooleanField(
        lazy_gettext(
            "Give every channel a new code. Posters printed until now then lead "
            "nowhere; without this they stay good."
        )
    )
