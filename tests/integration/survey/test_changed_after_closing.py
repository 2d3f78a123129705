"""Between closing and opening somebody writes to the ballot database: it is noticed."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from survey_app.ballot.closed_box import closing_in
from survey_app.ballot.paper.head import SignedHead
from survey_app.ballot.paper.ticket import tracker_of
from survey_app.ballot.sealing.decrypting import decrypt_box
from survey_app.ballot.tables import BallotBox
from survey_app.ballot.tickets import Ticket
from survey_app.database import writing
from survey_app.domain.ground.refusals import ExportRefused
from tests.support.ballot_box import StandingBox
from tests.support.closed_box import closed_box, exported, take
from tests.support.guards import drop_box_guards
from tests.support.holder_keys import holder_keys


@pytest.fixture
def box(engine: Engine, ballots: Engine, tmp_path: Path) -> StandingBox:
    return closed_box(engine, ballots, tmp_path / "secrets")


def test_a_box_changed_after_it_closed_is_not_exported(
    box: StandingBox, main: Session
) -> None:
    spare = box.batch(box.county.units[1], "staff")
    with Session(writing(box.ballots)) as boxes:
        some = select(Ticket.digest).where(Ticket.batch_id == spare.batch_id).limit(1)
        digest = boxes.scalars(some).one()
        boxes.execute(update(Ticket).where(Ticket.digest == digest).values(state=1))
        boxes.commit()

    with pytest.raises(ExportRefused):
        exported(box, main)


def test_an_envelope_exchanged_after_the_closing_is_noticed(
    box: StandingBox, main: Session
) -> None:
    with Session(writing(box.ballots)) as boxes:
        used = boxes.scalars(select(Ticket).where(Ticket.state == 1).limit(1)).one()
        used.envelope = bytes(len(used.envelope))
        boxes.commit()

    with pytest.raises(ExportRefused, match="changed after it closed"):
        exported(box, main)


CHANGED_BETWEEN = {
    "a comment exchanged": "UPDATE ticket SET comment = :noise WHERE digest = :one",
    "a count": "UPDATE batch SET signed = signed - 1 WHERE id = :batch",
    "a batch voided": "UPDATE batch SET state = 'void' WHERE id = :batch",
    "a used ticket made an unused one": (
        "UPDATE ticket SET state = 0 WHERE digest = :one"
    ),
    "a counted ballot set aside": "UPDATE ticket SET state = 3 WHERE digest = :one",
    "a tracker struck out": "DELETE FROM tracker WHERE tracker = :tracker",
    "envelopes of two batches exchanged": (
        "UPDATE ticket SET envelope ="
        " (SELECT t.envelope FROM ticket t WHERE t.digest ="
        " CASE WHEN ticket.digest = :one THEN :other ELSE :one END)"
        " WHERE digest IN (:one, :other)"
    ),
}


@pytest.mark.parametrize("change", CHANGED_BETWEEN)
def test_what_was_changed_between_closing_and_opening_is_noticed(
    box: StandingBox, main: Session, change: str
) -> None:
    unit = box.county.units[0]
    staff, residents = (box.batch(unit, group) for group in ("staff", "residents"))
    one, other = (_used(box, batch.batch_id) for batch in (staff, residents))
    values = {
        "one": one, "other": other, "batch": staff.batch_id, "noise": bytes(2000),
        "tracker": tracker_of(box.envelope(one)),
    }  # fmt: skip
    statement = CHANGED_BETWEEN[change]
    given = {name: kept for name, kept in values.items() if f":{name}" in statement}
    with writing(box.ballots).begin() as connection:
        connection.execute(text(statement), given)

    with pytest.raises(ExportRefused, match="changed after it closed"):
        exported(box, main)


def _used(box: StandingBox, batch_id: str) -> bytes:
    """Return the digest of a used ticket of this batch."""
    wanted = select(Ticket.digest).where(Ticket.batch_id == batch_id, Ticket.state == 1)
    with Session(box.ballots) as boxes:
        return boxes.scalars(wanted.limit(1)).one()


def test_a_closing_written_anew_is_not_believed(
    box: StandingBox, main: Session
) -> None:
    opened = decrypt_box(exported(box, main), holder_keys())
    drop_box_guards(box.ballots)
    with Session(writing(box.ballots)) as boxes:
        row = boxes.get_one(BallotBox, box.survey_id)
        posted = closing_in(row)
        forged = replace(posted.closing, comments_in="00" * 32)
        row.closing = replace(posted, closing=forged).to_json()
        boxes.commit()

    with pytest.raises(ExportRefused):
        exported(box, main)
    with pytest.raises(ExportRefused, match="other envelopes"):
        take(box, main, opened)


@pytest.mark.parametrize("kept", ["{}", "x", '{"closing":{},"signature":""}'])
def test_a_closing_written_over_keeps_the_box_shut(
    box: StandingBox, main: Session, kept: str
) -> None:
    opened = decrypt_box(exported(box, main), holder_keys())
    drop_box_guards(box.ballots)
    with writing(box.ballots).begin() as connection:
        connection.execute(
            text("UPDATE ballot_box SET closing = :kept"), {"kept": kept}
        )

    with pytest.raises(ExportRefused, match="written over"):
        exported(box, main)
    with pytest.raises(ExportRefused, match="written over"):
        take(box, main, opened)


def test_a_result_of_another_closing_is_not_taken(
    box: StandingBox, main: Session
) -> None:
    opened = decrypt_box(exported(box, main), holder_keys())
    other = replace(opened.head, closing="00" * 32)
    signatures = {
        key.public.fingerprint: key.sign(other.signed_message).hex()
        for key in holder_keys()
    }

    with pytest.raises(ExportRefused, match="other envelopes"):
        take(box, main, replace(opened, signed=SignedHead(other, signatures)))
