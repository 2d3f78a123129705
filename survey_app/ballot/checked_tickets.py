"""Whether what lies in the tickets of a batch came there the one way it can."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.ballot.closed_box import secrets_of
from survey_app.ballot.held_box import ISSUED
from survey_app.ballot.paper.challenge import ChallengeProof
from survey_app.ballot.paper.manifest import Manifest, ManifestBatch
from survey_app.ballot.paper.merkle import merkle_root
from survey_app.ballot.paper.ticket import digest_of, tag_fits, tag_of, tracker_of
from survey_app.ballot.sealing.secrets_folder import proofs_in
from survey_app.ballot.tables import Batch
from survey_app.ballot.tickets import CHALLENGED, USED, Ticket
from survey_app.domain.counting.batch_counts import WhyVoid


def posted_batch(batch: Batch, digests: Iterable[bytes]) -> ManifestBatch:
    """Return what is posted of the batch at the opening, from its tickets' digests.

    Made again at closing, it is the same or the tickets were changed.
    """
    return ManifestBatch(
        batch_id=batch.id,
        unit=batch.unit_id,
        rater_group=batch.rater_group,
        eligible=batch.eligible,
        issued=batch.issued,
        tickets_root=merkle_root(digests).hex(),
        requested_by=batch.requested_by,
        issued_by=batch.issued_by or "",
    )


CAST = (USED, CHALLENGED)


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What tickets are held against; nothing of it stands in the ballot database."""

    pepper: bytes = field(repr=False)
    proved: frozenset[tuple[bytes, str]] = field(repr=False)
    """(digest, tracker in hex) of every ballot an auditor challenged."""

    @classmethod
    def of(cls, folder: Path, manifest: Manifest) -> Self:
        """Return that of the manifest's survey; raises SecretsMissing."""
        pepper = secrets_of(folder, manifest).pepper
        proofs = proofs_in(folder, manifest.survey_id)
        bound = _bound(proofs, manifest.commitments)
        return cls(
            pepper,
            frozenset(
                (_digest(one.code, pepper, manifest.survey_id), one.tracker)
                for one in bound
            ),
        )


def tickets_of(box_session: Session, batch: Batch) -> Sequence[Ticket]:
    """Return the tickets of a batch, to read."""
    wanted = select(Ticket).where(Ticket.batch_id == batch.id)
    return box_session.scalars(wanted).all()


def states_of(tickets: Iterable[Ticket]) -> Counter[int]:
    """Return how many tickets are in each state."""
    return Counter(ticket.state for ticket in tickets)


def found_in(
    tickets: Sequence[Ticket],
    batch: Batch,
    posted: ManifestBatch | None,
    yardstick: Yardstick,
) -> WhyVoid | None:
    """Return what was changed in this batch since it was posted; None: nothing."""
    made = posted_batch(batch, (one.digest for one in tickets))
    if posted is not None and not posted.requested_by:
        # An earlier program posted no accounts.
        made = replace(made, requested_by="", issued_by="")
    if made != posted or batch.state != ISSUED or len(tickets) != batch.issued:
        return WhyVoid.TICKETS_CHANGED
    if not all(_fits(ticket, yardstick.pepper) for ticket in tickets):
        return WhyVoid.BALLOTS_CHANGED
    if not all(_proved(ticket, yardstick) for ticket in tickets):
        return WhyVoid.CHALLENGE_NOT_PROVED
    return None


def _fits(ticket: Ticket, pepper: bytes) -> bool:
    """Return whether a ticket carries a tag of its content just where it was cast."""
    made = tag_of(
        pepper, batch_id=ticket.batch_id, digest=ticket.digest,
        envelope=ticket.envelope, comment=ticket.comment,
    )  # fmt: skip
    return tag_fits(ticket.tag, made) == (ticket.state in CAST)


def _proved(ticket: Ticket, yardstick: Yardstick) -> bool:
    """Return whether a challenged ticket is one an auditor bound himself to."""
    if ticket.state != CHALLENGED:
        return True
    return (ticket.digest, tracker_of(ticket.envelope).hex()) in yardstick.proved


def _bound(
    proofs: Iterable[ChallengeProof], commitments: Collection[str]
) -> Iterable[ChallengeProof]:
    return (proof for proof in proofs if proof.commitment in commitments)


def _digest(code: str, pepper: bytes, survey_id: int) -> bytes:
    return digest_of(code, pepper=pepper, survey_id=survey_id)
