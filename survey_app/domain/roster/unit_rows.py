"""The sheet of units: rows → units, each below a parent that exists."""

from collections.abc import Container, Iterable, Iterator, Mapping

from survey_app.domain.remark import remark
from survey_app.domain.roster.roster import CellFault, KnownRoster, Row, UnitEntry
from survey_app.domain.roster.roster_rows import Faults, complete_rows, rows_once
from survey_app.domain.roster.roster_sheets import UNITS
from survey_app.domain.roster.written_cell import tidy_code, tidy_name


def unit_entries(
    rows: Iterable[Row], known: KnownRoster, codes: Container[str], faults: Faults
) -> tuple[UnitEntry, ...]:
    """Return the units that can be used; `codes` are those of all units.

    Mistakes are added to the faults.
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
