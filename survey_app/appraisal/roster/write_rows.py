"""Units, cadres and component values → tables: added, changed or left alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import GivenValue, ReplacedValue
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.appraisal.roster.kept_roster import Change, KeptRoster, change
from survey_app.appraisal.roster.roster import CadreEntry, UnitEntry, ValueEntry
from survey_app.appraisal.roster.roster_sheets import CADRES, POSTS, UNITS, VALUES
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scheme.scheme import Post, SubjectKind


def write_cadres(
    session: Session, kept: KeptRoster, entries: tuple[CadreEntry, ...]
) -> Iterator[Change]:
    """Yield what happens to every cadre; whoever calls commits or rolls back."""
    codes = {unit.id: unit.code for unit in kept.units.values()}
    new = [entry for entry in entries if entry.code not in kept.cadres]
    before = {code: _told(cadre, codes) for code, cadre in kept.cadres.items()}
    for entry in new:
        kept.cadres[entry.code] = Cadre(code=entry.code)
    for entry in entries:
        _fill_in_cadre(kept.cadres[entry.code], entry, kept)
    session.add_all(kept.cadres[entry.code] for entry in new)
    session.flush()
    for entry in entries:
        cadre = kept.cadres[entry.code]
        _make_subject(session, kept, cadre)
        yield change(
            CADRES,
            entry.row,
            Bilingual(entry.name, entry.name),
            before=before.get(entry.code),
            after=_told(cadre, codes),
            is_rated=kept.persons[cadre.id].id in kept.in_use.rated,
        )


def _fill_in_cadre(cadre: Cadre, entry: CadreEntry, kept: KeptRoster) -> None:
    """Let the cadre be what the workbook says."""
    cadre.name, cadre.title = entry.name, entry.title
    cadre.unit_id, cadre.post = kept.units[entry.unit].id, entry.post.value


def _told(cadre: Cadre, codes: dict[int, str]) -> dict[str, str | Bilingual]:
    """Return the cadre in the words of the sheet."""
    return {
        "name": cadre.name,
        "unit": codes[cadre.unit_id],
        "post": POSTS[Post(cadre.post)],
        "title": cadre.title,
    }


def _make_subject(session: Session, kept: KeptRoster, cadre: Cadre) -> None:
    """Let the cadre be rated, in the unit the cadre belongs to now."""
    person = kept.persons.get(cadre.id)
    if person is None:
        person = Subject(kind=SubjectKind.CADRE.value, cadre_id=cadre.id)
        session.add(person)
        kept.persons[cadre.id] = person
    person.unit_id = cadre.unit_id


def write_units(
    session: Session, kept: KeptRoster, entries: tuple[UnitEntry, ...]
) -> Iterator[Change]:
    """Yield what happens to every unit; whoever calls commits or rolls back.

    New units come first, without parents: a parent may stand below its children.
    """
    new = [entry for entry in entries if entry.code not in kept.units]
    for entry in new:
        kept.units[entry.code] = Unit(code=entry.code, name=entry.name)
    session.add_all(kept.units[entry.code] for entry in new)
    session.flush()
    codes = {unit.id: unit.code for unit in kept.units.values()}
    added = {entry.code for entry in new}
    for entry in entries:
        unit = kept.units[entry.code]
        before = {"name": unit.name, "parent": codes.get(unit.parent_id or 0, "")}
        unit.name = entry.name
        unit.parent_id = kept.units[entry.parent].id if entry.parent else None
        yield change(
            UNITS,
            entry.row,
            Bilingual(entry.name, entry.name),
            before=None if entry.code in added else before,
            after={"name": entry.name, "parent": entry.parent},
            is_rated=unit.id in kept.rated_units,
        )
        _give_body(session, kept, unit)


def _give_body(session: Session, kept: KeptRoster, unit: Unit) -> None:
    """Give the unit a leading body to be rated, if it has none."""
    if unit.id not in kept.bodies:
        body = Subject(kind=SubjectKind.LEADING_BODY.value, unit_id=unit.id)
        session.add(body)
        kept.bodies[unit.id] = body


@dataclass(frozen=True, slots=True)
class Hand:
    """Who enters what a workbook says, and on which day."""

    account: str | None
    today: date | None
    may_replace: bool = False
    """Whether a value that stands beside results may give way to another."""
    passwords_given: int = 0
    """How many passwords one account had given another by then; see `second_person`.
    """


SOMEBODY = Hand(None, None)
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
