"""Files of an alert: kept in the database in parts, so on every machine and in backups.

Their type is told by their content, nothing of them is ever run, and what is taken away
leaves its hash behind.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from survey_app.accounts.second_person import given_so_far
from survey_app.alerts.doing import Acting, finish, held
from survey_app.alerts.raising import add_act
from survey_app.alerts.tables import AlertCase, Attachment, AttachmentPart
from survey_app.domain.alerts.file_type import kept_name, type_of
from survey_app.domain.alerts.review import Act
from survey_app.domain.ground.alert_refusals import AttachmentTooLarge
from survey_app.domain.ground.refusals import NotFound

LARGEST = 20 * 1024 * 1024
"""Bytes of one file."""
PART = 512 * 1024
"""Bytes of one part, and so of one write."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that can be handed out: always to be saved, never to be shown."""

    name: str
    kind: str
    size: int
    sha256: str


def add_attachment(
    session: Session, alert_id: int, acting: Acting, *, name: str, content: bytes
) -> int:
    """Keep a file with the alert and return the file's number.

    The expected version is not asked for: a file does not disturb anybody's act.
    Raises AttachmentTooLarge, AttachmentRefused, NotFound, or ReasonMissing.
    """
    if len(content) > LARGEST:
        raise AttachmentTooLarge
    kind = type_of(content)
    row, _, _ = held(session, alert_id, acting, Act.ATTACH)
    file = Attachment(
        alert_id=alert_id,
        name=kept_name(name, kind),
        kind=kind.mime,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        attached_by=acting.account,
        attached_on=acting.today,
    )
    session.add(file)
    session.flush()
    parts = [
        {"attachment_id": file.id, "number": number, "content": content[at : at + PART]}
        for number, at in enumerate(range(0, len(content), PART))
    ]
    session.execute(insert(AttachmentPart), parts)
    number = file.id
    _note(session, row, Act.ATTACH, acting, number)
    return number


def take_away(
    session: Session, alert_id: int, attachment_id: int, acting: Acting
) -> None:
    """Delete the content of a file; name, hash and who took it away stay.

    Raises NotFound, also for a file of another alert and where it was taken away
    before, AlertActImpossible once the alert is closed, or ReasonMissing.
    """
    row, _, _ = held(session, alert_id, acting, Act.TAKE_AWAY)
    file = session.get(Attachment, attachment_id, populate_existing=True)
    if file is None or file.alert_id != alert_id or file.taken_by:
        session.rollback()
        raise NotFound
    file.taken_by, file.taken_on = acting.account, acting.today
    session.execute(
        delete(AttachmentPart).where(AttachmentPart.attachment_id == attachment_id)
    )
    _note(session, row, Act.TAKE_AWAY, acting, attachment_id)


def _note(
    session: Session, row: AlertCase, act: Act, acting: Acting, file: int
) -> None:
    add_act(
        session, row, act, acting.today, account=acting.account, reason=acting.reason,
        attachment_id=file, given_before=given_so_far(session),
    )  # fmt: skip
    finish(session, row, acting)


def attached_file(session: Session, alert_id: int, attachment_id: int) -> AttachedFile:
    """Return what is known of a file; NotFound where its content was taken away."""
    file = session.get(Attachment, attachment_id)
    if file is None or file.alert_id != alert_id or file.taken_by:
        raise NotFound
    return AttachedFile(file.name, file.kind, file.size, file.sha256)


def attachment_parts(session: Session, attachment_id: int) -> Iterator[bytes]:
    """Yield the content of a file part by part, each read by its key."""
    number = 0
    while True:
        wanted = select(AttachmentPart.content).where(
            AttachmentPart.attachment_id == attachment_id,
            AttachmentPart.number == number,
        )
        part = session.scalar(wanted)
        if part is None:
            return
        yield part
        number += 1
