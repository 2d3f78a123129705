"""What became of the slips of a batch: one record, from closing a box to the last page.

issued = used + voided + challenged + outstanding. Whoever says of which batch, unit or
group these counts are adds that to the record: the closing, the head, a table, a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from survey_app.domain.counting.tally import Turnout
from survey_app.domain.ground.marked import message
from survey_app.domain.ground.plain import ALWAYS

SLIPS = ("eligible", "issued", "signed", "used", "voided", "challenged")
"""What is known of a batch once its box is closed."""
NUMBERS = (*SLIPS, "spoiled", "invalid")
NAMES = {
    "eligible": message("Eligible"),
    "issued": message("Issued"),
    "signed": message("Signed for"),
    "used": message("Used"),
    "voided": message("Voided"),
    "challenged": message("Challenged"),
    "outstanding": message("Outstanding"),
    "spoiled": message("Spoiled"),
    "invalid": message("Invalid (against a rule)"),
}
"""What each number is called at the head of its column, wherever it is shown."""


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
class BatchCounts:
    """The counts of one batch, or of several whose ballots were counted together."""

    eligible: int
    """People who belong to the group."""
    issued: int
    """Slips that were printed."""
    signed: int
    """Signatures on the paper list."""
    used: int
    """Ballots that were cast."""
    voided: int
    challenged: int
    spoiled: int = 0
    """Used slips whose envelope held no ballot of the batch; 0 before the opening, and
    where void."""
    invalid: int = 0
    """Used slips whose ballot breaks a rule of the manifest; 0 like the spoiled."""
    void: bool = field(default=False, metadata=ALWAYS)
    """Whether it did not add up or was declared so: none of its ballots is opened."""

    @property
    def slips(self) -> dict[str, int]:
        """What is known once the box is closed, by name."""
        return {name: getattr(self, name) for name in SLIPS}

    @property
    def outstanding(self) -> int:
        """Slips that nobody used, voided or challenged."""
        return self.issued - self.used - self.voided - self.challenged

    @property
    def valid(self) -> int:
        """Ballots that are counted."""
        return 0 if self.void else self.used - self.spoiled - self.invalid

    @property
    def share_used(self) -> Fraction | None:
        """Ballots cast, of those who belong to the group; None where nobody does."""
        return Fraction(self.used, self.eligible) if self.eligible else None

    @property
    def fault(self) -> WhyVoid | None:
        """What the counts themselves show: more of something than there can be.

        A batch has used ≤ signed ≤ eligible, and no more slips used, voided and
        challenged than issued. Challenged ballots were cast with spares that auditors
        hold, not people on the list, so that they are not among the used.
        """
        if self.outstanding < 0:
            return WhyVoid.MORE_USED_THAN_ISSUED
        if self.used > self.signed:
            return WhyVoid.MORE_USED_THAN_SIGNED
        if self.signed > self.eligible:
            return WhyVoid.MORE_SIGNED_THAN_ELIGIBLE
        return None

    @property
    def adds_up(self) -> bool:
        """Whether there is no more of anything than there can be."""
        lost = self.spoiled + self.invalid
        possible = min(self.spoiled, self.invalid) >= 0 and lost <= self.used
        return self.fault is None and possible

    @property
    def is_counted(self) -> bool:
        """Whether its ballots are opened and counted: not void, and it adds up."""
        return not self.void and self.adds_up

    @property
    def turnout(self) -> Turnout:
        """The same in the words in which shares are taken: all of it is known."""
        return Turnout(
            issued=self.issued,
            returned=self.used,
            invalid=self.spoiled + self.invalid,
            present=self.signed,
            membership=self.eligible,
        )


def together(batches: Sequence[BatchCounts]) -> BatchCounts:
    """Return the counts of batches that were counted together, or were all void."""
    sums = {name: sum(getattr(one, name) for one in batches) for name in NUMBERS}
    return BatchCounts(**sums, void=all(one.void for one in batches))


def why_void(counts: BatchCounts, found: WhyVoid | None = None) -> WhyVoid | None:
    """Return why a batch is void, or None where it adds up and nothing was found.

    What the counts show goes before what else was `found`.
    """
    declared = WhyVoid.TICKETS_CHANGED if counts.void else None
    return counts.fault or found or declared
