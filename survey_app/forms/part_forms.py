"""The parts of a survey that has not opened: subjects and channels."""

from collections.abc import Collection, Sequence
from typing import TypedDict

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
)
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.forms.required import choice, chosen, one_line
from survey_app.survey.parts import WayIn

USUAL_KIND = "usual"
"""Slips for people who are known, a poster for everybody else."""


class Chosen(TypedDict):
    """The parts of a channel as `add_channel` takes them."""

    rater_group: str
    place: str
    subject_id: int | None
    """None: the respondent chooses."""
    way: WayIn


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
    kind = RadioField(lazy_gettext("How people get in"), default=USUAL_KIND)
    open_reason = StringField(
        lazy_gettext("Why the code is open to everybody"),
        validators=[Length(max=200, message=lazy_gettext("This is too long."))],
        filters=[one_line],
    )
    place = StringField(
        lazy_gettext("Where the poster hangs"),
        validators=[Length(max=80, message=lazy_gettext("This is too long."))],
        filters=[one_line],
    )
    visitors = IntegerField(
        lazy_gettext("How many people come there on a day"),
        validators=[
            Optional(),
            NumberRange(
                1, 100_000, message=lazy_gettext("Give a number from 1 to 100,000.")
            ),
        ],
    )

    def __init__(
        self, groups: Sequence[tuple[str, str]], *, known: Collection[str]
    ) -> None:
        """Take the groups as (value, label), and those whose people are known."""
        super().__init__()
        self._known = known
        kinds = [choice(kind, kind) for kind in (USUAL_KIND, *ChannelKind)]
        self.kind.choices = kinds
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
            way=WayIn(
                None if self.kind.data == USUAL_KIND else ChannelKind(self.kind.data),
                self.open_reason.data or "",
                self.visitors.data,
            ),
        )

    def validate_open_reason(self, field: StringField) -> None:
        """Refuse an open code for people who are known, without a word why."""
        kind = self.kind.data
        is_open = kind != USUAL_KIND and kind and ChannelKind(kind).is_open
        if is_open and self.rater_group.data in self._known and not field.data:
            raise ValidationError(
                lazy_gettext(
                    "The scheme knows who belongs to this rater group, and whoever "
                    "passes this code could answer for them. Choose slips, or write "
                    "why the code is open: it will stand beside the result."
                )
            )
