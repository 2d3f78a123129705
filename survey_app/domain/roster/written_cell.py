"""What people type into the cells of a sheet, tidied the way they meant it."""

import re
import unicodedata

_CHINESE = "\u3400-\u9fff\uf900-\ufaff"
_BETWEEN_CHINESE = re.compile(rf"(?<=[{_CHINESE}])\s+(?=[{_CHINESE}])")


def tidy(text: str) -> str:
    """Return the text without the spaces around it; inner ones are left alone."""
    return text.strip().strip("\ufeff\u200b")


def tidy_code(text: str) -> str:
    """Return a code or a number with full-width letters, digits and signs narrowed."""
    return tidy(unicodedata.normalize("NFKC", text))


def tidy_name(text: str) -> str:
    """Return a name without the spaces that only widen a name of two characters."""
    return _BETWEEN_CHINESE.sub("", tidy(text))
