"""A number and its format → the text its author sees in the cell.

What a spreadsheet keeps is not what it shows: 0.932 is shown as 93.2 %, 7 as 007.
The formats that rosters use are followed; a format that is not understood is never
guessed at.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from survey_app.domain.ground.remark import Remark, remark

GENERAL = "General"
BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    **dict.fromkeys([*range(14, 23), *range(27, 37), *range(45, 48)], "yyyy/m/d"),
    37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    48: "##0.0E+0", 49: "@",
    **dict.fromkeys(range(50, 59), "yyyy/m/d"),
}  # fmt: skip
"""Formats that a workbook names by their number only."""
DIGITS_KEPT = Context(prec=15, rounding=ROUND_HALF_UP)
"""A spreadsheet keeps 15 digits of a number; what comes after them is noise."""
WIDEST_GENERAL = 11
"""Characters of a number without a format before it is shown with an exponent."""

NUMBER = re.compile(r"[+-]?[0-9]{0,400}\.?[0-9]{0,400}([eE][+-]?[0-9]{1,3})?", re.ASCII)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/通用格式)|(?P<exponent>[Ee][+-])"
    r"|(?P<digit>[0#?])|(?P<sign>[.,%@/;])|(?P<other>.)",
    re.DOTALL,
)
_COLOUR = re.compile(
    r"(black|white|red|green|blue|yellow|magenta|cyan|color ?\d+"
    r"|黑色|白色|红色|绿色|蓝色|黄色|洋红|洋红色|青色|蓝绿色|颜色 ?\d+)",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"\$([^-]*)(-[0-9A-Fa-f]*)?")


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands in the cell for everybody to see."""

    text: str
    rounded_from: str = ""
    """The number that is kept, where fewer of its digits are shown."""


@dataclass(frozen=True, slots=True)
class _FormatPart:
    """One piece of a format: what kind, and which characters."""

    kind: str
    text: str


def seen_number(written: str, code: str) -> Seen | Remark:
    """Return what a number looks like in this format.

    `written` is the number as the file has it; ValueError where it is none.
    """
    if not NUMBER.fullmatch(written) or not re.search("[0-9]", written):
        raise ValueError(written)
    number = DIGITS_KEPT.create_decimal(written)
    sections, _of_text = _sections(code)
    section, signed = _section_of(sections, number)
    kinds = {part.kind for part in section}
    if refused := _refused(section, kinds):
        return refused
    if "general" in kinds or (not section and len(sections) == 1):
        seen = _general(number if signed else abs(number))
        if isinstance(seen, Remark):
            return seen
        return Seen(_around(section, seen.text), seen.rounded_from)
    if not kinds & {"digit", "literal"}:
        return remark("roster-cell-shows-nothing")
    return _in_places(section, number, signed=signed)


def seen_text(text: str, code: str) -> Seen | Remark:
    """Return what a text looks like in this format: most leave it as it is."""
    _of_numbers, section = _sections(code)
    if section is not None and not section and text:
        return remark("roster-cell-shows-nothing")
    return Seen(_around(section or [], text))


@lru_cache(256)
def _sections(code: str) -> tuple[list[list[_FormatPart]], list[_FormatPart] | None]:
    """Return the sections for numbers (above, below, at 0), and the one for text."""
    sections: list[list[_FormatPart]] = [[]]
    for found in _TOKEN.finditer(code):
        part = _part(str(found.lastgroup), found[str(found.lastgroup)] or "")
        if part.kind == "next":
            sections.append([])
        elif part.kind != "nothing":
            sections[-1].append(part)
    if len(sections) > 3 or any(part.kind == "text" for part in sections[-1]):
        return sections[:-1][:3] or [[]], sections[-1]
    return sections, None


def _part(kind: str, text: str) -> _FormatPart:
    if kind in {"quoted", "escaped"}:
        return _FormatPart("literal", text)
    if kind in {"space", "fill"}:
        return _FormatPart("nothing", "")
    if kind == "bracket":
        return _bracketed(text)
    if kind == "sign":
        names = {";": "next", "@": "text", ".": "point", ",": "comma", "%": "percent"}
        return _FormatPart(names.get(text, "stroke"), text)
    if kind == "other":
        return _FormatPart(
            "letter" if text.isascii() and text.isalpha() else "literal", text
        )
    return _FormatPart(kind, text)


def _bracketed(text: str) -> _FormatPart:
    """Return what stands in brackets: a colour says nothing, a currency its sign."""
    if _COLOUR.fullmatch(text):
        return _FormatPart("nothing", "")
    if currency := _CURRENCY.fullmatch(text):
        return _FormatPart("literal" if currency[1] else "nothing", currency[1])
    return _FormatPart("letter" if text.strip("hmsHMS") == "" else "unknown", text)


