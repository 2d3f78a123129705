"""Challenge a ballot: an auditor has his own opened in public, instead of counted."""

from pathlib import Path

from sqlalchemy import Engine

from survey_app.domain.ballots.challenge_proof import ChallengeProof
from survey_app.domain.ballots.commitment import commitment_of
from survey_app.domain.ballots.ticket_code import digest_of, ticket_code_of
from survey_app.domain.ballots.tracker import (
    printed_tracker,
    tracker_of,
    tracker_prefix,
)
from survey_app.domain.refusals import TicketNotTaken
from survey_app.models.ballots.ticket import CHALLENGED, USED, Ticket
from survey_app.sealing.challenge_file import keep_proof
from survey_app.sealing.secrets_folder import read_secrets
from survey_app.services.ballots.kept_box import kept_box, manifest_in, open_box


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
