"""Import a roster, or say what importing it would do.

Trying is importing into a copy of the masters in memory: what the trial lists is what
the import does, and nobody who answers waits for it. Only masters and values that are
not settled are written: what a survey was opened with and what a cycle was settled with
stays, whatever the workbook says.
"""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.database import reading
from survey_app.domain.roster.roster import CellFault, RosterSheets
from survey_app.domain.roster.roster_reading import read_roster
from survey_app.models.cycle import Cycle
from survey_app.services.kept_roster import kept_roster
from survey_app.services.masters_in_memory import masters_in_memory
from survey_app.services.roster_change import Change, Happens
from survey_app.services.value_faults import value_faults
from survey_app.services.write_cadres import write_cadres
from survey_app.services.write_units import write_units
from survey_app.services.write_values import SOMEBODY, Hand, write_values


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import does: changes, or the faults for which it does nothing."""

    changes: tuple[Change, ...] = ()
    faults: tuple[CellFault, ...] = ()
    warnings: tuple[CellFault, ...] = ()
    """What can be meant and perhaps is not; nothing waits for it."""
    notes: tuple[CellFault, ...] = ()
    """What of the workbook was left aside."""
    waits: bool = False
    """Whether nothing was imported because nobody confirmed the renamed ones."""

    def number(self, happens: str) -> int:
        """Return to how many rows this happens."""
        return sum(change.happens is Happens(happens) for change in self.changes)

    @property
    def of_rated(self) -> tuple[Change, ...]:
        """Who was rated and would be renamed, moved or given another post."""
        return tuple(c for c in self.changes if c.is_rated and c.differences)

    @property
    def renamed(self) -> tuple[Change, ...]:
        """Who was rated and would bear another name: often a wrong code."""
        return tuple(change for change in self.of_rated if change.renames)


def try_roster(
    session: Session, sheets: RosterSheets, hand: Hand = SOMEBODY
) -> Outcome:
    """Return what `import_roster` would do; nothing is kept, and no lock is taken."""
    with reading(session) as reader, masters_in_memory(reader) as copy:
        return _written(copy, sheets, hand, for_good=False)


def import_roster(
    session: Session,
    sheets: RosterSheets,
    hand: Hand = SOMEBODY,
    *,
    renaming: bool = False,
) -> Outcome:
    """Keep everything in one transaction, or nothing where there is any fault.

    `renaming` says that somebody looked at the rated ones who would bear another name;
    without it nothing is kept where there are any. Faults are looked for before the
    write lock is taken, and once more with it: other people import too.
    """
    with reading(session) as reader:
        kept = kept_roster(reader)
        roster, faults = read_roster(sheets, kept.known())
        faults = faults or value_faults(kept, roster.values, hand)
    if faults:
        return Outcome(faults=faults, notes=sheets.notes)
    outcome = _written_once_more(session, sheets, hand)
    if outcome.faults:
        session.rollback()
    elif outcome.renamed and not renaming:
        session.rollback()
        return replace(outcome, waits=True)
    else:
        session.commit()
    return outcome


def _written_once_more(session: Session, sheets: RosterSheets, hand: Hand) -> Outcome:
    """Write the roster; a second time where somebody else wrote the same codes.

    Two imports at one moment both look, both find nothing, and both add. The one that
    comes second finds what the first has kept, and changes it or leaves it alone.
    """
    try:
        return _written(session, sheets, hand, for_good=True)
    except IntegrityError:
        session.rollback()
        return _written(session, sheets, hand, for_good=True)


def _written(
    session: Session, sheets: RosterSheets, hand: Hand, *, for_good: bool
) -> Outcome:
    """Write the roster without committing; return what was done, or all faults."""
    if for_good:  # nobody settles a cycle between the look at it and the commit
        session.execute(select(Cycle.id).order_by(Cycle.id).with_for_update())
    kept = kept_roster(session)
    roster, faults = read_roster(sheets, kept.known())
    faults = faults or value_faults(kept, roster.values, hand)
    if faults:
        return Outcome(faults=faults, notes=sheets.notes)
    outcome = Outcome(
        warnings=roster.warnings,
        notes=sheets.notes,
        changes=(
            *write_units(session, kept, roster.units),
            *write_cadres(session, kept, roster.cadres),
            *write_values(session, kept, roster.values, hand),
        ),
    )
    session.flush()
    return outcome