def _section_of(
    sections: list[list[_FormatPart]], number: Decimal
) -> tuple[list[_FormatPart], bool]:
    """Return the section for this number, and whether it puts the sign itself."""
    if number < 0 and len(sections) > 1:
        return sections[1], False
    if number == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], True


def _refused(section: list[_FormatPart], kinds: set[str]) -> Remark | None:
    """Return why numbers in this section are not followed, or None."""
    if "unknown" in kinds:
        return remark("roster-cell-format")
    if "letter" in kinds:
        letters = {part.text.lower() for part in section if part.kind == "letter"}
        dates = letters <= set("ymdhsegabp") or any(len(one) != 1 for one in letters)
        return remark("roster-cell-date") if dates else remark("roster-cell-format")
    if "exponent" in kinds:
        return remark("roster-cell-exponent")
    if "stroke" in kinds:
        return remark("roster-cell-fraction")
    return None


def _general(number: Decimal) -> Seen | Remark:
    """Return a number without a format, as a cell that is wide enough shows it."""
    plain = f"{number.normalize():f}" if number else "0"
    digits = plain.lstrip("-")
    whole = digits.partition(".")[0]
    if len(whole) > WIDEST_GENERAL:
        if len(whole) > 15:
            return remark("roster-cell-lost-digits")
        return remark("roster-cell-exponent")
    places = max(0, WIDEST_GENERAL - len(whole) - 1)
    text = _fixed(number, places).rstrip("0").rstrip(".") if "." in plain else plain
    if number and abs(number) < Decimal("0.0001") and text != plain:
        return remark("roster-cell-exponent")
    text = "0" if not text.strip("-0") else text
    return Seen(text, "" if text == plain else plain)


def _fixed(number: Decimal, places: int) -> str:
    """Return the number with this many decimals, halves away from 0."""
    step = Decimal(1).scaleb(-places)
    wide = Context(prec=450, rounding=ROUND_HALF_UP)
    return f"{number.quantize(step, context=wide):f}"


def _around(section: list[_FormatPart], text: str) -> str:
    """Return the literals of a section with the text in its place."""
    if not any(part.kind in {"text", "general"} for part in section):
        return text
    return "".join(
        text if part.kind in {"text", "general"} else part.text
        for part in section
        if part.kind in {"text", "general", "literal"}
    )


def _in_places(
    section: list[_FormatPart], number: Decimal, *, signed: bool
) -> Seen | Remark:
    """Return the number in the places of a format such as "T"000 or 0.00%."""
    if not any(part.kind == "digit" for part in section):
        return Seen("".join(p.text for p in section if p.kind == "literal"))
    per_cent = sum(part.kind == "percent" for part in section)
    shifted = number.scaleb(2 * per_cent)
    kinds = [part.kind for part in section]
    point = kinds.index("point") if "point" in kinds else len(section)
    before, after = section[:point], section[point + 1 :]
    if _scales(before):
        return remark("roster-cell-format")
    places = sum(part.kind == "digit" for part in after)
    fixed = _fixed(abs(shifted), places)
    whole, _, decimals = fixed.partition(".")
    grouped = any(part.kind == "comma" for part in before)
    if len(whole.lstrip("0")) > 15:
        return remark("roster-cell-lost-digits")
    if grouped and len(whole.lstrip("0")) > 3:
        return remark("roster-cell-grouped")
    text = _whole(before, whole.lstrip("0"))
    text += ("." if point < len(section) else "") + _decimals(after, decimals)
    minus = "-" if signed and shifted < 0 and Decimal(fixed) else ""
    rounded = Decimal(fixed) != abs(shifted)
    return Seen(minus + text, f"{number.normalize():f}" if rounded else "")


def _scales(before: list[_FormatPart]) -> bool:
    """Return whether a comma after the last digit divides by a thousand."""
    commas = [n for n, part in enumerate(before) if part.kind == "comma"]
    digits = [n for n, part in enumerate(before) if part.kind == "digit"]
    return bool(commas and digits and commas[-1] > digits[-1])


def _whole(before: list[_FormatPart], digits: str) -> str:
    """Return the digits before the point in their places, from the right."""
    left = len([part for part in before if part.kind == "digit"])
    text = ""
    for part in reversed(before):
        if part.kind == "digit":
            left -= 1
            taken = digits if left == 0 else digits[-1:]
            digits = "" if left == 0 else digits[:-1]
            text = (taken or {"0": "0", "?": " ", "#": ""}[part.text]) + text
        elif part.kind in {"literal", "percent"}:
            text = part.text + text
    return text


def _decimals(after: list[_FormatPart], digits: str) -> str:
    """Return the digits after the point; # and ? leave out zeros at the end."""
    needed = len(digits.rstrip("0"))
    text, place = "", 0
    for part in after:
        if part.kind == "digit":
            if place < needed or part.text == "0":
                text += digits[place]
            place += 1
        elif part.kind in {"literal", "percent"}:
            text += part.text
    return text
