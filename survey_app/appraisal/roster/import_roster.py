"""Import a roster, or say what importing it would do.

Trying is importing into a copy of the masters in memory: what the trial lists is what
the import does, and nobody who answers waits for it. Only masters and values that are
not settled are written: what a survey was opened with and what a cycle was settled with
stays, whatever the workbook says.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sqlalchemy import Table, create_engine, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from survey_app.accounts.second_person import given_so_far
from survey_app.accounts.tables import MANAGER
from survey_app.appraisal.adjustments import GivenAdjustment
from survey_app.appraisal.cycle import Cycle, GivenValue, ReplacedValue
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.appraisal.roster.kept_roster import (
    AskInUse,
    Change,
    Happens,
    KeptRoster,
    kept_roster,
)
from survey_app.appraisal.roster.roster import (
    CellFault,
    Roster,
    RosterSheets,
    ValueEntry,
)
from survey_app.appraisal.roster.roster_reading import read_roster
from survey_app.appraisal.roster.roster_sheets import ADJUSTMENTS
from survey_app.appraisal.roster.write_adjustments import (
    adjustment_faults,
    adjustment_warnings,
    write_adjustments,
)
from survey_app.appraisal.roster.write_rows import (
    SOMEBODY,
    Hand,
    kept_value,
    stays,
    write_cadres,
    write_units,
    write_values,
)
from survey_app.appraisal.sheet_rows import mark_stale
from survey_app.database import reading
from survey_app.domain.ground.remark import Remark, remark
from survey_app.table_base import Base

COPIED = (
    Unit, Cadre, Subject, Cycle, GivenValue, GivenAdjustment, ReplacedValue,
)  # fmt: skip
"""All that an import reads or writes; nothing an answer or an account left behind."""
ROWS_AT_ONCE = 5_000
Entry = TypeVar("Entry")
Touched = dict[int, tuple[set[int], bool]]
"""Cycle → subjects, and whether names, units or posts may have changed."""


@contextmanager
def masters_in_memory(session: Session) -> Iterator[Session]:
    """Give a session over a copy that is gone after the block; `session` only reads."""
    names = {one.__tablename__ for one in COPIED}
    engine = create_engine("sqlite://", poolclass=StaticPool, hide_parameters=True)
    copied = [one for one in Base.metadata.sorted_tables if one.name in names]
    try:
        Base.metadata.create_all(engine, tables=copied)
        with Session(engine) as copy:
            for table in copied:
                _copy_rows(session, copy, table)
            yield copy
    finally:
        engine.dispose()


def _copy_rows(session: Session, copy: Session, table: Table) -> None:
    rows = session.execute(select(table)).mappings()
    for some in rows.partitions(ROWS_AT_ONCE):
        copy.execute(insert(table), [dict(row) for row in some])


def value_faults(
    kept: KeptRoster, entries: Iterable[ValueEntry], hand: Hand
) -> tuple[CellFault, ...]:
    """Return a fault for every row that would change what is not its sender's.

    A settled cycle takes corrections only. Where a survey of the cycle is closed, a
    value that stands already is a manager's to change: most of a score hangs on it.
    """
    return tuple(
        CellFault(entry.row.place("value"), what)
        for entry in entries
        for what in _refused(kept, entry, hand)
    )


def _refused(kept: KeptRoster, entry: ValueEntry, hand: Hand) -> Iterator[Remark]:
    """Yield why the value cannot be written; nothing where it can, or stays."""
    cycle = kept.cycles[entry.cycle]
    value = kept_value(kept, entry)
    if value is not None and stays(value, entry):
        return
    if cycle.is_settled:
        yield remark("roster-cycle-settled", cycle=cycle.name)
    elif (
        value is not None
        and hand.role != MANAGER
        and cycle.id in kept.in_use.with_results
    ):
        yield remark("roster-manager-changes", value=value.value)


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import does: changes, or the faults for which it does nothing."""

    changes: tuple[Change, ...] = ()
    faults: tuple[CellFault, ...] = ()
    warnings: tuple[CellFault, ...] = ()
    """What can be meant and perhaps is not; nothing waits for it."""
    notes: tuple[CellFault, ...] = ()
    """What of the workbook was left aside."""
    waits: bool = False
    """Whether nothing was imported because nobody confirmed the renamed ones."""
    touched: Touched = field(default_factory=dict)
    """Cycle → subjects whose sheets may be others now."""

    def number(self, happens: str) -> int:
        """Return to how many rows this happens."""
        return sum(change.happens is Happens(happens) for change in self.changes)

    @property
    def proposes(self) -> int:
        """How many bonuses and deductions wait for a second account afterwards."""
        added = (c for c in self.changes if c.happens is Happens.ADDED)
        return sum(change.form is ADJUSTMENTS for change in added)

    @property
    def of_rated(self) -> tuple[Change, ...]:
        """Who was rated and would be renamed, moved or given another post."""
        return tuple(c for c in self.changes if c.is_rated and c.differences)

    @property
    def renamed(self) -> tuple[Change, ...]:
        """Who was rated and would bear another name: often a wrong code."""
        return tuple(change for change in self.of_rated if change.renames)


