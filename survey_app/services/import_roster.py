"""Import a roster, or say what importing it would do.

Trying is importing into a copy of the masters in memory: what the trial lists is what
the import does, and nobody who answers waits for it.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.database import reading
from survey_app.domain.roster.roster import CellFault, RosterSheets
from survey_app.domain.roster.roster_reading import read_roster
from survey_app.services.kept_roster import kept_roster
from survey_app.services.masters_in_memory import masters_in_memory
from survey_app.services.roster_change import Change, Happens
from survey_app.services.write_cadres import write_cadres
from survey_app.services.write_units import write_units
from survey_app.services.write_values import write_values


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import does: changes, or the faults for which it does nothing."""

    changes: tuple[Change, ...] = ()
    faults: tuple[CellFault, ...] = ()

    def number(self, happens: str) -> int:
        """Return to how many rows this happens."""
        return sum(change.happens is Happens(happens) for change in self.changes)


def try_roster(session: Session, sheets: RosterSheets) -> Outcome:
    """Return what `import_roster` would do; nothing is kept, and no lock is taken."""
    with reading(session) as reader, masters_in_memory(reader) as copy:
        return _written(copy, sheets)


def import_roster(session: Session, sheets: RosterSheets) -> Outcome:
    """Keep everything in one transaction, or nothing where there is any fault.

    Faults are looked for before the write lock is taken, and once more with it: other
    people import too.
    """
    with reading(session) as reader:
        _, faults = read_roster(sheets, kept_roster(reader).known())
    if faults:
        return Outcome(faults=faults)
    outcome = _written(session, sheets)
    if outcome.faults:
        session.rollback()
    else:
        session.commit()
    return outcome


def _written(session: Session, sheets: RosterSheets) -> Outcome:
    """Write the roster without committing; return what was done, or all faults."""
    kept = kept_roster(session)
    roster, faults = read_roster(sheets, kept.known())
    if faults:
        return Outcome(faults=faults)
    outcome = Outcome(
        changes=(
            *write_units(session, kept, roster.units),
            *write_cadres(session, kept, roster.cadres),
            *write_values(session, kept, roster.values),
        )
    )
    session.flush()
    return outcome
