"""What a field of the office must hold, and what is said where it does not."""

from typing import Any

import wtforms
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.fields.core import UnboundField
from wtforms.validators import DataRequired, InputRequired, Length

from survey_app.domain.ground.clean_text import clean_comment, clean_name
from survey_app.domain.ground.written_value import tidy_code

ALWAYS = frozenset({"password", "passphrase"})


def secret_names() -> frozenset[str]:
    """Return the names of all fields for passwords and passphrases of the office."""
    return ALWAYS.union(*(_secret_in(form) for form in _below(FlaskForm)))


def _below(form: type[FlaskForm]) -> list[type[FlaskForm]]:
    """Return the form and all made from it."""
    return [form, *(one for sub in form.__subclasses__() for one in _below(sub))]


def _secret_in(form: type[FlaskForm]) -> set[str]:
    return {
        name
        for name, field in vars(form).items()
        if isinstance(field, UnboundField)
        and issubclass(field.field_class, PasswordField)
    }


def filled(longest: int = 200) -> list[Any]:
    """Return the validators of a text that says something and is not endless."""
    return [
        DataRequired(lazy_gettext("Fill this in.")),
        Length(max=longest, message=lazy_gettext("This is too long.")),
    ]


def chosen() -> list[Any]:
    """Return the validators of a choice that must be made."""
    return [InputRequired(lazy_gettext("Choose one."))]


def stripped(text: str | None) -> str:
    """Return the text as it is seen: nothing unseen, no spaces around it."""
    return clean_comment(text or "")


def as_typed(text: str | None) -> str:
    """Return the text without the spaces around it; for names that must match."""
    return (text or "").strip()


def one_line(text: str | None) -> str:
    """Return a name or a title as it is seen, in one line."""
    return clean_name(text or "")


def narrow(text: str | None) -> str:
    """Return a name that is looked up: full-width letters and digits narrowed too."""
    return tidy_code(text or "")


def choice(value: str | int, label: str) -> Any:
    """Return one thing to choose."""
    return wtforms.SelectChoice(value, label)  # type: ignore[attr-defined]  # newer than its stubs
