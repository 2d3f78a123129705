"""An uploaded workbook → the sheets somebody wants, each cell as its author sees it.

A cell that cannot be read that way carries what is wrong with it instead of a text.
Whoever reads the sheet decides whether anybody needs that cell.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from survey_app.domain.ground.file_faults import WorkbookRefused
from survey_app.domain.ground.remark import Remark, remark
from survey_app.forms.workbook.number_format import seen_number, seen_text
from survey_app.forms.workbook.package import NamedSheet, package_of
from survey_app.forms.workbook.sheet import (
    LONGEST_KEPT,
    MOST_CELLS,
    RawCell,
    RawSheet,
    raw_sheet,
    shared_strings,
    spread,
    unescaped,
)
from survey_app.forms.workbook.styles import Formats, formats_in
from survey_app.forms.workbook.unpacking import Parts

OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins what Excel 97, WPS (.et) and locked workbooks are kept in."""
LOCKED = "EncryptedPackage".encode("utf-16-le")

Place = tuple[int, int]
"""Row and column, from 1 on."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """What is seen in one cell, or why that is not known."""

    text: str = ""
    wrong: Remark | None = None
    rounded_from: str = ""
    """The number in the cell, where fewer of its digits are shown."""


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """One sheet that was asked for."""

    name: str
    is_hidden: bool
    cells: Mapping[Place, ShownCell]
    """Those that hold anything."""
    filled: Mapping[Place, Place] = field(default_factory=dict)
    """Empty cell of a merged area → the cell that shows in it."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ShownBook:
    """The sheets that were asked for, and the names of all others."""

    sheets: tuple[ShownSheet, ...]
    others: tuple[NamedSheet, ...]


def shown_book(content: bytes, *, wants: Callable[[str], bool]) -> ShownBook:
    """Return the sheets whose name is wanted; others are not even unpacked.

    Raises WorkbookRefused for what is no workbook, damaged, locked or too large.
    """
    _refuse_other_kinds(content)
    parts = Parts(content)
    package = package_of(parts)
    formats = Formats()
    if package.styles in parts:
        formats = formats_in(parts.pieces(package.styles))
    raw: list[tuple[NamedSheet, RawSheet]] = []
    room = MOST_CELLS
    for sheet in package.sheets:
        if wants(sheet.name) and sheet.part:
            found = raw_sheet(parts.pieces(sheet.part), sheet.name, room=room)
            raw.append((sheet, found))
            room -= len(found.cells)
    strings = _strings(parts, package.strings, [sheet for _, sheet in raw])
    read = {sheet.name for sheet, _ in raw}
    return ShownBook(
        sheets=tuple(_shown(named, sheet, formats, strings) for named, sheet in raw),
        others=tuple(sheet for sheet in package.sheets if sheet.name not in read),
    )


def _refuse_other_kinds(content: bytes) -> None:
    """Raise WorkbookRefused, with its name, for what people send instead."""
    if content.startswith(OLD_FORMAT):
        if LOCKED in content:
            raise WorkbookRefused(remark("roster-locked"))
        raise WorkbookRefused(remark("roster-old-format"))
    if content.startswith(b"PK"):
        return
    start = content[:2000].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    if start.startswith(b"%PDF"):
        raise WorkbookRefused(remark("roster-other-document"))
    if start.startswith((b"<?xml", b"<html", b"<table", b"<!DOCTYPE", b"<meta")):
        raise WorkbookRefused(remark("roster-other-workbook"))
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if any(one in start for one in b",\t;") and (wide or b"\0" not in start):
        raise WorkbookRefused(remark("roster-plain-table"))
    raise WorkbookRefused(remark("roster-not-a-workbook"))


def _strings(parts: Parts, part: str, sheets: list[RawSheet]) -> dict[int, str]:
    """Return those shared strings that the sheets show."""
    wanted = {
        int(cell.written)
        for sheet in sheets
        for cell in sheet.cells.values()
        if cell.kind == "s" and _is_index(cell.written)
    }
    if not wanted or part not in parts:
        return {}
    return shared_strings(parts.pieces(part), wanted)


def _is_index(written: str) -> bool:
    return written.isascii() and written.isdecimal() and len(written) <= 9


def _shown(
    named: NamedSheet, sheet: RawSheet, formats: Formats, strings: Mapping[int, str]
) -> ShownSheet:
    """Return the sheet as it is seen."""
    return ShownSheet(
        name=named.name,
        is_hidden=named.is_hidden,
        cells={
            place: _seen(cell, formats, strings) for place, cell in sheet.cells.items()
        },
        filled=dict(spread(sheet)),
        hidden_rows=frozenset(sheet.hidden_rows),
        hidden_columns=frozenset(sheet.hidden_columns),
    )


def _seen(cell: RawCell, formats: Formats, strings: Mapping[int, str]) -> ShownCell:
    """Return what is seen in one cell, or what is wrong with it."""
    code = formats.of(cell.style)
    if cell.kind == "e":
        return ShownCell(wrong=remark("roster-cell-error", shown=cell.written[:20]))
    if cell.kind == "b":
        shown = "TRUE" if cell.written.strip() in {"1", "true"} else "FALSE"
        return ShownCell(wrong=remark("roster-cell-logical", shown=shown))
    if cell.kind == "d":
        return ShownCell(wrong=remark("roster-cell-date"))
    if _is_uncalculated(cell):
        return ShownCell(wrong=remark("roster-cell-formula"))
    if cell.kind in {"s", "str", "inlineStr"}:
        return _seen_text(cell, code, strings)
    return _seen_number(cell, code)


def _is_uncalculated(cell: RawCell) -> bool:
    """Return whether this is a formula of which nobody knows the result."""
    if not cell.has_formula or cell.written:
        return False
    return cell.kind != "str" or not cell.has_value


def _seen_text(cell: RawCell, code: str, strings: Mapping[int, str]) -> ShownCell:
    written = cell.written
    if cell.kind == "s":
        number = int(written) if _is_index(written) else -1
        if number not in strings:
            return ShownCell(wrong=remark("roster-cell-damaged"))
        written = strings[number]
    seen = seen_text(unescaped(written)[: LONGEST_KEPT + 1], code)
    if isinstance(seen, Remark):
        return ShownCell(wrong=seen)
    return ShownCell(seen.text)


def _seen_number(cell: RawCell, code: str) -> ShownCell:
    try:
        seen = seen_number(cell.written.strip(), code)
    except (ValueError, ArithmeticError):
        return ShownCell(wrong=remark("roster-cell-damaged"))
    if isinstance(seen, Remark):
        return ShownCell(wrong=seen)
    return ShownCell(seen.text, rounded_from=seen.rounded_from)
