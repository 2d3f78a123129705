"""Which values may not be written any more, and what to do instead."""

from collections.abc import Iterable, Iterator

from survey_app.domain.remark import Remark, remark
from survey_app.domain.roster.roster import CellFault, ValueEntry
from survey_app.models.account import MANAGER
from survey_app.services.kept_roster import KeptRoster
from survey_app.services.write_values import Hand, kept_value, stays


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
    elif value is not None and hand.role != MANAGER and cycle.id in kept.with_results:
        yield remark("roster-manager-changes", value=value.value)
