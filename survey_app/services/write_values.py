"""Component values → tables: added, changed or left alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy.orm import Session

from survey_app.domain.bilingual import Bilingual
from survey_app.domain.roster.roster import ValueEntry
from survey_app.domain.roster.roster_sheets import VALUES
from survey_app.domain.scheme import SubjectKind
from survey_app.models.account import ORGANIZER
from survey_app.models.given_value import GivenValue, ReplacedValue
from survey_app.models.subject import Subject
from survey_app.services.kept_roster import KeptRoster
from survey_app.services.roster_change import Change, change


@dataclass(frozen=True, slots=True)
class Hand:
    """Who enters what a workbook says, and on which day."""

    account: str | None
    role: str
    today: date | None


SOMEBODY = Hand(None, ORGANIZER, None)
"""Nobody known, and so with the fewest rights."""


def write_values(
    session: Session,
    kept: KeptRoster,
    entries: tuple[ValueEntry, ...],
    hand: Hand = SOMEBODY,
) -> Iterator[Change]:
    """Yield what happens to every value; whoever calls commits or rolls back.

    Equal numbers are equal however they are written: 93.20 leaves 93.2 alone. A value
    that gives way is kept, with who entered it and who replaced it.
    """
    session.flush()
    for entry in entries:
        value = kept_value(kept, entry)
        if value is None:
            before, value = None, _new(session, kept, entry)
        else:
            before = {"value": value.value, "source": value.source}
        if before is None or not stays(value, entry):
            if before is not None:
                session.add(replaced(value, by=hand.account, on=hand.today))
            _fill_in(value, entry, hand, is_new=before is None)
        yield change(
            VALUES,
            entry.row,
            _name(kept, entry),
            before=before,
            after={"value": value.value, "source": value.source},
        )


def kept_value(kept: KeptRoster, entry: ValueEntry) -> GivenValue | None:
    """Return the value that stands where this one would; None: nothing does."""
    known = kept.cadres if entry.kind is SubjectKind.CADRE else kept.units
    if entry.subject not in known:  # it comes with this very workbook
        return None
    subject = _subjects(kept, entry).get(known[entry.subject].id)
    if subject is None:
        return None
    return kept.values.get((kept.cycles[entry.cycle].id, subject.id, entry.component))


def stays(value: GivenValue, entry: ValueEntry) -> bool:
    """Return whether number and source are the ones that stand already."""
    return _is_equal(value, entry) and value.source == entry.source


def replaced(value: GivenValue, *, by: str | None, on: date | None) -> ReplacedValue:
    """Return the value as it stands, to be kept once another takes its place."""
    return ReplacedValue(
        cycle_id=value.cycle_id,
        subject_id=value.subject_id,
        component_key=value.component_key,
        value=value.value,
        source=value.source,
        entered_by=value.entered_by,
        entered_on=value.entered_on,
        replaced_by=by,
        replaced_on=on,
    )


def _is_equal(value: GivenValue, entry: ValueEntry) -> bool:
    return Fraction(value.value) == Fraction(entry.value)


def _fill_in(value: GivenValue, entry: ValueEntry, hand: Hand, *, is_new: bool) -> None:
    """Let the value be what the workbook says."""
    if is_new or not _is_equal(value, entry):
        value.value = entry.value
    value.source = entry.source
    value.entered_by, value.entered_on = hand.account, hand.today


def _name(kept: KeptRoster, entry: ValueEntry) -> Bilingual:
    """Return whom and what the value is about."""
    known = kept.cadres if entry.kind is SubjectKind.CADRE else kept.units
    name, label = known[entry.subject].name, entry.label
    return Bilingual(f"{name} · {label.zh}", f"{name} · {label.en}")


def _subjects(kept: KeptRoster, entry: ValueEntry) -> dict[int, Subject]:
    """Return cadre → subject or unit → leading body, as the value is about either."""
    return kept.persons if entry.kind is SubjectKind.CADRE else kept.bodies


def _new(session: Session, kept: KeptRoster, entry: ValueEntry) -> GivenValue:
    """Return a value in a place that has none yet."""
    known = kept.cadres if entry.kind is SubjectKind.CADRE else kept.units
    subject = _subjects(kept, entry)[known[entry.subject].id]
    place = kept.cycles[entry.cycle].id, subject.id, entry.component
    cycle_id, subject_id, component_key = place
    value = GivenValue(
        cycle_id=cycle_id, subject_id=subject_id, component_key=component_key
    )
    session.add(value)
    kept.values[place] = value
    return value
