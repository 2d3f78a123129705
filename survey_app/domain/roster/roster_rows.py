"""What every sheet of the roster asks of its rows: complete, short enough, once."""

from collections.abc import Callable, Iterable, Iterator

from survey_app.domain.remark import remark
from survey_app.domain.roster.roster import CellFault, Row
from survey_app.domain.roster.roster_sheets import SheetForm

Faults = list[CellFault]
"""Grows while the sheets are read, so that all mistakes are named at once."""

LONGEST = 200
"""Characters of one cell."""


def complete_rows(
    form: SheetForm, rows: Iterable[Row], faults: Faults
) -> Iterator[Row]:
    """Yield the rows in which nothing needed is missing and nothing is endless."""
    for row in rows:
        found = list(_incomplete(form, row))
        faults.extend(found)
        if not found and not row.broken:
            yield row


def _incomplete(form: SheetForm, row: Row) -> Iterator[CellFault]:
    for column in form.columns:
        if column.key in row.broken:
            continue
        text = row.text(column.key)
        if column.needed and not text:
            what = remark("roster-cell-empty", column=column.heading)
            yield CellFault(row.place(column.key), what)
        if len(text) > LONGEST:
            what = remark("roster-cell-too-long", longest=LONGEST)
            yield CellFault(row.place(column.key), what)


def rows_once(
    rows: Iterable[Row], column: str, key_of: Callable[[Row], object], faults: Faults
) -> Iterator[Row]:
    """Yield each row whose key no earlier row has; a repeat is noted at `column`."""
    seen: dict[object, int] = {}
    for row in rows:
        first = seen.setdefault(key_of(row), row.number)
        if first == row.number:
            yield row
        else:
            what = remark("roster-repeated", row=first)
            faults.append(CellFault(row.place(column), what))
