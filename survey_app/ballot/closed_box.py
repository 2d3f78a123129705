"""What a closed box has fixed: its questions, counts, envelopes and trackers."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.ballot.paper.closing import ClosedBatch, Content, Sealed, SignedClosing
from survey_app.ballot.paper.manifest import Manifest, ManifestBatch
from survey_app.ballot.sealing.secrets_folder import SurveySecrets, read_secrets
from survey_app.ballot.sealing.signatures import public_of
from survey_app.ballot.tables import BallotBox, Batch
from survey_app.ballot.tickets import CHALLENGED, USED, Ticket, Tracker
from survey_app.domain.ground.frozen_text import BrokenText
from survey_app.domain.ground.refusals import (
    BoxNotReady,
    ExportRefused,
    NotFound,
    SecretsMissing,
)
from survey_app.survey.rated import rated_of
from survey_app.survey.tables import Survey
from survey_app.survey.take_out import taken_out_of

LEADING_BODY = "领导班子"


def questions_of(session: Session, survey_id: int) -> str:
    """Return the survey's questionnaire as JSON and let go of the main database.

    An opening takes long, and nobody has to wait for it. Raises NotFound.
    """
    wanted = select(Survey.questionnaire).where(Survey.id == survey_id)
    text = session.scalar(wanted)
    session.rollback()
    if text is None:
        raise NotFound
    return text


def names_of(session: Session, survey_id: int) -> dict[int, str]:
    """Return subject → name with post, and let go of the main database too.

    Whoever was taken out stands on ballots that were cast before.
    """
    rated = rated_of(session, survey_id)
    gone = {one.subject_id: one.name for one in taken_out_of(session, [survey_id])}
    session.rollback()
    return gone | {
        one.id: f"{one.name} {one.title if one.cadre else LEADING_BODY}".strip()
        for one in rated
    }


def closed_counts(boxes: Session, manifest: Manifest) -> tuple[ClosedBatch, ...]:
    """Return the counts of every batch of the manifest, in the order of their ids.

    People and tickets are those that were posted: where the row says otherwise the
    batch is void. Raises ExportRefused where a batch is gone.
    """
    return counts_of(manifest, lambda batch_id: boxes.get(Batch, batch_id))


def counts_of(
    manifest: Manifest, batch_of: Callable[[str], Batch | None]
) -> tuple[ClosedBatch, ...]:
    """Return the same from batches that were read before; raises ExportRefused."""
    kept = {
        posted: batch_of(posted.batch_id)
        for posted in sorted(manifest.batches, key=lambda one: one.batch_id)
    }
    found = {posted: batch for posted, batch in kept.items() if batch is not None}
    if len(found) < len(kept):
        raise ExportRefused("a batch of the manifest is gone")
    return tuple(closed_batch(batch, posted) for posted, batch in found.items())


def closed_batch(batch: Batch, posted: ManifestBatch) -> ClosedBatch:
    """Return what is signed of a batch: its counts, people and tickets as posted."""
    told = {"eligible": posted.eligible, "issued": posted.issued}
    counts = batch.counts
    return ClosedBatch(batch_id=batch.id, **counts.slips | told, void=counts.void)


def content_of(boxes: Session, counts: Sequence[ClosedBatch]) -> Content:
    """Return the envelopes of the batches that count; those of void ones stay out.

    Comments are sorted apart from the answers, and so forget whose they were.
    """
    batches = [batch.batch_id for batch in counts]
    lying = select(Ticket).where(Ticket.batch_id.in_(batches))
    return content_in(boxes.scalars(lying), counts)


def content_in(tickets: Iterable[Ticket], counts: Sequence[ClosedBatch]) -> Content:
    """Return the same from tickets that were read before."""
    sound = {batch.batch_id for batch in counts if batch.is_counted}
    lying = [ticket for ticket in tickets if ticket.batch_id in sound]
    used = [one for one in lying if one.state == USED]
    challenged = [one for one in lying if one.state == CHALLENGED]
    return Content(
        envelopes=tuple(sorted(Sealed(one.envelope, one.batch_id) for one in used)),
        comments=tuple(sorted(Sealed(one.comment, one.batch_id) for one in used)),
        challenged=tuple(
            sorted(Sealed(one.envelope, one.batch_id) for one in challenged)
        ),
    )


def closing_in(box: BallotBox) -> SignedClosing:
    """Return what was signed when the box closed; BoxNotReady before that.

    Raises ExportRefused where what is kept is no closing: somebody wrote over it; and
    NewerFormat where a later program closed the box.
    """
    if not box.closing:
        raise BoxNotReady
    try:
        return SignedClosing.from_json(box.closing)
    except BrokenText:
        raise ExportRefused("the closing was written over") from None


def posted_trackers(boxes: Session, survey_id: int) -> tuple[bytes, ...]:
    """Return the trackers (32 bytes) of all envelopes in the box, sorted."""
    wanted = select(Tracker.tracker).where(Tracker.survey_id == survey_id)
    return tuple(sorted(boxes.scalars(wanted)))


def server_key(folder: Path, manifest: Manifest) -> bytes:
    """Return the private key (32 bytes) that signed this manifest.

    Raises SecretsMissing where it is not in the folder, or another one is.
    """
    return secrets_of(folder, manifest).signing_key


def secrets_of(folder: Path, manifest: Manifest) -> SurveySecrets:
    """Return the secrets this manifest was signed with.

    Raises SecretsMissing where they are not in the folder, or others are.
    """
    kept = read_secrets(folder, manifest.survey_id)
    if public_of(kept.signing_key).hex() != manifest.signing_key:
        raise SecretsMissing
    return kept
