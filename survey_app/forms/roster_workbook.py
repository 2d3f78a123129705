"""An uploaded workbook → the rows of a roster; the only importer of python-calamine.

Whatever stands in a cell is taken as its author sees it: text without the spaces
around it, a number in the digits that were typed, and what is merged over several
cells in each of them.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from survey_app.domain.remark import Remark, remark
from survey_app.domain.roster.roster import CellFault, RosterSheets, Row
from survey_app.domain.roster.roster_sheets import SHEETS, SheetForm
from survey_app.domain.roster.written_cell import tidy
from survey_app.domain.scoring.asked import listed
from survey_app.forms.workbook_size import MOST_COLUMNS, MOST_ROWS, is_outsized

TITLES_ABOVE = 5
"""Rows among which the headings are looked for: a merged title may stand above them."""

Grid = list[list[str]]


def roster_sheets(content: bytes) -> RosterSheets:
    """Return the rows of the sheets we know, and why others could not be read."""
    try:
        refused = is_outsized(content)
        workbook = None if refused else CalamineWorkbook.from_filelike(BytesIO(content))
    except (BadZipFile, CalamineError):
        return _nothing(remark("roster-not-a-workbook"))
    if workbook is None:
        outside = remark("roster-too-large", rows=MOST_ROWS, columns=MOST_COLUMNS)
        return _nothing(outside)
    read = [
        _read(form, _grid(workbook.get_sheet_by_name(name)), name)
        for form in SHEETS
        for name in workbook.sheet_names
        if _is_called(form, name)
    ]
    if not read:
        names = listed(tuple(form.name for form in SHEETS))
        return _nothing(remark("roster-no-sheet", sheets=names))
    rows = {key: found for one in read for key, found in one.rows.items()}
    return RosterSheets(rows, tuple(fault for one in read for fault in one.faults))


def _nothing(what: Remark) -> RosterSheets:
    return RosterSheets({}, (CellFault("", what),))


def _is_called(form: SheetForm, name: str) -> bool:
    """Return whether the sheet bears the form's name in either language."""
    return tidy(name).casefold() in (form.name.zh, form.name.en.casefold())


def _grid(sheet: CalamineSheet) -> Grid:
    """Return the sheet as text, from A1; what is merged stands in each cell."""
    grid = [
        [_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)
    ]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in grid[top : bottom + 1]:
            row[left : right + 1] = [grid[top][left]] * len(row[left : right + 1])
    return grid


def _text(cell: Any) -> str:
    """Return the cell as its author sees it.

    A spreadsheet keeps 15 digits of a number; those that come after them are noise.
    """
    if isinstance(cell, float):
        return format(cell, ".15g")
    return tidy(str(cell))


def _read(form: SheetForm, grid: Grid, name: str) -> RosterSheets:
    """Return the rows below the headings, or which headings are missing."""
    places, heading = max(
        (
            (_places(form, row), number)
            for number, row in enumerate(grid[:TITLES_ABOVE], start=1)
        ),
        key=lambda found: len(found[0]),
        default=({}, 1),
    )
    missing = [c for c in form.columns if c.needed and c.key not in places]
    if missing:
        return RosterSheets(
            {form.key: ()},
            tuple(
                CellFault(
                    f"{name}!{heading}",
                    remark("roster-no-heading", column=column.heading),
                )
                for column in missing
            ),
        )
    return RosterSheets({form.key: tuple(_rows(grid, heading, places, name))})


def _places(form: SheetForm, row: Sequence[str]) -> dict[str, int]:
    """Return column key → place in this row, for every heading found in it."""
    words = [text.rstrip("*＊ ").casefold() for text in row]
    return {
        column.key: words.index(name)
        for column in form.columns
        for name in (column.heading.zh, column.heading.en.casefold())
        if name in words
    }


def _rows(grid: Grid, heading: int, places: dict[str, int], name: str) -> Iterator[Row]:
    """Yield every row below the headings that is not empty."""
    letters = {key: _letters_of(place + 1) for key, place in places.items()}
    for number, row in enumerate(grid[heading:], start=heading + 1):
        cells = {key: row[place] for key, place in places.items()}
        if any(cells.values()):
            yield Row(name, number, cells, letters)


def _letters_of(number: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters
