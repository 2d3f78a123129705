"""Every score sheet of a cycle, one after another, as papers and workbooks take them.

They are those that a page shows: read as they are kept, some at a time, and worked out
where one is marked. What is withheld on a page is nowhere in them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.analytics.kept.sheet_pages import LINE, is_whole, require_settled
from survey_app.analytics.kept.sheet_text import Known, sheet_of_text
from survey_app.analytics.score_evidence import given_values, ground_of
from survey_app.analytics.scores import SubjectSheet, worked_out
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.sheet_rows import KeptSheet
from survey_app.domain.ground.in_parts import in_parts
from survey_app.domain.scheme.components import from_outside
from survey_app.domain.scheme.scheme import Post
from survey_app.survey.appraised import is_appraised
from survey_app.survey.rated import rated_in_cycle

AT_ONCE = 100
"""Sheets that are read together."""
REMEMBERED = 200
"""Parts that several sheets share; those of one unit stand one after another."""


@dataclass(frozen=True, slots=True)
class CycleSheet:
    """One sheet with what a list finds its subject by."""

    found: SubjectSheet
    code: str
    """The cadre's own; of a leading body the unit's."""
    unit_code: str
    given: Mapping[str, Fraction]
    """Component → the value handed in for it."""


def listed_in(session: Session, cycle_id: int) -> list[int]:
    """Return whom the cycle appraises, in the order of the units."""
    listed = select(KeptSheet.subject_id).where(
        KeptSheet.cycle_id == cycle_id, is_appraised()
    )
    return list(session.scalars(listed.order_by(KeptSheet.position)))


def sheets_in_turn(
    session: Session, cycle: Cycle, some: Sequence[int]
) -> Iterator[CycleSheet]:
    """Yield the sheets of these subjects in the order of the cycle's list.

    A fixed number of statements for every `AT_ONCE` of them, after which no picture of
    the database is held. Raises PlanChanged or CountersDiffer where what they rest on
    is not what was settled.
    """
    known: Known = {}
    for part in in_parts(some, AT_ONCE):
        read = _read(session, cycle, part, known)
        session.commit()
        yield from read
        if len(known) > REMEMBERED:
            known.clear()


def _read(
    session: Session, cycle: Cycle, some: Sequence[int], known: Known
) -> list[CycleSheet]:
    names = ("kind", "post", "body_id", "code", "unit_code", "sheet")
    facts = [getattr(KeptSheet, name) for name in names]
    wanted = LINE.add_columns(*facts).where(
        KeptSheet.cycle_id == cycle.id, KeptSheet.subject_id.in_(some)
    )
    rows = session.execute(wanted.order_by(KeptSheet.position)).all()
    every = sorted({*some, *(row.body_id for row in rows)})
    require_settled(session, cycle.id, every)
    anew = [row.subject_id for row in rows if not is_whole(session, row, cycle.id)]
    worked = _worked_out(session, cycle, anew) if anew else {}
    values = given_values(session, cycle.id, every)
    about = {one.key: one.about for one in from_outside(cycle.rules)}
    return [
        CycleSheet(
            worked.get(row.subject_id) or _kept(row, known),
            row.code,
            row.unit_code,
            {
                key: values[place]
                for key, kind in about.items()
                if (place := (key, row.subject_id if kind == row.kind else row.body_id))
                in values
            },
        )
        for row in rows
    ]


def _kept(row: Any, known: Known) -> SubjectSheet:
    return SubjectSheet(
        subject_id=row.subject_id,
        name=row.name,
        unit=row.unit,
        title=row.title,
        post=Post(row.post),
        sheet=sheet_of_text(row.sheet, known),
        body_id=row.body_id,
        parent=row.parent,
    )


def _worked_out(
    session: Session, cycle: Cycle, some: Sequence[int]
) -> dict[int, SubjectSheet]:
    rated = rated_in_cycle(session, cycle.id, is_settled=cycle.is_settled, some=some)
    ground = ground_of(session, cycle, cycle.rules)
    return {one.subject_id: one for one in worked_out(session, ground, rated)}
