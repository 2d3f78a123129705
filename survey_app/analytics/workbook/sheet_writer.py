"""Sheets of a workbook, written row by row; the analytics' only importer of XlsxWriter.

XlsxWriter makes everything but the rows: those go into the file as they are written,
packed at once, because a city's half a million of them are too many for any library
that keeps a cell as an object. Text is always written as text: a name that begins with
"=" or "+" stays a name and never becomes a formula in somebody's spreadsheet.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from io import BytesIO
from itertools import chain, count, product
from string import ascii_uppercase
from typing import IO, Any, TypeAlias
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsxwriter

COUNT, SHARE, SCORE, TEXT, AS_IT_IS = "0", "0.0%", "0.00", "@", "General"
"""How the numbers of a column look."""
LONGEST_NAME = 31
"""Characters that spreadsheets take as the name of a sheet."""
END_OF_ROWS = b"</sheetData>"
AT_ONCE = 1_000
"""Rows that are packed together."""
LETTERS = [*ascii_uppercase, *map("".join, product(ascii_uppercase, repeat=2))]
"""What the columns of a sheet are called, from the left."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and the value it has, for programs that do not calculate."""

    text: str
    value: float | str


Cell: TypeAlias = str | int | float | Fraction | Formula | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, how wide it is and how its numbers look."""

    heading: str
    width: int
    look: str = TEXT


class Book:
    """A workbook that exists in memory only, and there packed."""

    def __init__(self, title: str, *, made_on: date) -> None:
        self._bytes = BytesIO()
        self._book = xlsxwriter.Workbook(
            self._bytes, {"in_memory": True, "strings_to_formulas": False}
        )
        made_at = datetime(made_on.year, made_on.month, made_on.day)  # noqa: DTZ001 -- a day, and Excel knows no zones
        self._book.set_properties({"title": title, "created": made_at})
        self._sheets: list[Sheet] = []

    def sheet(self, name: str, columns: Sequence[Column]) -> "Sheet":
        """Return a new sheet with its heading row."""
        sheet = Sheet(self._book, self._book.add_worksheet(name), columns)
        self._sheets.append(sheet)
        return sheet

    def free_name(self, wanted: str) -> str:
        """Return a name for a sheet that spreadsheets take and no other here has."""
        plain = re.sub(r"[\[\]:*?/\\']", " ", wanted)
        taken = {sheet.name.casefold() for sheet in self._sheets}
        names = (f"{plain[: LONGEST_NAME - 3]} {n}" for n in count(2))
        return next(
            name
            for name in chain([plain[:LONGEST_NAME].strip()], names)
            if name.casefold() not in taken
        )

    def write_to(self, file: IO[bytes]) -> None:
        """Write the finished file; nothing can be added any more."""
        rows = {
            f"xl/worksheets/sheet{number}.xml": sheet.rows()
            for number, sheet in enumerate(self._sheets, start=1)
        }
        self._book.close()
        with ZipFile(self._bytes) as made, ZipFile(file, "w") as whole:
            for one in made.infolist():
                head, end, rest = made.read(one).partition(END_OF_ROWS)
                with whole.open(_same_place(one), "w") as part:
                    part.write(head)
                    for some in rows.get(one.filename, ()):
                        part.write(some)
                    part.write(end + rest)

    def content(self) -> bytes:
        """Return the finished file; nothing can be added any more."""
        file = BytesIO()
        self.write_to(file)
        return file.getvalue()


def _same_place(one: ZipInfo) -> ZipInfo:
    """Return where a part of the file goes, of the same name and without a time."""
    place = ZipInfo(one.filename, one.date_time)
    place.compress_type = ZIP_DEFLATED
    return place


class Sheet:
    """One sheet that grows downwards."""

    def __init__(self, book: Any, sheet: Any, columns: Sequence[Column]) -> None:
        self.name: str = sheet.get_name()
        self.next_row = 2
        """The number Excel shows beside the row that comes next."""
        self._sheet, self._strings = sheet, book.str_table
        self._known: dict[str, int] = {}
        self._packed: list[bytes] = []
        self._packing = zlib.compressobj(1)
        self._fresh: list[str] = []
        heading = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
        )
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.heading, heading)
        heading._get_xf_index()
        self._columns = [
            (f'<c r="{letter}', f'" s="{_number_of(book, column.look)}"')
            for letter, column in zip(LETTERS, columns, strict=False)
        ]
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def row(self, *cells: Cell) -> None:
        """Add one row; None leaves a cell empty."""
        row, known = self.next_row, self._known
        written = [f'<row r="{row}">']
        for (begin, look), cell in zip(self._columns, cells, strict=False):
            if cell is None:
                continue
            if isinstance(cell, str):
                text = known.get(cell)
                text = self._new(cell) if text is None else text
                written.append(f'{begin}{row}{look} t="s"><v>{text}</v></c>')
            elif isinstance(cell, Formula):
                written.append(f"{begin}{row}{look}{_calculated(cell)}</c>")
            else:
                number = cell if isinstance(cell, int) else f"{float(cell):.16G}"
                written.append(f"{begin}{row}{look}><v>{number}</v></c>")
        written.append("</row>")
        self._fresh.append("".join(written))
        self.next_row += 1
        if len(self._fresh) == AT_ONCE:
            self._pack()

    def range(self, column: str, first: int, last: int) -> str:
        """Return these rows of a column, as formulas on any sheet write it."""
        return f"'{self.name}'!${column}${first}:${column}${last}"

    def cell(self, column: str, row: int) -> str:
        """Return one cell as formulas on any sheet write it."""
        return f"'{self.name}'!{column}{row}"

    def column(self, letter: str) -> str:
        """Return a whole column as formulas on any sheet write it."""
        return f"'{self.name}'!${letter}:${letter}"

    def across(self, first: int, many: int, row: int, *, fixed: bool = False) -> str:
        """Return so many cells of a row as formulas on any sheet write them.

        `first` is how many columns stand before them.
        """
        mark = "$" if fixed else ""
        ends = LETTERS[first], LETTERS[first + many - 1]
        cells = ":".join(f"{mark}{letter}{mark}{row}" for letter in ends)
        return f"'{self.name}'!{cells}"

    def rows(self) -> Iterator[bytes]:
        """Yield all rows as the file holds them, letting go of each; ends the sheet."""
        self._pack()
        self._packed.append(self._packing.flush())
        # What XlsxWriter says of a sheet's size it would have noted cell by cell.
        self._sheet.dim_rowmax = self.next_row - 2
        return self._unpacked()

    def _unpacked(self) -> Iterator[bytes]:
        unpacking = zlib.decompressobj()
        self._packed.reverse()
        while self._packed:
            yield unpacking.decompress(self._packed.pop())

    def _pack(self) -> None:
        some = "".join(self._fresh).encode()
        self._fresh.clear()
        self._packed.append(self._packing.compress(some))

    def _new(self, text: str) -> int:
        number: int = self._strings._get_shared_string_index(text)
        self._known[text] = number
        return number


def _number_of(book: Any, look: str) -> int:
    """Return the number a file knows this look by; the same one for the same look."""
    number: int = book.add_format({"num_format": look, "valign": "top"})._get_xf_index()
    return number


def _calculated(cell: Formula) -> str:
    """Return a formula and its value, as far as the end of their cell."""
    kind = ' t="str"' if isinstance(cell.value, str) else ""
    text = escape(cell.text.removeprefix("="))
    return f"{kind}><f>{text}</f><v>{escape(str(cell.value))}</v>"
