"""Objections (申请复核) in lists, beside a result, and one by itself."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from survey_app.alerts.due import label_of
from survey_app.alerts.tables import AlertCase, Objection
from survey_app.analytics.paging import ListAsked, ListColumns, ListPage, page_of
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.appraisal.scope import EVERYWHERE, Scope
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.refusals import NotFound


@dataclass(frozen=True, slots=True)
class ObjectionTold:
    """What was asked to be looked at again, and what was answered."""

    id: int
    cycle_id: int
    cycle: str
    subject_id: int
    subject: str
    unit: str
    unit_id: int
    alert_id: int | None
    rule: Bilingual | None
    """What the rule of the alert is called; None: it is about the score sheet."""
    text: str
    filed_by: str
    on_paper_of: str
    filed_on: date
    answer_by: date
    answer: str
    verdict: str
    answered_by: str
    answered_on: date | None

    def is_late(self, today: date) -> bool:
        """Return whether the answer is overdue."""
        return self.answered_on is None and self.answer_by < today


_ASKED = (
    select(
        Objection, Cycle, AlertCase.rule_key, Subject.unit_id,
        func.coalesce(Cadre.name, Unit.name).label("subject"),
        Unit.name.label("unit"),
    )
    .select_from(Objection)
    .join(Cycle, Cycle.id == Objection.cycle_id)
    .join(Subject, Subject.id == Objection.subject_id)
    .join(Unit, Unit.id == Subject.unit_id)
    .outerjoin(Cadre, Cadre.id == Subject.cadre_id)
    .outerjoin(AlertCase, AlertCase.id == Objection.alert_id)
)  # fmt: skip
_COLUMNS = ListColumns(
    always=(
        case((Objection.answered_on.is_(None), 0), else_=1),
        Objection.answer_by,
        Objection.id,
    ),
    search=(func.coalesce(Cadre.name, ""), Unit.name, Unit.code, Unit.initials),
    within=lambda scope: scope.of_subject(Objection.subject_id),
    unit_code=Unit.code,
    unit_name=Unit.name,
)


def objection_page(session: Session, asked: ListAsked) -> ListPage[ObjectionTold]:
    """Return one page of all objections, what is due first on top."""
    return page_of(session, _ASKED, _COLUMNS, asked).of(_told)


def objection_of(session: Session, objection_id: int) -> ObjectionTold:
    """Return one objection; raises NotFound."""
    row = session.execute(_ASKED.where(Objection.id == objection_id)).one_or_none()
    if row is None:
        raise NotFound
    return _told(row)


def objections_about(
    session: Session,
    *,
    alert_id: int | None = None,
    cycle_id: int = 0,
    subject_id: int = 0,
    scope: Scope = EVERYWHERE,
) -> tuple[ObjectionTold, ...]:
    """Return the objections against an alert, or against a result of a subject.

    Those against an alert of that subject are among the latter. Whoever works on some
    surveys alone is told of those against their alerts.
    """
    ours = (
        Objection.alert_id == alert_id
        if alert_id is not None
        else (Objection.cycle_id == cycle_id) & (Objection.subject_id == subject_id)
    )
    rows = session.execute(
        _ASKED.where(ours, scope.of_survey(AlertCase.survey_id)).order_by(Objection.id)
    )
    return tuple(_told(row) for row in rows)


def _told(row: Any) -> ObjectionTold:
    one, cycle = row.Objection, row.Cycle
    return ObjectionTold(
        id=one.id,
        cycle_id=cycle.id,
        cycle=cycle.name,
        subject_id=one.subject_id,
        subject=row.subject,
        unit=row.unit,
        unit_id=row.unit_id,
        alert_id=one.alert_id,
        rule=label_of(cycle.rules, row.rule_key) if row.rule_key else None,
        text=one.text,
        filed_by=one.filed_by,
        on_paper_of=one.on_paper_of,
        filed_on=one.filed_on,
        answer_by=one.answer_by,
        answer=one.answer,
        verdict=one.verdict,
        answered_by=one.answered_by,
        answered_on=one.answered_on,
    )


def rated_name(session: Session, subject_id: int) -> tuple[str, str]:
    """Return what the roster calls a subject, and its unit; raises NotFound."""
    named = (
        select(func.coalesce(Cadre.name, Unit.name), Unit.name)
        .select_from(Subject)
        .join(Unit, Unit.id == Subject.unit_id)
        .outerjoin(Cadre, Cadre.id == Subject.cadre_id)
        .where(Subject.id == subject_id)
    )
    row = session.execute(named).one_or_none()
    if row is None:
        raise NotFound
    return str(row[0]), str(row[1])
