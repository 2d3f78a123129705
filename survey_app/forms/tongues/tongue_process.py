"""The process that reads one workbook of translations and ends: a file in, rows out.

It bounds itself before it looks at the first byte, as the reader of rosters does.
"""

import json
import sys

from survey_app.domain.ground.file_faults import WorkbookRefused
from survey_app.forms.roster.roster_process import bound_this
from survey_app.forms.workbook.book import ShownSheet, shown_book

MOST_ROWS, MOST_COLUMNS = 2000, 20


def main() -> None:
    """Read a workbook from standard input, write JSON to standard output."""
    bound_this()
    try:
        book = shown_book(sys.stdin.buffer.read(), wants=lambda _name: True)
    except WorkbookRefused as refused:
        told: dict[str, object] = {"refused": refused.what.key}
    except (MemoryError, RecursionError):
        told = {"refused": "roster-takes-too-much"}
    else:
        told = {"rows": _rows(book.sheets[0]) if book.sheets else []}
    sys.stdout.buffer.write(json.dumps(told).encode())


def _rows(sheet: ShownSheet) -> list[list[str]]:
    """Return the cells of the first sheet, row by row, as its author sees them."""
    inside = {
        place: cell.text
        for place, cell in sheet.cells.items()
        if place[0] <= MOST_ROWS and place[1] <= MOST_COLUMNS
    }
    last = max((row for row, _column in inside), default=0)
    return [
        [inside.get((row, column), "") for column in range(1, MOST_COLUMNS + 1)]
        for row in range(1, last + 1)
    ]