def try_roster(
    session: Session, sheets: RosterSheets, hand: Hand = SOMEBODY, *, in_use: AskInUse
) -> ImportOutcome:
    """Return what `import_roster` would do; nothing is kept, and no lock is taken."""
    with reading(session) as reader, masters_in_memory(reader) as copy:
        used = in_use(reader)
        return _written(copy, sheets, hand, lambda _: used)


def import_roster(
    session: Session,
    sheets: RosterSheets,
    hand: Hand = SOMEBODY,
    *,
    in_use: AskInUse,
    renaming: bool = False,
) -> ImportOutcome:
    """Keep everything in one transaction, or nothing where there is any fault.

    `renaming` says that somebody looked at the rated ones who would bear another name;
    without it nothing is kept where there are any. Faults are looked for before the
    write lock is taken, and once more with it: other people import too.
    """
    with reading(session) as reader:
        hand = replace(hand, passwords_given=given_so_far(reader))
        kept = kept_roster(reader, in_use(reader))
        roster, faults = read_roster(sheets, kept.known())
        faults = faults or _not_to_be_written(kept, roster, hand)
    if faults:
        return ImportOutcome(faults=faults, notes=sheets.notes)
    outcome = _written_once_more(session, sheets, hand, in_use)
    if outcome.faults:
        session.rollback()
    elif outcome.renamed and not renaming:
        session.rollback()
        return replace(outcome, waits=True)
    else:
        for cycle_id, (subjects, renames) in outcome.touched.items():
            mark_stale(session, cycle_id, subjects, renames=renames)
        session.commit()
    return outcome


def _written_once_more(
    session: Session, sheets: RosterSheets, hand: Hand, in_use: AskInUse
) -> ImportOutcome:
    """Write the roster; a second time where somebody else wrote the same codes.

    Two imports at one moment both look, both find nothing, and both add. The one that
    comes second finds what the first has kept, and changes it or leaves it alone.
    """
    try:
        return _written(session, sheets, hand, in_use)
    except IntegrityError:
        session.rollback()
        return _written(session, sheets, hand, in_use)


def _written(
    session: Session, sheets: RosterSheets, hand: Hand, in_use: AskInUse
) -> ImportOutcome:
    """Write the roster without committing; return what was done, or all faults."""
    # Nobody settles a cycle between the look at it and the commit.
    session.execute(select(Cycle.id).order_by(Cycle.id).with_for_update())
    kept = kept_roster(session, in_use(session))
    roster, faults = read_roster(sheets, kept.known())
    faults = faults or _not_to_be_written(kept, roster, hand)
    if faults:
        return ImportOutcome(faults=faults, notes=sheets.notes)
    gone = adjustment_warnings(kept, roster.adjustments)
    units = (*write_units(session, kept, roster.units),)
    cadres = (*write_cadres(session, kept, roster.cadres),)
    values = (*write_values(session, kept, roster.values, hand),)
    others = (*write_adjustments(session, kept, roster.adjustments, hand),)
    session.flush()
    return ImportOutcome(
        warnings=(*roster.warnings, *gone),
        notes=sheets.notes,
        changes=(*units, *cadres, *values, *others),
        touched=_touched(kept, roster, (units, cadres, values)),
    )


def _changed(entries: Iterable[Entry], changes: Iterable[Change]) -> Iterator[Entry]:
    """Yield the entries that something is kept otherwise for."""
    for entry, change in zip(entries, changes, strict=True):
        if change.matters:
            yield entry


def _touched(
    kept: KeptRoster, roster: Roster, changes: Sequence[Sequence[Change]]
) -> Touched:
    """Return whose sheets rest on what was added or changed; all must be flushed.

    What a settled cycle knows of units and cadres is its own.
    """
    of_units, of_cadres, of_values = changes
    units = {kept.units[one.code].id for one in _changed(roster.units, of_units)}
    named = {
        kept.persons[kept.cadres[one.code].id].id
        for one in _changed(roster.cadres, of_cadres)
    }
    everybody = [*kept.bodies.values(), *kept.persons.values()] if units else []
    named |= {one.id for one in everybody if one.unit_id in units}
    found = {
        cycle.id: (set(named), True)
        for cycle in kept.cycles.values()
        if named and not cycle.is_settled
    }
    for entry in _changed(roster.values, of_values):
        value = kept_value(kept, entry)
        if value is not None:
            subjects, _ = found.setdefault(value.cycle_id, (set(), False))
            subjects.add(value.subject_id)
    return found


def _not_to_be_written(
    kept: KeptRoster, roster: Roster, hand: Hand
) -> tuple[CellFault, ...]:
    """Return what this hand may not write, or nobody may any more."""
    return (
        *value_faults(kept, roster.values, hand),
        *adjustment_faults(kept, roster.adjustments),
    )
