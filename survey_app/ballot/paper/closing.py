"""The closing: what lay in the box when it closed, signed at once and posted.

Between the closing and the opening nobody can change a count or an envelope unnoticed:
the server signs, in the transaction that fixes them, the counts of every batch and
roots over everything that will be opened. It is posted as canonical JSON
{"closing": …, "signature": hex}, like the manifest.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

from survey_app.ballot.paper.manifest import Manifest
from survey_app.ballot.paper.merkle import merkle_root
from survey_app.ballot.paper.ticket import tracker_of
from survey_app.domain.ground.canonical import canonical
from survey_app.domain.ground.frozen_text import CLOSING, FrozenText, parts_of


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """What became of the tickets of one batch; fixed when the box closed."""

    batch_id: str
    eligible: int
    """People who belong to the group."""
    issued: int
    signed: int
    """Signatures on the paper list."""
    used: int
    voided: int
    challenged: int
    void: bool
    """Whether the batch was declared void."""

    @property
    def adds_up(self) -> bool:
        """Whether the batch counts: not void, and nothing more than there can be."""
        accounted = self.used + self.voided + self.challenged
        return (
            not self.void
            and accounted <= self.issued
            and self.used <= self.signed <= self.eligible
        )


@dataclass(frozen=True, slots=True, order=True)
class Sealed:
    """One envelope and the batch it was cast in."""

    envelope: bytes
    batch_id: str

    @property
    def leaf(self) -> bytes:
        """The leaf (32 bytes): SHA-256 of b"sealed", 0, batch, 0 and the envelope.

        No tracker gives it away, so that the posted roots do not tell in which batch
        a tracker was cast.
        """
        place = b"sealed\0" + self.batch_id.encode() + b"\0"
        return hashlib.sha256(place + self.envelope).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What lies in a closed box: the envelopes of all batches that count."""

    envelopes: tuple[Sealed, ...]
    """Answers, sorted."""
    comments: tuple[Sealed, ...]
    """Comments, sorted on their own; every ballot has one, written or empty."""
    challenged: tuple[Sealed, ...]
    """Answers on tickets that auditors challenged, sorted."""

    @property
    def trackers(self) -> tuple[bytes, ...]:
        """Return the tracker of every envelope, sorted."""
        cast = (*self.envelopes, *self.challenged)
        return tuple(sorted({tracker_of(sealed.envelope) for sealed in cast}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing(FrozenText):
    """All that nobody can change any more once the box is closed."""

    KIND: ClassVar = CLOSING

    survey_id: int
    manifest: str
    """Fingerprint of the opening manifest, in hex."""
    batches: tuple[BatchCounts, ...]
    """Those of the manifest, in the order of their ids."""
    root_in: str
    """Merkle root over the trackers of all envelopes of batches that count, in hex."""
    envelopes_in: str
    """Merkle root over the used envelopes of these batches; see `Sealed.leaf`."""
    challenged_in: str
    """The same over the challenged ones."""
    comments_in: str
    """The same over the comments beside the used ones."""

    @property
    def signed_message(self) -> bytes:
        """Return what the server signs: b"closing", 0 and the canonical text."""
        return b"closing\0" + self.to_json().encode()

    @property
    def challenged(self) -> int:
        """Challenge ballots that wait to be compared with the auditors' notes."""
        return sum(batch.challenged for batch in self.batches if batch.adds_up)


@dataclass(frozen=True, slots=True)
class SignedClosing:
    """A closing with the server's signature, as posted and kept."""

    closing: Closing
    signature: str
    """The server's, in hex."""

    @property
    def content(self) -> dict[str, object]:
        """Return the paper as plain mappings."""
        return {
            "closing": json.loads(self.closing.to_json()),
            "signature": self.signature,
        }

    def to_json(self) -> str:
        """Return the paper's canonical text."""
        return canonical(self.content)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the signed closing whose text this is; raises TextRefused."""
        closing, signature = parts_of(text, CLOSING.name, "closing", "signature")
        return cls(Closing.from_json(canonical(closing)), str(signature))


def closing_of(
    manifest: Manifest, batches: Iterable[BatchCounts], content: Content
) -> Closing:
    """Return what is signed about a box with these counts and this content.

    Made again at the opening, it is the same or somebody changed the box.
    """
    return Closing(
        survey_id=manifest.survey_id,
        manifest=manifest.fingerprint,
        batches=tuple(sorted(batches, key=lambda batch: batch.batch_id)),
        root_in=merkle_root(content.trackers).hex(),
        envelopes_in=_root_over(content.envelopes),
        challenged_in=_root_over(content.challenged),
        comments_in=_root_over(content.comments),
    )


def _root_over(envelopes: Iterable[Sealed]) -> str:
    return merkle_root(sealed.leaf for sealed in envelopes).hex()


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
