"""What a field of the office must hold, and what is said where it does not."""

from typing import Any

import wtforms
from flask_babel import lazy_gettext
from wtforms.validators import DataRequired, InputRequired, Length


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
    """Return the text without the spaces around it."""
    return (text or "").strip()


def choice(value: str | int, label: str) -> Any:
    """Return one thing to choose."""
    return wtforms.SelectChoice(value, label)  # type: ignore[attr-defined]  # newer than its stubs
