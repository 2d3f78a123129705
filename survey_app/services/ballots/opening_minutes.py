"""What goes on paper after an opening, for both holders to sign."""

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.domain.ballots.head import CountedBatch, SignedHead
from survey_app.domain.refusals import BoxNotReady
from survey_app.models.ballots.box import DONE, SCRUBBED, BallotBox
from survey_app.sealing.export_checks import holders_of
from survey_app.services.ballots.kept_box import manifest_in


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningMinutes:
    """The minute of one opening: counts, roots, and what was destroyed."""

    survey_id: int
    title: str
    manifest: str
    """Fingerprints of manifest and head, and both Merkle roots, in hex."""
    head: str
    root_in: str
    root_out: str
    batches: tuple[CountedBatch, ...]
    challenges: int
    comments: int
    fragments: int
    key_holders: tuple[tuple[str, str], ...]
    """(name, fingerprint of the public key): whose key files are to be destroyed."""
    envelopes_deleted: bool
    secrets_destroyed: bool
    """Pepper and signing key of the server."""


def opening_minutes(ballots: Engine, survey_id: int) -> OpeningMinutes:
    """Return the minute of this survey's opening; BoxNotReady before there was one."""
    box = _opened_box(ballots, survey_id)
    head = SignedHead.from_json(box.head).head
    return OpeningMinutes(
        survey_id=survey_id,
        title=head.title,
        manifest=head.manifest,
        head=head.fingerprint,
        root_in=head.root_in,
        root_out=head.root_out,
        batches=head.batches,
        challenges=len(head.challenges),
        comments=head.comments,
        fragments=head.fragments,
        key_holders=tuple(
            (name, key.fingerprint) for name, key in holders_of(manifest_in(box))
        ),
        envelopes_deleted=box.state in (SCRUBBED, DONE),
        secrets_destroyed=box.state == DONE,
    )


def signed_head(ballots: Engine, survey_id: int) -> SignedHead:
    """Return the head as it is posted; BoxNotReady before there was an opening."""
    return SignedHead.from_json(_opened_box(ballots, survey_id).head)


def _opened_box(ballots: Engine, survey_id: int) -> BallotBox:
    with Session(ballots) as boxes:
        box = boxes.get(BallotBox, survey_id)
    if box is None or not box.head:
        raise BoxNotReady
    return box
