"""What goes on paper after an opening, for both holders to sign."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.ballot.closed_box import closing_in
from survey_app.ballot.count_decrypted import void_batches
from survey_app.ballot.held_box import manifest_in
from survey_app.ballot.paper.head import CountedBatch, Head, SignedHead
from survey_app.ballot.paper.manifest import Manifest
from survey_app.ballot.sealing.export_checks import holders_of
from survey_app.ballot.tables import DONE, SCRUBBED, BallotBox
from survey_app.domain.ground.refusals import BoxNotReady
from survey_app.domain.questionnaire.ballot_rules import BallotRule


@dataclass(frozen=True, slots=True, kw_only=True)
class DecryptionMinutes:
    """The minute of an opening, or of a void box: counts, roots, what was destroyed."""

    survey_id: int
    title: str
    manifest: str
    """Fingerprints of manifest, closing and head, and both Merkle roots, in hex."""
    closing: str
    head: str
    """"" where nothing was opened, like the root below."""
    root_in: str
    root_out: str
    is_void: bool
    """Whether auditors found a difference, so that nothing was opened."""
    batches: tuple[tuple[CountedBatch, tuple[str, ...]], ...]
    """By unit and in the scheme's order; each with the groups that drew from it."""
    rules: tuple[tuple[BallotRule, int | None], ...]
    """What ballots had to obey, and how many broke it: none before an opening, None
    where the number is not shown."""
    challenges: int
    comments: int
    fragments: int
    public_answers: bool
    """Whether everybody may read the recount papers about persons without a key."""
    key_holders: tuple[tuple[str, str], ...]
    """(name, fingerprint of the public key): whose key files are to be destroyed."""
    envelopes_deleted: bool
    secrets_destroyed: bool
    """Pepper and signing key of the server."""
    not_rewritten: tuple[str, ...]
    """Tables whose free space may still hold what was deleted."""


def decryption_minutes(ballots: Engine, survey_id: int) -> DecryptionMinutes:
    """Return the minute of this survey's opening; BoxNotReady before there was one.

    A void box has one too, from the moment it was declared void.
    """
    box = _ended_box(ballots, survey_id)
    manifest, closing = manifest_in(box), closing_in(box).closing
    head = SignedHead.from_json(box.head).head if box.head else None
    return DecryptionMinutes(
        survey_id=survey_id,
        title=manifest.title,
        manifest=manifest.fingerprint,
        closing=closing.fingerprint,
        head=head.fingerprint if head else "",
        root_in=closing.root_in,
        root_out=head.root_out if head else "",
        is_void=box.is_void,
        batches=_drawn(manifest, head.batches if head else void_batches(box)),
        rules=_rules(manifest, head),
        challenges=len(head.challenges) if head else closing.challenged,
        comments=head.comments if head else 0,
        fragments=head.fragments if head else 0,
        public_answers=manifest.public_answers,
        key_holders=tuple(
            (name, key.fingerprint) for name, key in holders_of(manifest)
        ),
        envelopes_deleted=box.state in (SCRUBBED, DONE),
        secrets_destroyed=box.state == DONE,
        not_rewritten=tuple((box.not_rewritten or "").split()),
    )


def _drawn(
    manifest: Manifest, counted: Iterable[CountedBatch]
) -> tuple[tuple[CountedBatch, tuple[str, ...]], ...]:
    by_id = {batch.batch_id: batch for batch in counted}
    return tuple(
        (by_id[batch.batch_id], manifest.drawn_by(batch))
        for batch in manifest.in_order
        if batch.batch_id in by_id
    )


def _rules(
    manifest: Manifest, head: Head | None
) -> tuple[tuple[BallotRule, int | None], ...]:
    """Return the rules of the manifest, with how many ballots broke each."""
    broken: Iterable[int | None] = (head.broken if head else ()) or repeat(0)
    if head and not _may_name_rules(head, manifest):
        broken = repeat(None)
    return tuple(zip(manifest.ballot_rules, broken, strict=False))


def _may_name_rules(head: Head, manifest: Manifest) -> bool:
    """Return whether the office may read how many ballots broke which rule.

    Not of a box with fewer ballots than the floor, and not where all but fewer than
    the shroud of a batch are invalid: the rule would tell what everybody did.
    """
    opened = [batch for batch in head.batches if not batch.void]
    return sum(batch.used for batch in opened) >= manifest.floor and all(
        batch.invalid <= max(0, batch.used - manifest.shroud) for batch in opened
    )


def signed_head(ballots: Engine, survey_id: int) -> SignedHead:
    """Return the head as it is posted; BoxNotReady before there was an opening."""
    box = _ended_box(ballots, survey_id)
    if not box.head:
        raise BoxNotReady
    return SignedHead.from_json(box.head)


def _ended_box(ballots: Engine, survey_id: int) -> BallotBox:
    with Session(ballots) as boxes:
        box = boxes.get(BallotBox, survey_id)
    if box is None or not (box.head or box.is_void):
        raise BoxNotReady
    return box
