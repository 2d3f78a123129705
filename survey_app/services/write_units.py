"""Units → tables: added, changed or left alone, each with its leading body."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from survey_app.domain.bilingual import Bilingual
from survey_app.domain.roster.roster import UnitEntry
from survey_app.domain.roster.roster_sheets import UNITS
from survey_app.domain.scheme import SubjectKind
from survey_app.models.subject import Subject
from survey_app.models.unit import Unit
from survey_app.services.kept_roster import KeptRoster
from survey_app.services.roster_change import Change, change


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
