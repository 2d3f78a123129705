"""From the sheets of a workbook to a roster; all faults are named at once."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from survey_app.appraisal.roster.adjustment_rows import adjustment_entries, called_by
from survey_app.appraisal.roster.roster import (
    CellFault,
    KnownRoster,
    Roster,
    RosterSheets,
    Row,
    ValueEntry,
)
from survey_app.appraisal.roster.roster_rows import (
    Faults,
    cadre_entries,
    complete_rows,
    cycle_called,
    entries_once,
    unit_entries,
)
from survey_app.appraisal.roster.roster_sheets import CADRES, SHEETS, UNITS, VALUES
from survey_app.appraisal.roster.twins import twin_codes, warnings_of
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.ground.written_value import (
    Misread,
    exact,
    in_digits,
    tidy,
    tidy_code,
)
from survey_app.domain.questionnaire.questionnaire import listed
from survey_app.domain.scheme.scheme import Component, SubjectKind
from survey_app.domain.scoring.worked import may_hold


@dataclass(frozen=True, slots=True)
class Targets:
    """What a value can be about."""

    components: Mapping[str, tuple[Component, ...]]
    """Cycle name → its components from outside."""
    codes: Mapping[SubjectKind, Container[str]]
    """Codes of the cadres, and of the units for their leading bodies."""


def value_entries(
    rows: Iterable[Row], targets: Targets, faults: Faults
) -> tuple[ValueEntry, ...]:
    """Return the values that can be used; what cannot is added to the faults."""
    complete = complete_rows(VALUES, rows, faults)
    entries = (
        entry for row in complete for entry in _RowReading(row, targets, faults).entry()
    )
    return entries_once(entries, "component", _identity, faults)


def _identity(entry: ValueEntry) -> tuple[str, ...]:
    return entry.cycle, entry.kind, entry.subject, entry.component


@dataclass(frozen=True, slots=True)
class _RowReading:
    """One row while it is read."""

    row: Row
    targets: Targets
    faults: Faults

    def entry(self) -> Iterator[ValueEntry]:
        """Yield the value of this row, or nothing where something is wrong."""
        cycle = cycle_called(self.row, self.targets.components, self.faults)
        component = self._component(cycle) if cycle is not None else None
        subject = self._subject(component) if component else None
        value = self._value(component)
        if cycle is not None and component and subject and value:
            yield ValueEntry(
                row=self.row,
                cycle=cycle,
                kind=component.about,
                subject=subject,
                component=component.key,
                label=component.label,
                value=value,
                source=tidy(self.row.text("source")),
            )

    def _component(self, cycle: str) -> Component | None:
        """Return the component, named by its key or its label in either language."""
        written = tidy(self.row.text("component"))
        choices = self.targets.components[cycle]
        for component in choices:
            label = component.label
            if written in (component.key, label.zh, label.en):
                return component
        known = listed(tuple(_named(component) for component in choices))
        self._wrong(
            "component",
            remark("roster-unknown-component", written=written, known=known),
        )
        return None

    def _subject(self, component: Component) -> str | None:
        """Return the code of a cadre, or of a unit where its leading body is meant."""
        code = tidy_code(self.row.text("subject"))
        if code in self.targets.codes[component.about]:
            return code
        if component.about is SubjectKind.CADRE:
            self._wrong("subject", remark("roster-unknown-cadre", code=code))
        else:
            self._wrong("subject", remark("roster-unknown-unit", code=code))
        return None

    def _value(self, component: Component | None) -> str | None:
        """Return the value as written, tidied; None where it is no possible value."""
        written = tidy_code(self.row.text("value"))
        if written.endswith("%"):
            self._wrong("value", remark("roster-per-cent", written=written))
            return None
        try:
            value = exact(written)
        except Misread:
            self._wrong("value", remark("roster-not-a-number", written=written))
            return None
        if component is None or may_hold(component, value):
            return written if value else written.lstrip("-")
        full_marks = in_digits(component.full_marks.value)
        self._wrong("value", remark("roster-out-of-range", out_of=full_marks))
        return None

    def _wrong(self, column: str, what: Remark) -> None:
        self.faults.append(CellFault(self.row.place(column), what))


def _named(component: Component) -> Bilingual:
    """Return label and key of a component."""
    label, key = component.label, component.key
    return Bilingual(f"{label.zh}({key})", f"{label.en} ({key})")


def read_roster(
    sheets: RosterSheets, known: KnownRoster
) -> tuple[Roster, tuple[CellFault, ...]]:
    """Return what can be used, and every fault.

    A row may refer to what stands in the same workbook, wrong rows included: one
    mistake makes one fault and not a chain of them.
    """
    faults: Faults = list(sheets.faults)
    units, cadres, values, adjustments = (
        sheets.rows.get(form.key, ()) for form in SHEETS
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
        adjustments=adjustment_entries(
            adjustments, called_by(known, units, cadres), faults
        ),
    )
    return replace(roster, warnings=tuple(warnings_of(roster, known))), tuple(faults)
