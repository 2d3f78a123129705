"""What every sheet asks of its rows, and what units and cadres ask besides."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from typing import Protocol, TypeVar

from survey_app.appraisal.roster.roster import (
    CadreEntry,
    CellFault,
    KnownRoster,
    Row,
    UnitEntry,
)
from survey_app.appraisal.roster.roster_sheets import CADRES, POSTS, UNITS, SheetForm
from survey_app.domain.ground.look_alike import squeezed
from survey_app.domain.ground.remark import remark
from survey_app.domain.ground.written_value import tidy, tidy_code, tidy_name
from survey_app.domain.scheme.scheme import Post

Faults = list[CellFault]
"""Grows while the sheets are read, so that all faults are named at once."""

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


class RowEntry(Protocol):
    """What one row of a sheet says."""

    @property
    def row(self) -> Row:
        """Where it stands."""


AnyEntry = TypeVar("AnyEntry", bound=RowEntry)


def entries_once(
    entries: Iterable[AnyEntry],
    column: str,
    key_of: Callable[[AnyEntry], object],
    faults: Faults,
) -> tuple[AnyEntry, ...]:
    """Return each entry whose key no earlier one has; see `rows_once`."""
    by_row = {entry.row.number: entry for entry in entries}
    rows = (entry.row for entry in by_row.values())
    once = rows_once(rows, column, lambda row: key_of(by_row[row.number]), faults)
    return tuple(by_row[row.number] for row in once)


def cycle_called(row: Row, names: Collection[str], faults: Faults) -> str | None:
    """Return the cycle's own name; None, and a fault, where none or several fit."""
    written = tidy_code(row.text("cycle"))
    same = [name for name in names if tidy_code(name) == written]
    alike = same or [n for n in names if squeezed(n) == squeezed(written)]
    if len(alike) == 1:
        return alike[0]
    exactly = [name for name in names if name == tidy(row.text("cycle"))]
    if exactly:
        return exactly[0]
    what = remark("roster-unknown-cycle", written=written)
    if alike:
        what = remark("roster-ambiguous-cycle", written=written)
    faults.append(CellFault(row.place("cycle"), what))
    return None


def cadre_entries(
    rows: Iterable[Row], units: Container[str], faults: Faults
) -> tuple[CadreEntry, ...]:
    """Return the cadres that can be used; `units` are the codes of all units."""
    complete = complete_rows(CADRES, rows, faults)
    once = rows_once(complete, "code", lambda row: tidy_code(row.text("code")), faults)
    return tuple(entry for row in once for entry in _entry(row, units, faults))


def _entry(row: Row, units: Container[str], faults: Faults) -> Iterator[CadreEntry]:
    """Yield the cadre of this row, or nothing where something is wrong."""
    unit, post = tidy_code(row.text("unit")), post_of(row.text("post"))
    if unit not in units:
        what = remark("roster-unknown-unit", code=unit)
        faults.append(CellFault(row.place("unit"), what))
    if post is None:
        what = remark("roster-unknown-post", written=row.text("post"))
        faults.append(CellFault(row.place("post"), what))
    if unit in units and post is not None:
        yield CadreEntry(
            row=row,
            code=tidy_code(row.text("code")),
            name=tidy_name(row.text("name")),
            unit=unit,
            post=post,
            title=tidy(row.text("title")),
        )


def post_of(written: str) -> Post | None:
    """Return the post, written in either language; None for anything else."""
    word = tidy_code(written).casefold()
    return next(
        (post for post, name in POSTS.items() if word in (name.zh, name.en)), None
    )


def unit_entries(
    rows: Iterable[Row], known: KnownRoster, codes: Container[str], faults: Faults
) -> tuple[UnitEntry, ...]:
    """Return the units that can be used; `codes` are those of all units.

    What cannot be used is added to the faults.
    """
    complete = complete_rows(UNITS, rows, faults)
    once = rows_once(complete, "code", lambda row: tidy_code(row.text("code")), faults)
    entries = [
        UnitEntry(
            row=row,
            code=tidy_code(row.text("code")),
            name=tidy_name(row.text("name")),
            parent=_parent(row, known),
        )
        for row in once
    ]
    parents = {**known.parents, **{entry.code: entry.parent for entry in entries}}
    wrong = list(_wrong_parents(entries, codes, parents))
    faults.extend(wrong)
    return () if wrong else tuple(entries)


def _parent(row: Row, known: KnownRoster) -> str:
    """Return the parent's code; a sheet without that column leaves it as it is."""
    if row.has("parent"):
        return tidy_code(row.text("parent"))
    return known.parents.get(tidy_code(row.text("code")), "")


def _wrong_parents(
    entries: list[UnitEntry], codes: Container[str], parents: Mapping[str, str]
) -> Iterator[CellFault]:
    """Yield a fault for every parent that is not there or lies below its own child."""
    for entry in entries:
        place = entry.row.place("parent")
        if entry.parent and entry.parent not in codes:
            yield CellFault(place, remark("roster-unknown-unit", code=entry.parent))
        elif _is_below_itself(entry.code, parents):
            yield CellFault(place, remark("roster-parent-below", code=entry.code))


def _is_below_itself(code: str, parents: Mapping[str, str]) -> bool:
    """Return whether climbing from this unit leads back to it."""
    climbed, above = {code}, parents.get(code, "")
    while above and above not in climbed:
        climbed.add(above)
        above = parents.get(above, "")
    return above == code
