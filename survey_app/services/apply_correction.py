"""Put what a confirmed correction says in the place of what stood there."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Update, select, update
from sqlalchemy.orm import Session, aliased

from survey_app.domain.correcting import NAME, POST, UNIT, component_in
from survey_app.domain.scheme import SubjectKind
from survey_app.models.correction import Correction
from survey_app.models.frozen_facts import CycleSubject, RatedSubject
from survey_app.models.given_value import GivenValue
from survey_app.models.subject import Subject
from survey_app.models.survey import OPEN_SURVEY, Survey
from survey_app.models.unit import Unit
from survey_app.services.freeze_facts import freeze_cycle
from survey_app.services.write_values import replaced

COLUMNS = {NAME: "cadre_name", POST: "post"}
"""Fact → its column, where it is called differently or the same."""


def apply_correction(session: Session, asked: Correction, *, today: date) -> None:
    """Write the new content wherever the old one stood; does not commit.

    No count changes: a ballot was cast in the unit its batch was signed for, so the
    unit of a secret ballot's subject stays, and only the score sheet moves.
    """
    component = component_in(asked.what)
    if component is not None:
        _give(session, asked, component, today)
        return
    freeze_cycle(session, asked.cycle_id, subject_id=asked.subject_id)
    for changed in _changes(session, asked):
        session.execute(changed)


def _give(session: Session, asked: Correction, component: str, today: date) -> None:
    """Let the value be the new one; the old one is kept beside it."""
    place = asked.cycle_id, asked.subject_id, component
    value = session.get(GivenValue, place)
    if value is None:
        value = GivenValue(
            cycle_id=asked.cycle_id,
            subject_id=asked.subject_id,
            component_key=component,
        )
        session.add(value)
    else:
        session.add(replaced(value, by=asked.requested_by, on=today))
    value.value, value.source = asked.new, asked.new_source
    value.entered_by, value.entered_on = asked.requested_by, today


def _changes(session: Session, asked: Correction) -> Iterator[Update]:
    """Yield a change of the cycle's facts, and one of those of its surveys."""
    subject = session.get_one(Subject, asked.subject_id)
    facts: dict[str, Any]
    if subject.kind == SubjectKind.LEADING_BODY:
        whose, column = "unit_id", "unit_name"
        number, facts = subject.unit_id, {column: asked.new}
    elif asked.what == UNIT:
        whose, column = "subject_id", "unit_code"
        number, facts = subject.id, _unit(session, asked.new)
    else:
        whose, column = "subject_id", COLUMNS.get(asked.what, asked.what)
        number, facts = subject.id, {column: asked.new}
    for table, where in (
        (CycleSubject, CycleSubject.cycle_id == asked.cycle_id),
        (RatedSubject, RatedSubject.survey_id.in_(_surveys(asked))),
    ):
        yield (
            update(table)
            .where(where, getattr(table, whose) == number)
            .where(getattr(table, column) == asked.old)
            .values(facts)
            .execution_options(synchronize_session=False)
        )


def _surveys(asked: Correction) -> Any:
    """Return the surveys of the cycle in which the fact may change."""
    ours: list[ColumnElement[bool]] = [Survey.cycle_id == asked.cycle_id]
    if asked.what == UNIT:
        ours.append(Survey.mode == OPEN_SURVEY)
    return select(Survey.id).where(*ours)


def _unit(session: Session, code: str) -> dict[str, Any]:
    """Return a unit as facts tell it."""
    parent = aliased(Unit)
    wanted = (
        select(Unit.id, Unit.name, parent.name.label("parent"))
        .outerjoin(parent, parent.id == Unit.parent_id)
        .where(Unit.code == code)
    )
    row = session.execute(wanted).one()
    return {
        "unit_id": row.id,
        "unit_code": code,
        "unit_name": row.name,
        "parent_name": row.parent or "",
    }
