"""The sheet of adjustments: rows → bonuses and deductions of subjects that exist."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from survey_app.appraisal.roster.roster import (
    AdjustmentEntry,
    CellFault,
    KnownRoster,
    Row,
)
from survey_app.appraisal.roster.roster_rows import (
    Faults,
    complete_rows,
    cycle_called,
    entries_once,
)
from survey_app.appraisal.roster.roster_sheets import ADJUSTMENTS
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.ground.written_value import tidy, tidy_code, tidy_name
from survey_app.domain.questionnaire.questionnaire import listed
from survey_app.domain.scheme.scheme import Scheme, SubjectKind
from survey_app.domain.scoring.proposal import (
    KINDS,
    kind_called,
    kinds_of,
    points_as_kept,
    wrong_points,
)


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a row can mean: what is kept, and what the same workbook brings."""

    schemes: Mapping[str, Scheme]
    """Cycle name → its rules."""
    units: Mapping[str, str]
    """Code → name."""
    cadres: Mapping[str, tuple[str, str]]
    """Code → name and code of the unit."""


def called_by(
    known: KnownRoster, units: Iterable[Row], cadres: Iterable[Row]
) -> Called:
    """Return whom rows can mean, wrong rows of the workbook included."""
    return Called(
        known.schemes,
        units={
            **known.unit_names,
            **{tidy_code(r.text("code")): tidy_name(r.text("name")) for r in units},
        },
        cadres={
            **{code: (who.name, who.unit) for code, who in known.persons.items()},
            **{
                tidy_code(row.text("code")): (
                    tidy_name(row.text("name")),
                    tidy_code(row.text("unit")),
                )
                for row in cadres
            },
        },
    )


def adjustment_entries(
    rows: Iterable[Row], called: Called, faults: Faults
) -> tuple[AdjustmentEntry, ...]:
    """Return the entries that can be used; what cannot is added to the faults."""
    complete = complete_rows(ADJUSTMENTS, rows, faults)
    entries = (
        entry for row in complete for entry in _ReadRow(row, called, faults).entry()
    )
    return entries_once(entries, "points", _said, faults)


def _said(entry: AdjustmentEntry) -> tuple[object, ...]:
    points = Fraction(entry.points)
    return (
        entry.cycle, entry.subject, entry.kind, points, entry.reason, entry.source,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _ReadRow:
    """One row while it is read."""

    row: Row
    called: Called
    faults: Faults

    def entry(self) -> Iterator[AdjustmentEntry]:
        """Yield what this row says, or nothing where something is wrong."""
        kind = self._kind()
        cycle = cycle_called(self.row, self.called.schemes, self.faults)
        if cycle is None:
            return
        scheme = self.called.schemes[cycle]
        subject = self._subject(scheme.subject)
        points = self._points(scheme, kind) if kind else None
        if kind and subject and points:
            yield AdjustmentEntry(
                row=self.row,
                cycle=cycle,
                about=scheme.subject,
                subject=subject,
                kind=kind,
                points=points,
                reason=tidy(self.row.text("reason")),
                source=tidy(self.row.text("source")),
            )

    def _kind(self) -> str | None:
        written = self.row.text("kind")
        kind = kind_called(written)
        if kind is None:
            known = listed(tuple(KINDS.values()))
            what = remark("roster-unknown-kind", written=written[:40], known=known)
            self._wrong("kind", what)
        return kind

    def _points(self, scheme: Scheme, kind: str) -> str | None:
        written = self.row.text("points")
        wrong = wrong_points(scheme, kind, written)
        if wrong is None:
            return points_as_kept(written)
        self._wrong("points" if kind in kinds_of(scheme) else "kind", wrong)
        return None

    def _subject(self, about: SubjectKind) -> str | None:
        """Return the code of the cadre, or of the unit for its leading body."""
        unit, name = self._unit(), tidy_name(self.row.text("name"))
        if about is SubjectKind.CADRE and not name:
            self._wrong("name", remark("roster-whose-adjustment"))
            return None
        if about is not SubjectKind.CADRE and name:
            self._wrong("name", remark("roster-body-adjustment"))
            return None
        return self._cadre(unit, name) if name and unit else unit

    def _unit(self) -> str | None:
        """Return the code of the unit written by its code or name."""
        written = self.row.text("unit")
        if (code := tidy_code(written)) in self.called.units:
            return code
        name = tidy_name(written)
        found = [code for code, one in self.called.units.items() if one == name]
        unknown = remark("roster-unknown-unit", code=written[:40])
        return self._one("unit", name, found, unknown)

    def _cadre(self, unit: str, name: str) -> str | None:
        """Return the code of somebody of the unit written by code or name."""
        here = {c: who for c, (who, at) in self.called.cadres.items() if at == unit}
        if (code := tidy_code(name)) in here:
            return code
        found = [code for code, who in here.items() if who == name]
        unknown = remark(
            "roster-unknown-person", name=name[:40], unit=self.called.units[unit]
        )
        return self._one("name", name, found, unknown)

    def _one(
        self, column: str, name: str, found: list[str], unknown: Remark
    ) -> str | None:
        """Return the one code that was found; anything else is a fault."""
        if len(found) == 1:
            return found[0]
        codes = listed(tuple(Bilingual(code, code) for code in sorted(found)))
        several = remark("roster-several-called", name=name[:40], codes=codes)
        self._wrong(column, several if found else unknown)
        return None

    def _wrong(self, column: str, what: Remark) -> None:
        self.faults.append(CellFault(self.row.place(column), what))
