"""The roster as the tables keep it, found by the office's own codes."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.appraisal.adjustments import GivenAdjustment
from survey_app.appraisal.cycle import Cycle, GivenValue
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.appraisal.roster.roster import KnownPerson, KnownRoster, Row
from survey_app.appraisal.roster.roster_sheets import SheetForm
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scheme.components import from_outside
from survey_app.domain.scheme.scheme import Post, SubjectKind


class Happens(StrEnum):
    """What becomes of a row of the workbook."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that differs from what is kept."""

    column: str
    """Key of the column; see domain.roster_sheets."""
    before: str | Bilingual
    after: str | Bilingual


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one row of the workbook."""

    happens: Happens
    form: SheetForm
    row: Row
    name: Bilingual
    """Who or what the row is about."""
    differences: tuple[Difference, ...] = ()
    """Of a new row: every cell, before which there was nothing."""
    is_rated: bool = False
    """Whether a survey about it has opened: results stay as they were frozen."""

    @property
    def cells(self) -> tuple[Difference, ...]:
        """Every cell of the row as it will be kept, in the order of the sheet."""
        kept = {one.column: one for one in self.differences}
        return tuple(
            kept.get(column.key, Difference(column.key, "", self.row.text(column.key)))
            for column in self.form.columns
        )

    @property
    def matters(self) -> bool:
        """Whether anything is kept otherwise afterwards."""
        return self.happens is not Happens.SAME

    @property
    def renames(self) -> bool:
        """Whether it bears another name afterwards: perhaps it is somebody else."""
        named = any(one.column == "name" for one in self.differences)
        return named and self.happens is Happens.CHANGED


def change(
    form: SheetForm,
    row: Row,
    name: Bilingual,
    *,
    before: Mapping[str, str | Bilingual] | None,
    after: Mapping[str, str | Bilingual],
    is_rated: bool = False,
) -> Change:
    """Return what happens; `before` is None where nothing was kept."""
    if before is None:
        new = tuple(Difference(column, "", text) for column, text in after.items())
        return Change(Happens.ADDED, form, row, name, new)
    differences = tuple(
        Difference(column, before[column], text)
        for column, text in after.items()
        if before[column] != text
    )
    happens = Happens.CHANGED if differences else Happens.SAME
    return Change(happens, form, row, name, differences, is_rated)


@dataclass(frozen=True, slots=True)
class InUse:
    """What surveys hold fast of the roster and of cycles."""

    rated: Set[int] = frozenset()
    """Subjects whom a survey that has opened is about, or whose sheets it reaches."""
    with_results: Set[int] = frozenset()
    """Cycles that have a closed survey."""


AskInUse = Callable[[Session], InUse]
"""How a roster learns of surveys without knowing any: `survey.rated.in_use`."""


@dataclass(frozen=True, slots=True)
class KeptRoster:
    """Rows of the tables by code; grows while a roster is imported."""

    units: dict[str, Unit]
    cadres: dict[str, Cadre]
    cycles: dict[str, Cycle]
    bodies: dict[int, Subject]
    """Unit id → its leading body."""
    persons: dict[int, Subject]
    """Cadre id → the cadre as a subject."""
    values: dict[tuple[int, int, str], GivenValue]
    """(Cycle, subject, component) → value."""
    adjustments: dict[tuple[int, int], list[GivenAdjustment]]
    """(Cycle, subject) → bonuses and deductions in whatever state."""
    in_use: InUse
    rated_units: Set[int]
    """The units of whoever was rated."""

    def known(self) -> KnownRoster:
        """Return what a workbook may refer to."""
        codes = {unit.id: unit.code for unit in self.units.values()}
        schemes = {name: cycle.rules for name, cycle in self.cycles.items()}
        return KnownRoster(
            parents={
                unit.code: codes.get(unit.parent_id or 0, "")
                for unit in self.units.values()
            },
            cadres=frozenset(self.cadres),
            unit_names={unit.code: unit.name for unit in self.units.values()},
            persons={
                cadre.code: KnownPerson(
                    cadre.name, codes[cadre.unit_id], Post(cadre.post)
                )
                for cadre in self.cadres.values()
            },
            components={name: from_outside(scheme) for name, scheme in schemes.items()},
            schemes=schemes,
        )


def kept_roster(session: Session, in_use: InUse) -> KeptRoster:
    """Return the whole roster, in one statement for each table."""
    subjects = session.scalars(select(Subject)).all()
    named = select(Cycle).where(Cycle.appraises)
    return KeptRoster(
        units={unit.code: unit for unit in session.scalars(select(Unit))},
        cadres={cadre.code: cadre for cadre in session.scalars(select(Cadre))},
        cycles={cycle.name: cycle for cycle in session.scalars(named)},
        bodies={s.unit_id: s for s in subjects if s.kind == SubjectKind.LEADING_BODY},
        persons={s.cadre_id: s for s in subjects if s.cadre_id is not None},
        values=_by_place(session.scalars(select(GivenValue))),
        adjustments=_by_subject(session.scalars(select(GivenAdjustment))),
        in_use=in_use,
        rated_units={s.unit_id for s in subjects if s.id in in_use.rated},
    )


def _by_place(
    values: Iterable[GivenValue],
) -> dict[tuple[int, int, str], GivenValue]:
    return {(v.cycle_id, v.subject_id, v.component_key): v for v in values}


def _by_subject(
    adjustments: Iterable[GivenAdjustment],
) -> dict[tuple[int, int], list[GivenAdjustment]]:
    found: defaultdict[tuple[int, int], list[GivenAdjustment]] = defaultdict(list)
    for one in adjustments:
        found[one.cycle_id, one.subject_id].append(one)
    return found
