"""While a box is open: void slips, open challenges, ask whether quorum is reached."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import CursorResult, Engine, func, select, update
from sqlalchemy.orm import Session

from survey_app.ballot.held_box import (
    ISSUED,
    batches_of,
    kept_box,
    manifest_in,
    open_box,
)
from survey_app.ballot.paper.challenge import ChallengeProof, commitment_of
from survey_app.ballot.paper.ticket import (
    digest_of,
    printed_tracker,
    ticket_code_of,
    tracker_of,
    tracker_prefix,
)
from survey_app.ballot.sealing.secrets_folder import keep_proof, read_secrets
from survey_app.ballot.tables import Batch
from survey_app.ballot.tickets import CHALLENGED, NEW, USED, VOID_TICKET, Ticket
from survey_app.domain.ground.refusals import TicketNotTaken


def quorum_reached(
    ballots: Engine, survey_id: int, *, units: Collection[int] | None = None
) -> dict[str, bool]:
    """Return batch id → whether more than half of its eligible have answered.

    `units` names whose batches are asked about; None stands for all.

    The count itself never leaves the database.
    """
    used = (
        select(func.count())
        .where(Ticket.batch_id == Batch.id, Ticket.state == USED)
        .scalar_subquery()
    )
    wanted = select(Batch.id, 2 * used > Batch.eligible).where(
        Batch.survey_id == survey_id, Batch.state == ISSUED
    )
    if units is not None:
        wanted = wanted.where(Batch.unit_id.in_(units))
    with Session(ballots) as box_session:
        return {batch: bool(reached) for batch, reached in box_session.execute(wanted)}


def challenge_ticket(
    ballots: Engine,
    survey_id: int,
    *,
    code: str,
    nonce: str,
    tracker: str,
    secrets_folder: Path,
) -> None:
    """Set the ticket aside for the auditors.

    Only a slip whose commitment stands in the posted manifest can be challenged. What
    proves it is kept outside the database and goes with the export, so that no change
    of a row has a ballot opened. `tracker` is what the auditor's
    receipt printed, 20 symbols. Raises TicketNotTaken, never saying why: not a code,
    no such commitment, not used, or another tracker; BoxNotReady unless the box is
    open; SecretsMissing.
    """
    slip, seen = ticket_code_of(code), tracker_prefix(tracker)
    with kept_box(ballots) as box_session:
        box = open_box(box_session, survey_id)
        pepper = read_secrets(secrets_folder, survey_id).pepper
        if slip is None or seen is None:
            raise TicketNotTaken
        bound = nonce.strip()
        if commitment_of(slip, bound) not in manifest_in(box).commitments:
            raise TicketNotTaken
        digest = digest_of(slip, pepper=pepper, survey_id=survey_id)
        ticket = box_session.get(Ticket, digest, with_for_update=True)
        if ticket is None or ticket.state != USED:
            raise TicketNotTaken
        if tracker_prefix(printed_tracker(tracker_of(ticket.envelope))) != seen:
            raise TicketNotTaken
        proof = ChallengeProof(tracker_of(ticket.envelope).hex(), slip, bound)
        keep_proof(secrets_folder, survey_id, proof)
        ticket.state = CHALLENGED


@dataclass(frozen=True, slots=True)
class Voided:
    """What became of the slips that were read in: counts only."""

    count: int
    """Now void."""
    mistyped: int
    """Not a code at all: a symbol is wrong or missing."""
    not_taken: int
    """Used, void already, of another survey or unknown: never said which."""


def void_tickets(
    ballots: Engine, survey_id: int, *, codes: Sequence[str], secrets_folder: Path
) -> Voided:
    """Return what became of the slips; one that was read in twice counts once.

    What stands in a void ticket's envelope stays the random bytes it was. Raises
    BoxNotReady unless the box is open, or SecretsMissing.
    """
    read = [ticket_code_of(typed) for typed in codes]
    taken_in = {code for code in read if code is not None}
    with kept_box(ballots) as box_session:
        box = open_box(box_session, survey_id)
        pepper = read_secrets(secrets_folder, survey_id).pepper
        batches = [b.id for b in batches_of(box_session, box.survey_id)]
        count = sum(
            _voided(box_session, digest, batches)
            for digest in sorted(
                digest_of(code, pepper=pepper, survey_id=survey_id) for code in taken_in
            )
        )
    return Voided(count, read.count(None), len(taken_in) - count)


def _voided(box_session: Session, digest: bytes, batches: Sequence[str]) -> int:
    """Return 1 where the ticket was unused and is void now, else 0."""
    done = box_session.execute(
        update(Ticket)
        .where(Ticket.digest == digest, Ticket.state == NEW)
        .where(Ticket.batch_id.in_(batches))
        .values(state=VOID_TICKET)
    )
    return cast("CursorResult[Any]", done).rowcount
