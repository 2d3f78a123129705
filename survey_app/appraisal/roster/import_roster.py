"""Import a roster, or say what importing it would do.

Trying is importing into a copy of the masters in memory: what the trial lists is what
the import does, and nobody who answers waits for it. Only masters and values that are
not settled are written: what a survey was opened with and what a cycle was settled with
stays, whatever the workbook says.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.accounts.second_person import given_so_far
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Subject
from survey_app.appraisal.roster.kept_roster import (
    AskInUse,
    Change,
    Happens,
    InUse,
    KeptRoster,
    kept_roster,
)
from survey_app.appraisal.roster.masters import (
    News,
    Picture,
    as_read,
    in_memory,
    news_in,
    picture_of,
    write,
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
from survey_app.domain.ground.refusals import NotKept
from survey_app.domain.ground.remark import Remark, remark

TRIES = 5
"""How often a workbook is tried out before the lock is held meanwhile."""
Entry = TypeVar("Entry")
Touched = dict[int, tuple[set[int], bool]]
"""Cycle → subjects, and whether names, units or posts may have changed."""


def value_faults(
    kept: KeptRoster, entries: Iterable[ValueEntry], hand: Hand
) -> tuple[CellFault, ...]:
    """Return a fault for every row that would change what is not its sender's.

    A settled cycle takes corrections only. Where a survey of the cycle is closed, a
    value that stands already is for those to change who may propose corrections: most
    of a score hangs on it.
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
        and not hand.may_replace
        and cycle.id in kept.in_use.with_results
    ):
        yield remark("roster-others-change", value=value.value)


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
    with reading(session) as reader:
        masters, used = picture_of(reader), in_use(reader)
    with in_memory(masters) as copy:
        return _written(copy, sheets, hand, used)


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
    without it nothing is kept where there are any. All is worked out before the write
    lock is taken, and written where the masters are still the same then: other people
    import too.
    """
    with reading(session) as reader:
        hand = replace(hand, passwords_given=given_so_far(reader))
    session.rollback()
    for left in reversed(range(TRIES)):
        if not left:
            _hold(session)
        with reading(session) as reader:
            # First: what changes before the picture is made is seen to differ.
            seen = as_read(reader), in_use(reader)
            masters = picture_of(reader)
        outcome, news = _tried(masters, sheets, hand, seen[1])
        waits = bool(outcome.renamed) and not renaming
        if outcome.faults or waits or not news:
            session.rollback()
            return replace(outcome, waits=waits and not outcome.faults)
        _hold(session)
        is_same = (as_read(session), in_use(session)) == seen
        if is_same and _is_kept(session, news, outcome.touched):
            return outcome
        session.rollback()
    raise NotKept


def _is_kept(session: Session, news: list[News], touched: "Touched") -> bool:
    """Write the news and commit; return whether nobody wrote the same codes before.

    Where no cycle is there to be held, two imports can come to this at one moment.
    """
    try:
        numbers = write(session, news)
        for cycle_id, (subjects, renames) in touched.items():
            here = {numbers.of(Subject.__tablename__, one) for one in subjects}
            mark_stale(session, cycle_id, here, renames=renames)
        session.commit()
    except IntegrityError:
        return False
    return True


def _hold(session: Session) -> None:
    """Let nobody else import, nor settle a cycle, until this is written."""
    session.execute(select(Cycle.id).order_by(Cycle.id).with_for_update())


def _tried(
    masters: Picture, sheets: RosterSheets, hand: Hand, used: InUse
) -> tuple[ImportOutcome, list[News]]:
    """Return what importing does to masters like these, and the rows it writes."""
    with in_memory(masters) as copy:
        outcome = _written(copy, sheets, hand, used)
        return outcome, news_in(copy, masters)


def _written(
    session: Session, sheets: RosterSheets, hand: Hand, used: InUse
) -> ImportOutcome:
    """Write the roster into a copy; return what was done, or all faults."""
    kept = kept_roster(session, used)
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
