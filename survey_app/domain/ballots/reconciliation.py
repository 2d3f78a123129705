"""Whether the tickets of a batch add up, and what follows where they do not."""

from dataclasses import dataclass
from enum import StrEnum


class WhyVoid(StrEnum):
    """Why none of a batch's ballots is opened."""

    MORE_USED_THAN_ISSUED = "more-used-than-issued"
    MORE_USED_THAN_SIGNED = "more-used-than-signed"
    MORE_SIGNED_THAN_ELIGIBLE = "more-signed-than-eligible"
    """Somebody signed twice, or who does not belong to the group."""
    TICKETS_CHANGED = "tickets-changed"
    """They are not the tickets whose Merkle root was posted at the opening."""


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


def why_void(
    *, eligible: int, issued: int, signed: int, used: int, tickets_as_posted: bool
) -> WhyVoid | None:
    """Return why a batch is void, or None where it adds up.

    A batch that adds up has used ≤ signed ≤ eligible, and used ≤ issued. Challenged
    ballots were cast with spares that auditors hold, not people on the list, so that
    they are not among the used.
    """
    if used > issued:
        return WhyVoid.MORE_USED_THAN_ISSUED
    if used > signed:
        return WhyVoid.MORE_USED_THAN_SIGNED
    if signed > eligible:
        return WhyVoid.MORE_SIGNED_THAN_ELIGIBLE
    return None if tickets_as_posted else WhyVoid.TICKETS_CHANGED
