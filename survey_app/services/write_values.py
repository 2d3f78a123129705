"""Component values → tables: added, changed or left alone."""

from collections.abc import Iterator
from fractions import Fraction

from sqlalchemy.orm import Session

from survey_app.domain.bilingual import Bilingual
from survey_app.domain.roster.roster import ValueEntry
from survey_app.domain.roster.roster_sheets import VALUES
from survey_app.domain.scheme import SubjectKind
from survey_app.models.given_value import GivenValue
from survey_app.models.subject import Subject
from survey_app.services.kept_roster import KeptRoster
from survey_app.services.roster_change import Change, change


def write_values(
    session: Session, kept: KeptRoster, entries: tuple[ValueEntry, ...]
) -> Iterator[Change]:
    """Yield what happens to every value; whoever calls commits or rolls back.

    Equal numbers are equal however they are written: 93.20 leaves 93.2 alone.
    """
    session.flush()
    for entry in entries:
        place = (
            kept.cycles[entry.cycle].id,
            _subject(kept, entry).id,
            entry.component,
        )
        value = kept.values.get(place)
        if value is None:
            before, value = None, _new(session, kept, place)
        else:
            before = {"value": value.value, "source": value.source}
        if before is None or Fraction(value.value) != Fraction(entry.value):
            value.value = entry.value
        value.source = entry.source
        yield change(
            VALUES,
            entry.row,
            _name(kept, entry),
            before=before,
            after={"value": value.value, "source": value.source},
        )


def _name(kept: KeptRoster, entry: ValueEntry) -> Bilingual:
    """Return whom and what the value is about."""
    known = kept.cadres if entry.kind is SubjectKind.CADRE else kept.units
    name, label = known[entry.subject].name, entry.label
    return Bilingual(f"{name} · {label.zh}", f"{name} · {label.en}")


def _subject(kept: KeptRoster, entry: ValueEntry) -> Subject:
    """Return whom the value is about."""
    if entry.kind is SubjectKind.CADRE:
        return kept.persons[kept.cadres[entry.subject].id]
    return kept.bodies[kept.units[entry.subject].id]


def _new(session: Session, kept: KeptRoster, place: tuple[int, int, str]) -> GivenValue:
    """Return a value in a place that has none yet."""
    cycle_id, subject_id, component_key = place
    value = GivenValue(
        cycle_id=cycle_id, subject_id=subject_id, component_key=component_key
    )
    session.add(value)
    kept.values[place] = value
    return value
