"""Signing in, making accounts, changing a password."""

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField, RadioField, StringField
from wtforms.validators import EqualTo, ValidationError

from survey_app.accounts.tables import ROLES
from survey_app.domain.ground.look_alike import is_plain_name
from survey_app.forms.required import as_typed, choice, chosen, filled


class SignInForm(FlaskForm):
    """Name and password."""

    username = StringField(
        lazy_gettext("User name"), validators=filled(80), filters=[as_typed]
    )
    password = PasswordField(lazy_gettext("Password"), validators=filled())


class AccountForm(FlaskForm):
    """A new account's name and role; its password is generated."""

    username = StringField(
        lazy_gettext("User name"),
        validators=filled(80),
        filters=[as_typed],
    )
    role = RadioField(
        lazy_gettext("Role"),
        choices=[choice(role, role) for role in ROLES],
        validators=chosen(),
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
