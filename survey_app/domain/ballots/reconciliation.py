"""Whether the tickets of a batch add up, and what follows where they do not."""

from dataclasses import dataclass
from enum import StrEnum

from survey_app.domain.ballots.closing import BatchCounts


class WhyVoid(StrEnum):
    """Why none of a batch's ballots is opened."""

    MORE_USED_THAN_ISSUED = "more-used-than-issued"
    """Together with those that were voided and challenged."""
    MORE_USED_THAN_SIGNED = "more-used-than-signed"
    MORE_SIGNED_THAN_ELIGIBLE = "more-signed-than-eligible"
    """Somebody signed twice, or who does not belong to the group."""
    TICKETS_CHANGED = "tickets-changed"
    """They are not the tickets whose Merkle root was posted at the opening."""
    BALLOTS_CHANGED = "ballots-changed"
    """A ticket's tag does not fit what lies in it; see `ticket_tag`."""
    CHALLENGE_NOT_PROVED = "challenge-not-proved"
    """A ballot was set aside that no auditor challenged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """The tickets of one closed batch.

    issued = used + voided + challenged + outstanding
    """

    eligible: int
    issued: int
    signed: int
    """Signatures on the paper list."""
    used: int
    voided: int
    challenged: int
    void: WhyVoid | None
    """None: the batch adds up, and its ballots are counted."""

    @property
    def outstanding(self) -> int:
        """Tickets that nobody used, voided or challenged."""
        return self.issued - self.used - self.voided - self.challenged


def why_void(counts: BatchCounts, found: WhyVoid | None = None) -> WhyVoid | None:
    """Return why a batch is void, or None where it adds up and nothing was found.

    A batch that adds up has used ≤ signed ≤ eligible, and no more tickets used, voided
    and challenged than issued. Challenged ballots were cast with spares that auditors
    hold, not people on the list, so that they are not among the used. What the counts
    show goes before what else was `found`.
    """
    if counts.used + counts.voided + counts.challenged > counts.issued:
        return WhyVoid.MORE_USED_THAN_ISSUED
    if counts.used > counts.signed:
        return WhyVoid.MORE_USED_THAN_SIGNED
    if counts.signed > counts.eligible:
        return WhyVoid.MORE_SIGNED_THAN_ELIGIBLE
    return found or (WhyVoid.TICKETS_CHANGED if counts.void else None)
