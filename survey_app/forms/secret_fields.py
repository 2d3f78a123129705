"""Which fields hold a secret: what is typed there is never shown or sent again."""

from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.fields.core import UnboundField

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
