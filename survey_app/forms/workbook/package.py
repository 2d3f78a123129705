"""Which sheets a workbook has and in which parts they lie, by what the parts say.

A part is found by the workbook's own references, never by its name: a worksheet may be
called anything.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from survey_app.domain.ground.file_faults import WorkbookRefused
from survey_app.domain.ground.remark import Remark, remark
from survey_app.forms.workbook.markup import Attributes, read_markup
from survey_app.forms.workbook.unpacking import Parts

MOST_SHEETS = 500
LONGEST_NAME = 31
"""Characters of a sheet's name in a spreadsheet."""


@dataclass(frozen=True, slots=True)
class NamedSheet:
    """A sheet as the workbook lists it."""

    name: str
    is_hidden: bool
    part: str
    """Empty for what is no worksheet: a chart, a macro."""


@dataclass(frozen=True, slots=True)
class Package:
    """What a workbook consists of; its other parts are not looked at."""

    sheets: tuple[NamedSheet, ...]
    styles: str
    strings: str


@dataclass(frozen=True, slots=True)
class _Reference:
    """One reference of a part to another: which kind, and where it lies."""

    kind: str
    part: str


class _References:
    """Takes the references of one part."""

    def __init__(self, folder: str) -> None:
        self.found: dict[str, _Reference] = {}
        self._folder = folder

    def start(self, name: str, attributes: Attributes) -> None:
        """Take one reference; those to the outside lead nowhere."""
        if name != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = attributes.get("Target", "")
        kind = attributes.get("Type", "").rpartition("/")[2]
        part = posixpath.normpath(posixpath.join("/", self._folder, target))
        self.found[attributes.get("Id", "")] = _Reference(kind, part.lstrip("/"))

    def end(self, name: str) -> None:
        """Keep nothing of it."""

    def text(self, text: str) -> None:
        """Keep nothing of it."""


class _Sheets:
    """Takes the list of sheets."""

    def __init__(self) -> None:
        self.found: list[tuple[str, bool, str]] = []
        self.root = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """Take one sheet: its name, whether it is hidden, its reference."""
        self.root = self.root or name
        if name == "sheet":
            hidden = attributes.get("state", "visible") != "visible"
            shown = attributes.get("name", "")[: 4 * LONGEST_NAME]
            self.found.append((shown, hidden, attributes.get("id", "")))

    def end(self, name: str) -> None:
        """Keep nothing of it."""

    def text(self, text: str) -> None:
        """Keep nothing of it."""


def package_of(parts: Parts) -> Package:
    """Return what the workbook consists of.

    Raises WorkbookRefused where it is no workbook of this format.
    """
    book = _main_part(parts)
    sheets = _Sheets()
    read_markup(parts.pieces(book), sheets)
    if sheets.root != "workbook" or len(sheets.found) > MOST_SHEETS:
        raise WorkbookRefused(remark("roster-not-a-workbook"))
    references = _references_of(parts, book)
    return Package(
        sheets=tuple(_named(sheets, references)),
        styles=_only(references, "styles"),
        strings=_only(references, "sharedStrings"),
    )


def _main_part(parts: Parts) -> str:
    """Return the part that lists the sheets; raises WorkbookRefused for other files."""
    if "_rels/.rels" not in parts:
        raise WorkbookRefused(_other_kind(parts))
    book = _only(_references_of(parts, ""), "officeDocument")
    if book not in parts or book.startswith(("word/", "ppt/")) or _is_binary(book):
        raise WorkbookRefused(_other_kind(parts))
    return book


def _is_binary(book: str) -> bool:
    return book.casefold().endswith(".bin")


def _other_kind(parts: Parts) -> Remark:
    """Return what is said about a package that is no workbook of this format."""
    if "word/document.xml" in parts or "ppt/presentation.xml" in parts:
        return remark("roster-other-document")
    if "xl/workbook.bin" in parts or "content.xml" in parts:
        return remark("roster-other-workbook")
    return remark("roster-not-a-workbook")


def _references_of(parts: Parts, part: str) -> dict[str, _Reference]:
    """Return the references of a part; "" is the package itself."""
    folder, name = posixpath.split(part)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    references = _References(folder)
    if listed in parts:
        read_markup(parts.pieces(listed), references)
    return references.found


def _only(references: dict[str, _Reference], kind: str) -> str:
    """Return the part of this kind, "" where there is none."""
    return next((r.part for r in references.values() if r.kind == kind), "")


def _named(sheets: _Sheets, references: dict[str, _Reference]) -> Iterator[NamedSheet]:
    for name, is_hidden, reference in sheets.found:
        found = references.get(reference)
        part = found.part if found and found.kind == "worksheet" else ""
        yield NamedSheet(name, is_hidden, part)
