"""The translation of a text where no page is being made: the terminal."""

import gettext
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "translations"


def translations_of(language: str) -> Callable[[str], str]:
    """Return the function that puts an English text into this language."""
    found = gettext.translation("messages", FOLDER, [language], fallback=True)
    return found.gettext
