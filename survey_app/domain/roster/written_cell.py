"""What people type into the cells of a sheet, tidied the way they meant it."""

import unicodedata

import regex

from survey_app.domain.clean_text import clean_name

_CLEAN_ALREADY = regex.compile(r"[\u4e00-\u9fffA-Za-z0-9().,:;/_%〔〕（）、-]*")
"""What most cells consist of; asking so is far quicker than cleaning them."""
_BETWEEN_CHINESE = regex.compile(r"(?<=\p{Script=Han})\s+(?=\p{Script=Han})")
"""Rare characters of names too: they lie far beyond those of every day."""
_DOT = regex.compile(
    r"\s*[\u00b7\u2022\u2027\u30fb\uff65\u2219\u22c5\u2024\u0387\u16eb\u25cf]\s*"
    r"|(?<=\p{Script=Han})\s*[.\uff0e]\s*(?=\p{Script=Han})"
)
"""Every dot by which input methods write the names of minorities."""
MIDDLE_DOT = "\u00b7"
"""The one of them that stands in identity papers."""


def tidy(text: str) -> str:
    """Return the text as it is seen: nothing unseen, one space where spaces are."""
    return text if _CLEAN_ALREADY.fullmatch(text) else clean_name(text)


def tidy_code(text: str) -> str:
    """Return a code or a number with full-width letters, digits and signs narrowed."""
    return tidy(unicodedata.normalize("NFKC", text))


def tidy_name(text: str) -> str:
    """Return a name without the spaces that only widen it, and with one kind of dot.

    张 三 is 张三, and 阿卜杜拉•买买提 is 阿卜杜拉·买买提.
    """
    name = tidy(text)
    return _BETWEEN_CHINESE.sub("", _DOT.sub(MIDDLE_DOT, name))
