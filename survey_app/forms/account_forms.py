"""Signing in, making accounts, changing a password."""

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField, RadioField, StringField
from wtforms.validators import EqualTo, Length, ValidationError

from survey_app.forms.required import choice, chosen, filled, stripped
from survey_app.models.account import ROLES

SHORTEST = 12
"""Characters of a password somebody chooses."""


class SignInForm(FlaskForm):
    """Name and password."""

    username = StringField(
        lazy_gettext("User name"), validators=filled(80), filters=[stripped]
    )
    password = PasswordField(lazy_gettext("Password"), validators=filled())


class AccountForm(FlaskForm):
    """A new account's name and role; its password is generated."""

    username = StringField(
        lazy_gettext("User name"), validators=filled(80), filters=[stripped]
    )
    role = RadioField(
        lazy_gettext("Role"),
        choices=[choice(role, role) for role in ROLES],
        validators=chosen(),
    )


class PasswordForm(FlaskForm):
    """The current password, and twice the new one."""

    current = PasswordField(lazy_gettext("Current password"), validators=filled())
    new = PasswordField(
        lazy_gettext("New password"),
        validators=[
            *filled(),
            Length(SHORTEST, message=lazy_gettext("At least 12 characters, please.")),
        ],
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
