"""The words of a file in the language it was asked for in: no request is at hand."""

import gettext
from collections.abc import Callable
from pathlib import Path

TRANSLATIONS = Path(__file__).parents[1] / "translations"


def translation(language: str) -> Callable[[str], str]:
    """Return what puts the words of a file into a language."""
    found = gettext.translation("messages", TRANSLATIONS, [language], fallback=True)
    return found.gettext
