"""What people did about an alert: its acts, its checklist, its files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.alerts.doing import checks_of
from survey_app.alerts.tables import AlertAct, AlertCase, Attachment
from survey_app.domain.alerts.review import Act
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scheme.review_rules import CheckPoint
from survey_app.domain.scheme.scheme import Scheme


@dataclass(frozen=True, slots=True)
class ActTold:
    """One thing that happened to the alert."""

    number: int
    kind: Act
    account: str
    """"": the program, from the counts alone."""
    day: date
    reason: str
    before: str
    after: str
    point: Bilingual | None
    measure: str
    outcome: str
    due_on: date | None
    survey_id: int | None
    file: str
    """Of a file that was attached or taken away: its name."""
    needs: str
    answers: int | None


@dataclass(frozen=True, slots=True)
class FileTold:
    """A file of the alert; its hash stays when its content is taken away."""

    id: int
    name: str
    size: int
    sha256: str
    attached_by: str
    attached_on: date
    taken_by: str
    taken_on: date | None


@dataclass(frozen=True, slots=True)
class CheckTold:
    """One point of the checklist, and what was noted about it."""

    point: CheckPoint
    notes: tuple[ActTold, ...]


def acts_of(session: Session, row: AlertCase, scheme: Scheme) -> tuple[ActTold, ...]:
    """Return every act about the alert, the oldest first."""
    labels = {point.key: point.label for point in checks_of(row, scheme)}
    wanted = (
        select(AlertAct, Attachment.name)
        .outerjoin(Attachment, Attachment.id == AlertAct.attachment_id)
        .where(AlertAct.alert_id == row.id)
        .order_by(AlertAct.number)
    )
    return tuple(
        ActTold(
            number=act.number,
            kind=Act(act.kind),
            account=act.account,
            day=act.day,
            reason=act.reason,
            before=act.before,
            after=act.after,
            point=labels.get(act.point),
            measure=act.measure,
            outcome=act.outcome,
            due_on=act.due_on,
            survey_id=act.survey_id,
            file=name or "",
            needs=act.needs,
            answers=act.answers,
        )
        for act, name in session.execute(wanted)
    )


def files_of(session: Session, alert_id: int) -> tuple[FileTold, ...]:
    """Return every file of the alert, also those whose content was taken away."""
    wanted = select(Attachment).where(Attachment.alert_id == alert_id)
    return tuple(
        FileTold(
            id=one.id,
            name=one.name,
            size=one.size,
            sha256=one.sha256,
            attached_by=one.attached_by,
            attached_on=one.attached_on,
            taken_by=one.taken_by,
            taken_on=one.taken_on,
        )
        for one in session.scalars(wanted.order_by(Attachment.id))
    )


def checklist(
    row: AlertCase, scheme: Scheme, acts: Sequence[ActTold]
) -> tuple[CheckTold, ...]:
    """Return every point of the checklist with what was noted about it."""
    return tuple(
        CheckTold(
            point,
            tuple(a for a in acts if a.kind is Act.CHECK and a.point == point.label),
        )
        for point in checks_of(row, scheme)
    )
