"""What is done about an alert: each act with its reason, and the version it was for."""

from collections.abc import Iterable
from datetime import date

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from survey_app.forms.required import choice, chosen, filled, one_line, stripped
from survey_app.forms.sent_file import SentFileField
from survey_app.forms.survey_forms import DaysForm

LONGEST = 4000
"""Characters of a reason, a finding or an answer."""
DAY = InputRequired(lazy_gettext("Give the day, such as 2026-05-01."))
UPHELD, CHANGED = "upheld", "changed"


class ActForm(FlaskForm):
    """An act and why; `version` is the alert as it stood on the page."""

    version = HiddenField()
    reason = TextAreaField(
        lazy_gettext("Reason"), validators=filled(LONGEST), filters=[stripped]
    )

    def seen(self) -> int:
        """Return which version stood on the page; 0 where the form was altered."""
        told = self.version.data or ""
        return int(told) if told.isascii() and told.isdigit() and len(told) < 9 else 0


class PointForm(ActForm):
    """What one point of the checklist brought to light."""

    point = RadioField(lazy_gettext("What was looked into"), validators=chosen())

    def __init__(self, points: Iterable[str], first: str = "") -> None:
        super().__init__(point=first)
        self.point.choices = [choice(one, one) for one in points]


class MeasureForm(ActForm):
    """Which measure was decided."""

    measure = RadioField(lazy_gettext("What was decided"), validators=chosen())

    def __init__(self, measures: Iterable[str]) -> None:
        super().__init__()
        self.measure.choices = [choice(one, one) for one in measures]


class PlanForm(ActForm):
    """When the re-check is due."""

    due_on = DateField(lazy_gettext("Day of the follow-up"), validators=[DAY])

    def __init__(self, today: date, proposed: date | None = None) -> None:
        super().__init__(due_on=proposed)
        self.today = today

    def validate_due_on(self, field: DateField) -> None:
        """Refuse a day that has passed."""
        if field.data and field.data < self.today:
            raise ValidationError(
                lazy_gettext("This day has passed. Give a later one.")
            )


class OutcomeForm(ActForm):
    """As what the alert is closed."""

    outcome = RadioField(lazy_gettext("As what it is closed"), validators=chosen())

    def __init__(self, outcomes: Iterable[str], proposed: str = "") -> None:
        super().__init__(outcome=proposed)
        self.outcome.choices = [choice(one, one) for one in outcomes]


class RecheckForm(ActForm, DaysForm):
    """The survey of a follow-up."""

    title = StringField(
        lazy_gettext("Title"), validators=filled(50), filters=[one_line]
    )
    cycle = RadioField(
        lazy_gettext("In which appraisal cycle"), coerce=int, validators=chosen()
    )

    def __init__(self, cycles: list[tuple[int, str]], title: str) -> None:
        super().__init__(cycle=cycles[0][0] if cycles else None, title=title)
        self.cycle.choices = [choice(number, name) for number, name in cycles]


class AttachForm(ActForm):
    """One file, and what it is."""

    file = SentFileField(lazy_gettext("File"), lazy_gettext("Choose a file first."))


class ObjectionForm(FlaskForm):
    """What somebody asks to be looked at again."""

    text = TextAreaField(
        lazy_gettext("What shall be looked at again, and why"),
        validators=filled(LONGEST),
        filters=[stripped],
    )
    on_paper_of = StringField(
        lazy_gettext("Whose paper it is"),
        validators=[Length(max=100, message=lazy_gettext("This is too long."))],
        filters=[one_line],
    )
    came_on = DateField(lazy_gettext("Day it came"), validators=[Optional()])

    def __init__(self, today: date, *, for_oneself: bool) -> None:
        super().__init__()
        self.today = today
        if for_oneself:
            del self.on_paper_of
            del self.came_on

    def validate_came_on(self, field: DateField) -> None:
        """Refuse a day to come."""
        if field.data and field.data > self.today:
            raise ValidationError(lazy_gettext("This day is still to come."))


class ObjectionAnswerForm(FlaskForm):
    """What is answered to an objection."""

    verdict = RadioField(
        lazy_gettext("After looking again"),
        choices=[choice(UPHELD, UPHELD), choice(CHANGED, CHANGED)],
        validators=chosen(),
    )
    answer = TextAreaField(
        lazy_gettext("Answer, with the reason"),
        validators=filled(LONGEST),
        filters=[stripped],
    )
