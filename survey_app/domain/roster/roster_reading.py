"""From the sheets of a workbook to a roster; all mistakes are named at once."""

from dataclasses import replace

from survey_app.domain.roster.cadre_rows import cadre_entries
from survey_app.domain.roster.roster import CellFault, KnownRoster, Roster, RosterSheets
from survey_app.domain.roster.roster_rows import Faults
from survey_app.domain.roster.roster_sheets import CADRES, UNITS, VALUES
from survey_app.domain.roster.twins import twin_codes, warnings_of
from survey_app.domain.roster.unit_rows import unit_entries
from survey_app.domain.roster.value_rows import Targets, value_entries
from survey_app.domain.roster.written_cell import tidy_code
from survey_app.domain.scheme import SubjectKind


def read_roster(
    sheets: RosterSheets, known: KnownRoster
) -> tuple[Roster, tuple[CellFault, ...]]:
    """Return what can be used, and every fault.

    A row may refer to what stands in the same workbook, wrong rows included: one
    mistake makes one fault and not a chain of them.
    """
    faults: Faults = list(sheets.faults)
    units, cadres, values = (
        sheets.rows.get(form.key, ()) for form in (UNITS, CADRES, VALUES)
    )
    unit_codes = {*known.parents, *(tidy_code(row.text("code")) for row in units)}
    cadre_codes = {*known.cadres, *(tidy_code(row.text("code")) for row in cadres)}
    targets = Targets(
        components=known.components,
        codes={
            SubjectKind.CADRE: cadre_codes,
            SubjectKind.LEADING_BODY: unit_codes,
        },
    )
    faults.extend(twin_codes(UNITS, units, known.parents))
    faults.extend(twin_codes(CADRES, cadres, known.cadres))
    roster = Roster(
        units=unit_entries(units, known, unit_codes, faults),
        cadres=cadre_entries(cadres, unit_codes, faults),
        values=value_entries(values, targets, faults),
    )
    return replace(roster, warnings=tuple(warnings_of(roster, known))), tuple(faults)
