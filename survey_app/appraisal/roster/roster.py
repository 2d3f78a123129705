"""The roster as values: units, cadres and component values, as an office lists them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark
from survey_app.domain.scheme.scheme import Component, Post, Scheme, SubjectKind


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: what was typed, and where."""

    sheet: str
    """The sheet's name in the workbook at hand."""
    number: int
    """The number the spreadsheet shows beside the row."""
    cells: Mapping[str, str]
    """Column → text; a column that is not there is empty."""
    letters: Mapping[str, str]
    """Column → its letter, of the columns that are there."""
    broken: frozenset[str] = frozenset()
    """Columns whose cell cannot be read; what is wrong was said already."""

    def has(self, column: str) -> bool:
        """Return whether the sheet has this column at all."""
        return column in self.cells

    def text(self, column: str) -> str:
        """Return what stands in the column, empty if nothing does."""
        return self.cells.get(column, "")

    def place(self, column: str) -> str:
        """Return the cell's address, such as 单位!B7."""
        return f"{self.sheet}!{self.letters.get(column, '')}{self.number}"


@dataclass(frozen=True, slots=True)
class CellFault:
    """One fault of a workbook: in which cell, what is wrong, what to write."""

    where: str
    what: Remark


@dataclass(frozen=True, slots=True)
class RosterSheets:
    """The rows of a workbook, by the key of their sheet, and what could not be read."""

    rows: Mapping[str, Sequence[Row]]
    faults: tuple[CellFault, ...] = ()
    notes: tuple[CellFault, ...] = ()
    """What was left aside, and where a cell was read otherwise than it is kept."""


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A unit as the office wrote it."""

    row: Row
    code: str
    name: str
    parent: str
    """Code of the parent unit; empty: none."""


@dataclass(frozen=True, slots=True)
class CadreEntry:
    """A cadre as the office wrote it."""

    row: Row
    code: str
    name: str
    unit: str
    post: Post
    title: str


@dataclass(frozen=True, slots=True)
class ValueEntry:
    """The value of one component of one subject."""

    row: Row
    cycle: str
    """The cycle's name as the office has it."""
    kind: SubjectKind
    """Whether `subject` is a cadre's code or a unit's."""
    subject: str
    component: str
    label: Bilingual
    """What the component is called."""
    value: str
    """Exact, as written."""
    source: str


@dataclass(frozen=True, slots=True)
class AdjustmentEntry:
    """A bonus or deduction as the office wrote it."""

    row: Row
    cycle: str
    """The cycle's name as the office has it."""
    about: SubjectKind
    """Whether `subject` is a cadre's code or a unit's."""
    subject: str
    kind: str
    points: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything in the workbook that can be used."""

    units: tuple[UnitEntry, ...] = ()
    cadres: tuple[CadreEntry, ...] = ()
    values: tuple[ValueEntry, ...] = ()
    adjustments: tuple[AdjustmentEntry, ...] = ()
    warnings: tuple[CellFault, ...] = ()
    """What can be meant, and perhaps is not: twins, two principals in one unit."""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A cadre the office has already."""

    name: str
    unit: str
    """Code of the unit."""
    post: Post


@dataclass(frozen=True, slots=True)
class KnownRoster:
    """What the office has already, for a workbook to refer to."""

    parents: Mapping[str, str] = field(default_factory=dict)
    """Unit code → code of its parent, empty where there is none."""
    cadres: frozenset[str] = frozenset()
    """Codes of the cadres."""
    components: Mapping[str, tuple[Component, ...]] = field(default_factory=dict)
    """Cycle name → the components whose values come from outside."""
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    """Cycle name → its rules."""
    unit_names: Mapping[str, str] = field(default_factory=dict)
    """Unit code → name."""
    persons: Mapping[str, KnownPerson] = field(default_factory=dict)
    """Cadre code → who that is."""
