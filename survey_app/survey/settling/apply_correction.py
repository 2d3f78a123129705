"""What stands in a cycle and can be corrected, and how a correction is applied."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, select, update
from sqlalchemy.orm import Session, aliased

from survey_app.appraisal.adjustments import COUNTS, REVERSED, GivenAdjustment
from survey_app.appraisal.cycle import Cycle, GivenValue
from survey_app.appraisal.frozen_facts import CycleSubject
from survey_app.appraisal.people import Subject, Unit
from survey_app.appraisal.rated import Rated
from survey_app.appraisal.roster.write_rows import replaced
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.scheme.components import from_outside
from survey_app.domain.scheme.scheme import SubjectKind
from survey_app.domain.scoring.proposal import FROM_CORRECTION, kinds_of
from survey_app.survey.rated import rated_in, rated_in_cycle
from survey_app.survey.settling.correction import (
    ADJUSTMENT,
    NAME,
    NOTHING,
    POST,
    UNIT,
    VALUE,
    Correctable,
    CorrectablePlace,
    Correction,
    component_in,
    facts_of,
    is_about_adjustment,
)
from survey_app.survey.settling.frozen_names import settle_names
from survey_app.survey.settling.settle_cycle import freeze_cycle
from survey_app.survey.tables import OPEN_SURVEY, RatedSubject, Survey

COLUMNS = {NAME: "cadre_name", POST: "post"}
"""Fact → its column, where it is called differently or the same."""


def apply_correction(
    session: Session, asked: Correction, *, by: str, today: date
) -> None:
    """Write the new content wherever the old one stood; does not commit.

    `by` is the account that confirms it.

    No count changes: a ballot was cast in the unit its batch was signed for, so the
    unit of a secret ballot's subject stays, and only the score sheet moves.
    """
    component = component_in(asked.what)
    if component is not None:
        _give(session, asked, component, today)
        return
    if is_about_adjustment(asked.what):
        _adjust(session, asked, by, today)
        return
    freeze_cycle(session, asked.cycle_id, subject_id=asked.subject_id)
    for changed in _changes(session, asked):
        session.execute(changed)
    settle_names(session, list(session.scalars(_holding(asked))))


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


def _adjust(session: Session, asked: Correction, by: str, today: date) -> None:
    """Take the entry away, and let one with the new points count in its place.

    The old entry stays as it was, with the correction that took it away; one that was
    missing has the correction's reason for its own.
    """
    number = asked.what.removeprefix(ADJUSTMENT)
    kind, reason = number, asked.reason
    if number.isdecimal():
        old = session.get_one(GivenAdjustment, int(number))
        old.state, old.reversed_in = REVERSED, asked.id
        kind, reason = old.kind, old.reason
    if asked.new == NOTHING:
        return
    session.add(
        GivenAdjustment(
            cycle_id=asked.cycle_id,
            subject_id=asked.subject_id,
            kind=kind,
            points=asked.new,
            reason=reason,
            source=asked.new_source,
            origin=FROM_CORRECTION,
            state=COUNTS,
            entered_by=asked.requested_by,
            entered_on=asked.requested_on,
            passwords_given=asked.passwords_given,
            confirmed_by=by,
            confirmed_on=today,
        )
    )


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


def _holding(asked: Correction) -> Select[int]:
    """Return the surveys of the cycle that know the corrected subject, in order."""
    return (
        select(Survey.id)
        .join(RatedSubject, RatedSubject.survey_id == Survey.id)
        .where(Survey.cycle_id == asked.cycle_id)
        .where(RatedSubject.subject_id == asked.subject_id)
        .order_by(Survey.id)
    )


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


def correctable(session: Session, cycle: Cycle, subject_id: int) -> Correctable:
    """Return what can be corrected about the subject; raises NotFound.

    Facts that were frozen, bonuses and deductions that two accounts let count, and once
    the cycle is settled its given values. What is not frozen or settled is no
    correction's business: a workbook changes it.
    """
    known = _known(session, cycle, subject_id)
    values = _values(session, cycle, subject_id)
    components = {
        component.key: component
        for component in from_outside(cycle.rules)
        if component.about == known[0].kind and cycle.is_settled
    }
    given = [
        CorrectablePlace(VALUE + key, values[key].value if key in values else "")
        for key in components
    ]
    adjustments = dict(_adjustments(session, cycle, known[0]))
    return Correctable(
        places=(*dict.fromkeys(_facts(known)), *given, *adjustments),
        sources={
            **{VALUE + key: value.source for key, value in values.items()},
            **{place.what: source for place, (_, source) in adjustments.items()},
        },
        components=components,
        units=set(session.scalars(select(Unit.code))),
        scheme=cycle.rules,
        kinds={place.what: kind for place, (kind, _) in adjustments.items()},
    )


def _facts(known: list[Rated]) -> Iterator[CorrectablePlace]:
    """Yield every frozen fact; one that surveys know differently comes twice."""
    for one in known:
        if one.is_frozen:
            yield from (
                CorrectablePlace(what, old) for what, old in facts_of(one).items()
            )


def _adjustments(
    session: Session, cycle: Cycle, about: Rated
) -> Iterator[tuple[CorrectablePlace, tuple[str, str]]]:
    """Yield what counts with its kind and source, then the kinds one may be missing of.

    Before the cycle is settled a missing one is simply entered.
    """
    counting = select(GivenAdjustment).where(
        GivenAdjustment.cycle_id == cycle.id,
        GivenAdjustment.subject_id == about.id,
        GivenAdjustment.state == COUNTS,
    )
    for one in session.scalars(counting.order_by(GivenAdjustment.id)):
        yield (
            CorrectablePlace(f"{ADJUSTMENT}{one.id}", one.points),
            (one.kind, one.source),
        )
    if cycle.is_settled and about.kind == cycle.rules.subject:
        for kind in kinds_of(cycle.rules):
            yield CorrectablePlace(f"{ADJUSTMENT}{kind}", ""), (kind, "")


def _known(session: Session, cycle: Cycle, subject_id: int) -> list[Rated]:
    """Return the subject as the cycle knows it, then as each opened survey does."""
    some = [subject_id]
    own = rated_in_cycle(session, cycle.id, is_settled=cycle.is_settled, some=some)
    if not own:
        raise NotFound
    every = select(Survey.id).where(Survey.cycle_id == cycle.id).order_by(Survey.id)
    surveys = rated_in(session, session.scalars(every), some=some)
    return [*own, *(one for named in surveys.values() for one in named)]


def _values(session: Session, cycle: Cycle, subject_id: int) -> dict[str, GivenValue]:
    given = select(GivenValue).where(
        GivenValue.cycle_id == cycle.id, GivenValue.subject_id == subject_id
    )
    return {value.component_key: value for value in session.scalars(given)}
