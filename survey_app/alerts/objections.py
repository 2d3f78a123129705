"""Objections (申请复核): who is rated asks to look again, and is answered.

What was asked and answered stays with the result for good. It changes nothing by
itself: where a result must change, a correction does it.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.accounts.record import note
from survey_app.alerts.tables import CHANGED, UPHELD, AlertAct, AlertCase, Objection
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Subject
from survey_app.domain.alerts.review import Act
from survey_app.domain.ground.account_refusals import OwnMatter
from survey_app.domain.ground.alert_refusals import (
    ObjectionAnswered,
    ObjectionLate,
    ReasonMissing,
)
from survey_app.domain.ground.refusals import NotFound, Refusal


@dataclass(frozen=True, slots=True)
class ObjectionAsked:
    """What somebody asks to be looked at again."""

    cycle_id: int
    subject_id: int
    text: str
    alert_id: int | None = None
    """None: the score sheet of the subject."""
    on_paper_of: str = ""
    """Whose paper it is, where the office enters it for somebody."""
    came_on: date | None = None
    """The day the paper came; None: today."""


TOLD = (Act.RAISE, Act.DECIDE, Act.CLOSE, Act.CONFIRM)
"""The acts from which somebody may ask for a re-check of an alert."""


def file_objection(
    session: Session, asked: ObjectionAsked, *, account: str, today: date
) -> int:
    """Keep the objection and return its number; it is due to be answered in time.

    Raises ObjectionLate where the scheme's days are over, NotFound, or ReasonMissing.
    """
    came = asked.came_on or today
    try:
        cycle = session.get(Cycle, asked.cycle_id)
        subject = session.get(Subject, asked.subject_id)
        if cycle is None or subject is None or came > today:
            raise NotFound
        if not asked.text.strip():
            raise ReasonMissing
        last = last_day(session, cycle, asked.subject_id, asked.alert_id)
        if last is not None and came > last:
            raise ObjectionLate
    except Refusal:
        session.rollback()
        raise
    rules = cycle.rules.review
    objection = Objection(
        cycle_id=asked.cycle_id,
        subject_id=asked.subject_id,
        alert_id=asked.alert_id,
        text=asked.text.strip(),
        filed_by=account,
        on_paper_of=asked.on_paper_of.strip(),
        filed_on=came,
        answer_by=rules.due(came, rules.answer_days.value),
    )
    session.add(objection)
    session.flush()
    note(
        session, "objection filed", about=_named(objection),
        before=objection.on_paper_of, reason=objection.text,
    )  # fmt: skip
    session.commit()
    return objection.id


def last_day(
    session: Session, cycle: Cycle, subject_id: int, alert_id: int | None
) -> date | None:
    """Return the last day on which a re-check may be asked for; None: no end yet.

    Of an alert, counted from what last was said about it; of a score sheet, from the
    day the cycle was settled. Raises NotFound for an alert of somebody else.
    """
    if alert_id is None:
        told = cycle.settled_on
    else:
        case = session.get(AlertCase, alert_id)
        if case is None or (case.cycle_id, case.subject_id) != (cycle.id, subject_id):
            raise NotFound
        said = select(AlertAct.day).where(
            AlertAct.alert_id == alert_id, AlertAct.kind.in_(TOLD)
        )
        told = session.scalar(said.order_by(AlertAct.number.desc()).limit(1))
    rules = cycle.rules.review
    return None if told is None else rules.due(told, rules.object_days.value)


def answer_objection(
    session: Session,
    objection_id: int,
    *,
    answer: str,
    changes: bool,
    account: str,
    today: date,
) -> None:
    """Answer it: the result stands, or it `changes`, and the answer says what follows.

    Raises NotFound, ObjectionAnswered, ReasonMissing, or OwnMatter for one's own:
    filed for oneself or for one's unit.
    """
    objection = session.get(
        Objection, objection_id, with_for_update=True, populate_existing=True
    )
    try:
        if objection is None:
            raise NotFound
        if objection.answered_on is not None:
            raise ObjectionAnswered
        if objection.filed_by == account and not objection.on_paper_of:
            raise OwnMatter
        if not answer.strip():
            raise ReasonMissing
    except Refusal:
        session.rollback()
        raise
    objection.answer, objection.verdict = answer.strip(), CHANGED if changes else UPHELD
    objection.answered_by, objection.answered_on = account, today
    note(
        session, "objection answered", about=_named(objection),
        after=objection.verdict, reason=objection.answer,
    )  # fmt: skip
    session.commit()


def _named(objection: Objection) -> str:
    about = f"cycle:{objection.cycle_id} subject:{objection.subject_id}"
    alert = f" alert:{objection.alert_id}" if objection.alert_id else ""
    return f"{about}{alert} objection:{objection.id}"
