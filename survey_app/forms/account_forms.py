"""Signing in, making accounts, changing a password."""

import re
from collections.abc import Collection

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import EqualTo, Length, ValidationError

from survey_app.accounts.permissions import ROLES
from survey_app.accounts.real_names import LONGEST
from survey_app.domain.ground.look_alike import is_plain_name
from survey_app.forms.required import (
    as_typed,
    choice,
    chosen,
    filled,
    narrow,
    one_line,
)


class SignInForm(FlaskForm):
    """Name and password."""

    username = StringField(
        lazy_gettext("User name"), validators=filled(80), filters=[as_typed]
    )
    password = PasswordField(lazy_gettext("Password"), validators=filled())


class OneTimeField(PasswordField):
    """A code that is good once: shown while it is typed, kept and sent back nowhere."""


class OneTimeForm(FlaskForm):
    """A code of the phone, or one on paper."""

    one_time_code = OneTimeField(
        lazy_gettext("One-time code"), validators=filled(), filters=[as_typed]
    )

    def refuse(self) -> None:
        """Say that the code was not taken, and what can be done."""
        self.one_time_code.errors = [
            lazy_gettext(
                "This code does not fit, or was used before. Wait for the next one on "
                "the phone; a recovery code is good once."
            )
        ]


class SetUpForm(OneTimeForm):
    """The first code of a phone, and the secret that was shown to it, locked."""

    offer = HiddenField()

    def refuse_first(self, minutes: int | None) -> None:
        """Say that the code is none of this secret; `minutes`: or a clock is wrong."""
        away = lazy_gettext(
            "The clocks of this phone and of the server are %(minutes)s min apart. "
            "Set the phone’s clock by its network, or tell whoever runs the server.",
            minutes=abs(minutes or 0),
        )
        other = lazy_gettext(
            "This is no code of the secret on this page. Scan it once more, and type "
            "the six digits that the phone shows now."
        )
        self.one_time_code.errors = [away if minutes else other]


class RolesForm(FlaskForm):
    """The roles of an account, and where and for whom they hold."""

    roles = SelectMultipleField(
        lazy_gettext("Roles"), choices=[choice(role, role) for role in ROLES]
    )
    unit = StringField(
        lazy_gettext("Only in one unit: its code"),
        validators=[Length(max=80, message=lazy_gettext("This is too long."))],
        filters=[narrow],
    )
    person = StringField(
        lazy_gettext("Who the appraised is: code of the cadre or of the unit"),
        validators=[Length(max=80, message=lazy_gettext("This is too long."))],
        filters=[narrow],
    )


class OwnerForm(FlaskForm):
    """What was shown of an account to whoever confirms it."""

    seen = HiddenField()

    @property
    def number(self) -> int:
        """What `given_last` said then; -1: nothing that it says."""
        told = self.seen.data or ""
        return int(told) if re.fullmatch("[0-9]{1,18}", told) else -1


def _person() -> StringField:
    """Return the field for the name of the person an account belongs to."""
    return StringField(
        lazy_gettext("Name of the person"),
        validators=filled(LONGEST),
        filters=[one_line],
    )


class PersonForm(FlaskForm):
    """Whose an account is."""

    real_name = _person()


class SurveysForm(FlaskForm):
    """On which surveys an account works."""

    limit = RadioField(
        lazy_gettext("Which surveys"),
        choices=[choice("all", "all"), choice("some", "some")],
        validators=chosen(),
    )
    surveys = SelectMultipleField(lazy_gettext("These surveys"), coerce=int, choices=[])

    def offer(self, numbers: Collection[int]) -> None:
        """Take these numbers and no others."""
        self.surveys.choices = [choice(one, str(one)) for one in numbers]


class AccountForm(RolesForm):
    """A new account's name, whose it is, and its roles; its password is generated."""

    real_name = _person()
    username = StringField(
        lazy_gettext("User name"),
        validators=filled(80),
        filters=[as_typed],
    )

    def validate_username(self, name: StringField) -> None:
        """Raise ValidationError for a name that is not what it looks like."""
        if not is_plain_name(name.data or ""):
            raise ValidationError(
                gettext(
                    "This name is not what it looks like: it holds characters nobody "
                    "sees, full-width letters, or letters of two alphabets. Type it "
                    "again in one alphabet and in ordinary width."
                )
            )


class PasswordForm(FlaskForm):
    """The current password, and twice the new one."""

    current = PasswordField(lazy_gettext("Current password"), validators=filled())
    new = PasswordField(
        lazy_gettext("New password"),
        validators=filled(),
    )
    again = PasswordField(
        lazy_gettext("New password once more"),
        validators=[
            *filled(),
            EqualTo("new", lazy_gettext("The two new passwords differ.")),
        ],
    )

    def validate_new(self, new: PasswordField) -> None:
        """Raise ValidationError for the old password: somebody else may know it."""
        if new.data and new.data == self.current.data:
            raise ValidationError(gettext("This is the old password. Choose another."))

    def refuse_weak(self, *, short: bool) -> None:
        """Say why the new password cannot be taken, and what can."""
        too_short = lazy_gettext("At least 12 characters, please.")
        guessed = lazy_gettext(
            "This is guessed at once: it is hardly more than common words, a row of "
            "keys, a year, the same again and again, or your user name. Four unrelated "
            "words are easy to keep in mind."
        )
        self.new.errors = [too_short if short else guessed]
