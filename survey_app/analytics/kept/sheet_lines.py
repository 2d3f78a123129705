"""The lines of a list of score sheets: who stands in it, where, and found by what.

They are compared with what the cycle knows of everybody only where a name, a unit or a
post may have changed: telling namesakes apart takes a look at all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.rated import Rated
from survey_app.appraisal.sheet_rows import KeptSheet, mark_stale
from survey_app.domain.ground.in_parts import in_parts
from survey_app.domain.ground.initials import initials_of
from survey_app.domain.scheme.scheme import SubjectKind
from survey_app.survey.rated import rated_in_cycle

AT_ONCE = 500
"""Lines written in one transaction."""
ROWS: Any = KeptSheet.__table__
OF_ROW = (
    ROWS.c.cycle_id == bindparam("of_cycle"),
    ROWS.c.subject_id == bindparam("of_subject"),
)
FACTS = (
    "position", "kind", "name", "unit", "unit_code", "code", "parent", "title", "post",
    "initials", "body_id",
)  # fmt: skip
MAKE_THE_SHEET = ("kind", "post", "body_id")
"""The facts that decide what a sheet says, not only whose it is."""
Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChangedLines:
    """What is not as the cycle knows its subjects by now."""

    new: Sequence[tuple[int, Line]]
    other: Sequence[tuple[int, Line]]
    moved: Sequence[int]
    """Whose sheets are others with that; among them all that are new."""
    gone: Sequence[int]


def changed_lines(reader: Session, cycle: Cycle) -> ChangedLines:
    """Return what of the list is to be written, compared with everybody there is."""
    now = dict(_lines(reader, cycle))
    columns = [getattr(KeptSheet, name) for name in ("subject_id", *FACTS)]
    rows = reader.execute(select(*columns).where(KeptSheet.cycle_id == cycle.id))
    kept = {row[0]: dict(zip(FACTS, row[1:], strict=True)) for row in rows}
    other = [(one, line) for one, line in now.items() if kept.get(one, line) != line]
    moved = [
        one
        for one, line in other
        if any(kept[one][name] != line[name] for name in MAKE_THE_SHEET)
    ]
    new = [one for one in now if one not in kept]
    return ChangedLines(
        new=[(one, now[one]) for one in new],
        other=other,
        moved=[*new, *moved],
        gone=[one for one in kept if one not in now],
    )


def _lines(reader: Session, cycle: Cycle) -> Iterator[tuple[int, Line]]:
    """Yield every subject the scheme is about with its line, in the order of lists."""
    everybody = rated_in_cycle(reader, cycle.id, is_settled=cycle.is_settled)
    body = SubjectKind.LEADING_BODY.value
    bodies = {one.unit.id: one.id for one in everybody if one.kind == body}
    scored = [one for one in everybody if one.kind == cycle.rules.subject]
    for position, one in enumerate(scored):
        yield one.id, _line(one, position, bodies.get(one.unit.id, 0))


def _line(one: Rated, position: int, body_id: int) -> Line:
    return {
        "position": position,
        "kind": one.kind,
        "name": one.name,
        "unit": one.unit.shown,
        "unit_code": one.unit.code,
        "code": one.cadre.code if one.cadre else one.unit.code,
        "parent": one.unit.parent_name,
        "title": one.title,
        "post": one.post.value,
        "initials": initials_of(one.bare_name, one.unit.name),
        "body_id": body_id,
    }


def keep_lines(session: Session, cycle_id: int, changed: ChangedLines) -> None:
    """Write them, some at a time; commits. Sheets that are others now are marked."""
    if changed.moved:
        mark_stale(session, cycle_id, changed.moved)
        session.commit()
    for some in in_parts(changed.new, AT_ONCE):
        blank = {"cycle_id": cycle_id, "blocked": 0, "summary": ""}
        rows = [{**blank, "subject_id": one, **line} for one, line in some]
        session.execute(insert(KeptSheet), rows)
        session.commit()
    told: dict[str, Any] = {name: bindparam(name) for name in FACTS}
    for some in in_parts(changed.other, AT_ONCE):
        rows = [{"of_cycle": cycle_id, "of_subject": o, **line} for o, line in some]
        session.connection().execute(update(ROWS).where(*OF_ROW).values(told), rows)
        session.commit()
    for ids in in_parts(changed.gone, AT_ONCE):
        session.execute(
            delete(KeptSheet).where(
                KeptSheet.cycle_id == cycle_id, KeptSheet.subject_id.in_(ids)
            )
        )
        session.commit()
