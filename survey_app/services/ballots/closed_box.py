"""What a closed box has fixed: its questions, counts and trackers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.ballots.export import BatchCounts
from survey_app.domain.ballots.manifest import Manifest
from survey_app.domain.refusals import ExportRefused, NotFound
from survey_app.models.ballots.box import Batch
from survey_app.models.ballots.ticket import Tracker
from survey_app.models.survey import Survey

VOID = "void"


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


def closed_counts(boxes: Session, manifest: Manifest) -> tuple[BatchCounts, ...]:
    """Return the counts of every batch of the manifest, in its order.

    Raises ExportRefused where a batch is gone.
    """
    kept = {posted.batch_id: boxes.get(Batch, posted.batch_id)
            for posted in manifest.batches}  # fmt: skip
    found = [batch for batch in kept.values() if batch is not None]
    if len(found) < len(kept):
        raise ExportRefused("a batch of the manifest is gone")
    return tuple(
        BatchCounts(
            batch_id=batch.id,
            issued=batch.issued,
            signed=batch.signed or 0,
            used=batch.used or 0,
            voided=batch.voided or 0,
            challenged=batch.challenged or 0,
            void=batch.state == VOID,
        )
        for batch in found
    )


def posted_trackers(boxes: Session, survey_id: int) -> tuple[bytes, ...]:
    """Return the trackers (32 bytes) of all envelopes in the box, sorted."""
    wanted = select(Tracker.tracker).where(Tracker.survey_id == survey_id)
    return tuple(sorted(boxes.scalars(wanted)))
