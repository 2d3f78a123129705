"""Single values as people write them in a file: numbers, whole numbers, fixed words.

Numbers are exact. A float such as 0.1 is already not what its author wrote when it
reaches us, so decimals and fractions are written in quotation marks.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

import regex

from survey_app.domain.ground.clean_text import clean_name

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


T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)

NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18}|/0*[1-9][0-9]{0,17})?", re.ASCII)
"""Digits, a decimal point or a fraction stroke; neither exponents nor "1/0"."""


class Misread(ValueError):  # noqa: N818 -- named as a sentence, like every refusal
    """The value cannot be read; what is wrong and what to write instead."""

    def __init__(self, wrong: str, instead: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.instead = instead


@dataclass(frozen=True, slots=True)
class ValueKind(Generic[T]):
    """One kind of value: how it is read, how it looks, what stands in for it."""

    read: Callable[[object], T]
    """From what TOML gives to the value; raises Misread."""
    example: str
    """How an author writes one."""
    stand_in: T
    """Takes the place of a missing or wrong value so that the reading can go on."""


def exact(written: object) -> Fraction:
    """Return the number exactly; Misread for floats and anything else."""
    if isinstance(written, float):
        raise Misread(
            f"{written} is a float and would lose exactness",
            f'put it in quotation marks: "{written}"',
        )
    if isinstance(written, int) and not isinstance(written, bool):
        return Fraction(written)
    if isinstance(written, str) and NUMBER.fullmatch(written):
        return Fraction(written)
    raise Misread(
        f"{shown(written)} is not a number", 'write it like 30, "93.2" or "1/3"'
    )


def shown(written: object) -> str:
    """Return what was written, short enough for a message."""
    text = f'"{written}"' if isinstance(written, str) else str(written)
    return text if len(text) <= 40 else f"{text[:39]}…"


def in_digits(number: Fraction) -> str:
    """Return the number as an author would write it: decimals, else a fraction."""
    for places in range(4):
        shifted = number * 10**places
        if shifted.denominator == 1:
            return f"{Decimal(shifted.numerator).scaleb(-places):f}"
    return str(number)


def number(least: int, most: int | None = None) -> ValueKind[Fraction]:
    """Return the kind "exact number from least to most, both included"."""

    def read(written: object) -> Fraction:
        value = exact(written)
        if value < least or (most is not None and value > most):
            bounds = f"{least} or more" if most is None else f"{least} to {most}"
            raise Misread(f"{shown(written)} is out of range", f"write {bounds}")
        return value

    return ValueKind(read, '"30"', Fraction(least))


def whole(least: int, most: int) -> ValueKind[int]:
    """Return the kind "whole number from least to most, both included"."""

    def read(written: object) -> int:
        value = exact(written)
        if value.denominator != 1 or not least <= value <= most:
            raise Misread(
                f"{shown(written)} is not a whole number from {least} to {most}",
                f"write a whole number from {least} to {most}",
            )
        return int(value)

    return ValueKind(read, str(least), least)


def known_format(version: int) -> ValueKind[int]:
    """Return the kind "version of the file format", of which there is one."""

    def read(written: object) -> int:
        if written != version or isinstance(written, bool):
            advice = f"write format = {version}"
            raise Misread(f"{shown(written)} is not a format known here", advice)
        return version

    return ValueKind(read, str(version), version)


def one_of(words: type[Word], *, because: str = "") -> ValueKind[Word]:
    """Return the kind "one of these words"; `because` is added to the advice."""
    known = " or ".join(f'"{word.value}"' for word in words)
    first = next(iter(words))

    def read(written: object) -> Word:
        if written not in list(words):
            advice = f"write {known}{because}"
            raise Misread(f"{shown(written)} is not among the words known here", advice)
        return words(str(written))

    return ValueKind(read, f'"{first.value}"', first)


def several(words: type[Word]) -> ValueKind[tuple[Word, ...]]:
    """Return the kind "some of these words, each once", whose order means something."""
    one = one_of(words)

    def read(written: object) -> tuple[Word, ...]:
        if not isinstance(written, list):
            raise Misread(f"{shown(written)} is no list", f"write [{one.example}]")
        if len({str(word) for word in written}) < len(written):
            raise Misread("repeats itself", "name each one once")
        return tuple(one.read(word) for word in written)

    return ValueKind(read, f"[{one.example}]", ())


def day(written: object) -> date:
    """Return the day; Misread for anything else."""
    if type(written) is not date:
        raise Misread(f"{shown(written)} is no day", "write it like 2026-10-01")
    return written


POINTS = number(0)
SHARE = number(0, 1)
ANY_POINTS = ValueKind(exact, '"-10"', Fraction(0))
"""Points that may be fewer than none."""
