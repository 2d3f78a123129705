"""The closing: what lay in the box when it closed, signed at once and posted.

Between the closing and the opening nobody can change a count or an envelope unnoticed:
the server signs, in the transaction that fixes them, the counts of every batch and
roots over everything that will be opened. It is posted as canonical JSON
{"closing": …, "signature": hex}, like the manifest.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar, Self

from survey_app.ballot.paper.manifest import Manifest
from survey_app.ballot.paper.merkle import merkle_root
from survey_app.ballot.paper.ticket import tracker_of
from survey_app.domain.counting.batch_counts import BatchCounts
from survey_app.domain.ground.canonical import canonical
from survey_app.domain.ground.frozen_text import CLOSING, FrozenText, parts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedBatch(BatchCounts):
    """What became of the tickets of one batch; fixed when the box closed."""

    batch_id: str

    spoiled: int = field(default=0, init=False)
    invalid: int = field(default=0, init=False)
    """Nobody knows yet; what closes a box says nothing of it."""


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
    batches: tuple[ClosedBatch, ...]
    """Those of the manifest, in the order of their ids."""
    root_in: str
    """Merkle root over the trackers of all envelopes of batches that count, in hex."""
    envelopes_in: str
    """Merkle root over the used envelopes of these batches; see `Sealed.leaf`."""
    challenged_in: str
    """The same over the challenged ones."""
    comments_in: str
    """The same over the comments beside the used ones."""
    taken_out: tuple[int, ...] = ()
    """Of the subjects of the manifest, who was taken out while the box stood open: what
    ballots hold about them is posted for nobody. In early ones nobody could be."""

    @property
    def signed_message(self) -> bytes:
        """Return what the server signs: b"closing", 0 and the canonical text."""
        return b"closing\0" + self.to_json().encode()

    @property
    def challenged(self) -> int:
        """Challenge ballots that wait to be compared with the auditors' notes."""
        return sum(batch.challenged for batch in self.batches if batch.is_counted)


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
    manifest: Manifest,
    batches: Iterable[ClosedBatch],
    content: Content,
    taken_out: Iterable[int] = (),
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
        taken_out=tuple(sorted(taken_out)),
    )


def _root_over(envelopes: Iterable[Sealed]) -> str:
    return merkle_root(sealed.leaf for sealed in envelopes).hex()
