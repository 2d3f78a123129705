"""The opening manifest: what is fixed, signed and posted before the first ballot.

It is posted as canonical JSON {"manifest": …, "signature": hex}. The server signs
b"manifest", 0 and the manifest's own canonical text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from survey_app.domain.counting.merged_groups import Merged, counted_together
from survey_app.domain.ground.canonical import by_number, canonical
from survey_app.domain.ground.frozen_text import (
    MANIFEST,
    BrokenText,
    FrozenText,
    parts_of,
)
from survey_app.domain.ground.plain import ALWAYS
from survey_app.domain.questionnaire.ballot_rules import BallotRule
from survey_app.domain.scheme.floors import PUBLIC_FLOOR, SHROUD

SEALED_ON_SERVER = "sealed-on-server"
SEALED_ON_DEVICE = "sealed-on-device-or-server"
"""On the device where its browser can; nothing tells afterwards which it was."""
MINIMUM_ELIGIBLE = 8
"""People; a smaller group is merged before the survey opens, or does not open."""


@dataclass(frozen=True, slots=True)
class ManifestBatch:
    """The tickets of one unit and rater group: counts and a root, no ticket."""

    batch_id: str
    unit: int
    rater_group: str
    """As printed on its slips; `Manifest.merged` says what it is counted in."""
    eligible: int
    issued: int
    tickets_root: str
    """Merkle root over the digests of its tickets, in hex."""
    requested_by: str = ""
    """The account that asked for it; "" where an earlier program posted it."""
    issued_by: str = ""
    """The other account, which issued and printed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(FrozenText):
    """All that nobody can change any more once the survey is open."""

    KIND: ClassVar = MANIFEST

    survey_id: int
    title: str
    questionnaire_fingerprint: str
    scheme_fingerprint: str
    plan_fingerprint: str
    small_groups: str
    """"merge" or "withhold": what happens to groups with too few valid ballots."""
    groups: tuple[str, ...]
    """The rater groups in the scheme's order, along which they merge."""
    merged: Merged
    """Unit → group → the group it is counted in, because too few are eligible."""
    batches: tuple[ManifestBatch, ...]
    subjects: Mapping[int, tuple[int, ...]]
    """Unit → the subjects on its ballots."""
    key_holders: tuple[tuple[str, str], ...]
    """(name, public key as canonical JSON); the first seals first."""
    signing_key: str
    """The server's public Ed25519 key for this survey, in hex."""
    opens_on: date
    closes_on: date
    floor: int
    """Ballots; the smallest group that is shown to the office."""
    comment_floor: int
    """Texts, and ballots; comments on fewer stay closed."""
    minimum_eligible: int = field(default=MINIMUM_ELIGIBLE, metadata=ALWAYS)
    public_floor: int = field(default=PUBLIC_FLOOR, metadata=ALWAYS)
    """Ballots; the smallest group whose exact counts are posted for a recount."""
    shroud: int = field(default=SHROUD, metadata=ALWAYS)
    dissatisfied: tuple[str, ...] = field(default=(), metadata=ALWAYS)
    """The choices that count as dissatisfied by the scheme's rules."""
    level: str = field(default=SEALED_ON_SERVER, metadata=ALWAYS)
    commitments: tuple[str, ...] = field(default=(), metadata=ALWAYS)
    """Of auditors, to the slips that they will challenge; in hex."""
    public_answers: bool = False
    """Whether everybody may read what was said about named persons, for a recount.
    Where a manifest says nothing of it, nobody was promised that they may."""
    ballot_rules: tuple[BallotRule, ...] = ()
    """What every ballot must obey; one that does not is invalid. None in early ones:
    nobody was told any."""
    keys_page: str = ""
    """SHA-256, in hex, of the page on which keys were made and boxes are decrypted.
    Empty in early ones: there was no such page."""
    sealing_script: str = ""
    """SHA-256, in hex, of the script that seals ballots on the device. Empty in early
    ones: the server sealed them all."""

    def drawn_by(self, batch: ManifestBatch) -> tuple[str, ...]:
        """Return the groups whose people draw from this batch, in scheme order."""
        into = self.merged.get(batch.unit, {})
        return counted_together(batch.rater_group, self.groups, into)

    @property
    def in_order(self) -> tuple[ManifestBatch, ...]:
        """The batches by unit, then in the scheme's order of rater groups."""
        place = {group: number for number, group in enumerate(self.groups)}
        return tuple(sorted(self.batches, key=lambda b: (b.unit, place[b.rater_group])))

    def group_of(self, batch: ManifestBatch) -> str:
        """Return the group whose eligible the batch's people were merged with."""
        merged = self.merged.get(batch.unit, {})
        return merged.get(batch.rater_group, batch.rater_group)


def posted(manifest_json: str, signature: str) -> str:
    """Return the paper that is posted and kept: the manifest and its signature."""
    return canonical({"manifest": json.loads(manifest_json), "signature": signature})


def posted_merges(paper: str) -> Merged:
    """Return what a posted manifest says of merged groups, and read no more of it.

    Raises TextRefused.
    """
    manifest, _ = parts_of(paper, MANIFEST.name, "manifest", "signature")
    merged = MANIFEST.newest_of(manifest).get("merged")
    if not isinstance(merged, dict):
        raise BrokenText(MANIFEST.name)
    return by_number(merged)


def read_posted(paper: str) -> tuple[str, str]:
    """Return the manifest's canonical text and the signature; raises TextRefused."""
    manifest, signature = parts_of(paper, MANIFEST.name, "manifest", "signature")
    return canonical(manifest), str(signature)
