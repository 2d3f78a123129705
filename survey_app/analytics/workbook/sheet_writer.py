"""Sheets of a workbook, written row by row; the analytics' only importer of XlsxWriter.

Text is always written as text: a name that begins with "=" or "+" stays a name and
never becomes a formula in somebody's spreadsheet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from io import BytesIO
from typing import Any, TypeAlias

import xlsxwriter

COUNT, SHARE, SCORE, TEXT = "0", "0.0%", "0.00", "@"
"""How the numbers of a column look."""


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
    """A workbook that exists in memory only."""

    def __init__(self, title: str, *, made_on: date) -> None:
        self._bytes = BytesIO()
        self._book = xlsxwriter.Workbook(
            self._bytes, {"in_memory": True, "strings_to_formulas": False}
        )
        made_at = datetime(made_on.year, made_on.month, made_on.day)  # noqa: DTZ001 -- a day, and Excel knows no zones
        self._book.set_properties({"title": title, "created": made_at})

    def sheet(self, name: str, columns: Sequence[Column]) -> "Sheet":
        """Return a new sheet with its heading row."""
        return Sheet(self._book, self._book.add_worksheet(name), columns)

    def content(self) -> bytes:
        """Return the finished file; nothing can be added any more."""
        self._book.close()
        return self._bytes.getvalue()


class Sheet:
    """One sheet that grows downwards."""

    def __init__(self, book: Any, sheet: Any, columns: Sequence[Column]) -> None:
        self.name: str = sheet.get_name()
        self.next_row = 1
        """The number Excel shows beside the row that comes next."""
        self._sheet = sheet
        self._looks = [
            book.add_format({"num_format": column.look, "valign": "top"})
            for column in columns
        ]
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        heading = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
        )
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.heading, heading)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        self.next_row += 1

    def row(self, *cells: Cell) -> None:
        """Add one row; None leaves a cell empty."""
        for place, cell in enumerate(cells):
            self._write(self.next_row - 1, place, cell)
        self.next_row += 1

    def range(self, column: str) -> str:
        """Return all rows of a column so far, as formulas on any sheet write it."""
        last = max(self.next_row - 1, 2)
        return f"'{self.name}'!${column}$2:${column}${last}"

    def _write(self, row: int, place: int, cell: Cell) -> None:
        look = self._looks[place]
        if cell is None:
            return
        if isinstance(cell, str):
            self._sheet.write_string(row, place, cell, look)
        elif isinstance(cell, Formula):
            self._sheet.write_formula(row, place, cell.text, look, cell.value)
        else:
            self._sheet.write_number(row, place, float(cell), look)
