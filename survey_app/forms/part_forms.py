"""The parts of a survey that has not opened: subjects and channels."""

from collections.abc import Sequence
from typing import TypedDict

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
)
from wtforms.validators import InputRequired, Length

from survey_app.forms.required import choice, chosen, one_line


class Chosen(TypedDict):
    """The parts of a channel as `add_channel` takes them."""

    rater_group: str
    place: str
    subject_id: int | None
    """None: the respondent chooses."""


class SubjectsForm(FlaskForm):
    """Whom to add to the survey."""

    subjects = SelectMultipleField(
        lazy_gettext("Subjects"),
        coerce=int,
        validators=[InputRequired(lazy_gettext("Choose at least one."))],
    )
    everybody = SubmitField()
    """Sent by the second button: all that are offered, whatever is ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.subjects.choices = []

    def sent(self) -> list[int]:
        """Return the numbers that were sent, whether they are offered or not."""
        return numbers_in(self.subjects.raw_data)

    def offer(self, ids: Sequence[int]) -> None:
        """Let these be chosen; call before `validate`."""
        self.subjects.choices = [choice(one, str(one)) for one in ids]
        if self.everybody.data:
            self.subjects.data = self.subjects.raw_data = list(ids)


def numbers_in(sent: Sequence[object] | None) -> list[int]:
    """Return the numbers among these texts."""
    texts = [str(one) for one in sent or ()]
    return [int(one) for one in texts if one.isascii() and one.isdigit()]


class ChannelForm(FlaskForm):
    """One channel: who answers, about whom, and where the code hangs."""

    rater_group = RadioField(lazy_gettext("Who answers"), validators=chosen())
    subject = SelectField(lazy_gettext("Who is rated"), default="")
    place = StringField(
        lazy_gettext("Where the poster hangs"),
        validators=[Length(max=80, message=lazy_gettext("This is too long."))],
        filters=[one_line],
    )

    def __init__(self, groups: Sequence[tuple[str, str]]) -> None:
        """Take the groups as (value, label)."""
        super().__init__()
        self.rater_group.choices = [choice(key, label) for key, label in groups]
        self.subject.choices = []

    def sent(self) -> list[int]:
        """Return the number of the subject that was sent, offered or not."""
        return numbers_in(self.subject.raw_data)

    def offer(self, subjects: Sequence[tuple[int, str]]) -> None:
        """Let these be chosen, as (number, label); call before `validate`."""
        self.subject.choices = [
            choice("", lazy_gettext("The respondent chooses on the page")),
            *(choice(str(one), label) for one, label in subjects),
        ]

    def chosen(self) -> Chosen:
        """Return the channel's parts; call after `validate` said yes."""
        subject = self.subject.data
        return Chosen(
            rater_group=str(self.rater_group.data),
            place=self.place.data or "",
            subject_id=int(subject) if subject else None,
        )
