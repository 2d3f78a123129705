"""In which language the terminal speaks: asked for, set, or that of the system."""

import os
from collections.abc import Callable, Mapping
from contextvars import ContextVar

from survey_app.cli.translations_of import translations_of

CHINESE, ENGLISH = "zh", "en"
ASKED = "SURVEY_LANGUAGE"
SPOKEN: ContextVar[str] = ContextVar("spoken", default="")
"""The language that was asked for with --language; empty where none was."""


def language_of(environment: Mapping[str, str], *, otherwise: str = ENGLISH) -> str:
    """Return zh or en: what SURVEY_LANGUAGE says, else the language of the system.

    A system that names none speaks the language in `otherwise`.
    """
    asked = environment.get(ASKED, "").lower()
    if asked in {CHINESE, ENGLISH}:
        return asked
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        told = environment.get(name, "").lower()
        if told and told.partition(".")[0] not in {"c", "posix"}:
            return CHINESE if told.startswith(CHINESE) else ENGLISH
    return otherwise


def spoken() -> str:
    """Return the language of this terminal, zh or en."""
    return SPOKEN.get() or language_of(os.environ)


def translate() -> Callable[[str], str]:
    """Return what puts an English text into the language of this terminal."""
    return translations_of(spoken())
