"""What shows that a ballot may be opened in public: an auditor's word from before.

A row in a table is no proof; whoever can write to the database could set anybody's
ballot aside. Code and nonce together give a commitment that stands in the manifest.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from survey_app.domain.ballots.commitment import commitment_of


@dataclass(frozen=True, slots=True, order=True)
class ChallengeProof:
    """Which envelope an auditor challenged, and what he had bound himself to."""

    tracker: str
    """Of the envelope, in hex."""
    code: str = field(repr=False)
    nonce: str = field(repr=False)

    @property
    def commitment(self) -> str:
        """The commitment that must stand in the manifest."""
        return commitment_of(self.code, self.nonce)


def are_proved(
    trackers: Iterable[str],
    proofs: Iterable[ChallengeProof],
    commitments: Collection[str],
) -> bool:
    """Return whether each envelope has a proof, and each proof a slip of its own."""
    by_tracker = {proof.tracker: proof.commitment for proof in proofs}
    used = [by_tracker.get(tracker, "") for tracker in trackers]
    return len(set(used)) == len(used) and set(used) <= set(commitments)
