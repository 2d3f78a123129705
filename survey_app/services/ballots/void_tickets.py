"""Void unused slips in front of witnesses, before the box closes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import CursorResult, Engine, update
from sqlalchemy.orm import Session

from survey_app.domain.ballots.ticket_code import digest_of, ticket_code_of
from survey_app.models.ballots.ticket import NEW, VOID, Ticket
from survey_app.sealing.secrets_folder import read_secrets
from survey_app.services.ballots.kept_box import batches_of, kept_box, open_box


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
        .values(state=VOID)
    )
    return cast("CursorResult[Any]", done).rowcount
