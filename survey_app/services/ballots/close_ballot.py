"""Close a secret ballot: no ballot is added any more, and the counts are fixed."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from survey_app.domain.ballots.closing import (
    BatchCounts,
    SignedClosing,
    closing_of,
)
from survey_app.domain.ballots.manifest import Manifest, ManifestBatch
from survey_app.domain.ballots.reconciliation import (
    Reconciliation,
    WhyVoid,
    why_void,
)
from survey_app.domain.refusals import (
    BoxNotReady,
    NotFound,
    SurveyClosed,
    SurveyNotYetOpen,
)
from survey_app.models.ballots import box as box_state
from survey_app.models.ballots.box import Batch
from survey_app.models.ballots.ticket import CHALLENGED, USED, VOID, Tracker
from survey_app.models.survey import CLOSED, DRAFT
from survey_app.sealing.signatures import sign
from survey_app.services.ballots.checked_tickets import (
    Yardstick,
    found_in,
    states_of,
    tickets_of,
)
from survey_app.services.ballots.closed_box import (
    closed_counts,
    content_of,
    server_key,
)
from survey_app.services.ballots.kept_box import (
    EVERY,
    ISSUED,
    VOIDED,
    batches_of,
    kept_box,
    locked_box,
    locked_secret,
    manifest_in,
)
from survey_app.services.draft import locked_survey

FOUND: dict[str | None, WhyVoid] = {str(reason): reason for reason in WhyVoid}


def close_ballot(
    session: Session,
    ballots: Engine,
    survey_id: int,
    *,
    signed: Mapping[str, int],
    secrets_folder: Path,
) -> dict[str, Reconciliation]:
    """Return batch id → its reconciliation; the box stays closed for good.

    `signed` says for every issued batch how many signatures are on its paper list.
    Ballots being kept are waited for: whatever was acknowledged is inside. A batch that
    does not add up is void, and so is one in which somebody changed a ballot or set
    one aside unproved. What is fixed is signed in the same step. First the box closes,
    then the survey; where it stopped between the two, calling it again goes on, and
    `signed` stays as it was given first. Raises SurveyNotYetOpen, SurveyClosed,
    BoxNotReady while its opening is unfinished, NotFound for an unknown survey and for
    batches left out or unknown, ExportRefused where a posted batch is gone from the
    database, SecretsMissing, or WrongMode.
    """
    survey = locked_secret(session, survey_id)
    state = survey.state
    session.rollback()
    if state == DRAFT:
        raise SurveyNotYetOpen
    if state == CLOSED:
        raise SurveyClosed
    with kept_box(ballots) as box_session:
        box = locked_box(box_session, survey_id)
        if box.state == box_state.OPEN:
            manifest = manifest_in(box)
            key = server_key(secrets_folder, manifest)
            _count(box_session, manifest, signed, secrets_folder)
            box.closing = _fixed(box_session, manifest, key).to_json()
            box.state = box_state.CLOSED
        if box.state == box_state.ISSUING:
            raise BoxNotReady
    locked_survey(session, survey_id).state = CLOSED
    session.commit()
    return reconciliations(ballots, survey_id)


def reconciliations(ballots: Engine, survey_id: int) -> dict[str, Reconciliation]:
    """Return batch id → the reconciliation of every batch that was counted."""
    with Session(ballots) as box_session:
        batches = batches_of(box_session, survey_id, states=EVERY)
    counted = (_reconciliation(batch) for batch in batches)
    return dict(one for one in counted if one is not None)


def _reconciliation(batch: Batch) -> tuple[str, Reconciliation] | None:
    """Return the batch as it was counted; None where it never was."""
    if batch.signed is None or batch.used is None:
        return None
    counts = _counts(batch)
    return batch.id, Reconciliation(
        eligible=counts.eligible,
        issued=counts.issued,
        signed=counts.signed,
        used=counts.used,
        voided=counts.voided,
        challenged=counts.challenged,
        void=why_void(counts, FOUND.get(batch.void_because) if counts.void else None),
    )


def _count(
    box_session: Session,
    manifest: Manifest,
    signed: Mapping[str, int],
    secrets_folder: Path,
) -> None:
    """Fix the counts of every batch; one that does not add up is void from now on."""
    posted = {batch.batch_id: batch for batch in manifest.batches}
    if posted.keys() != signed.keys():
        raise NotFound
    yardstick = Yardstick.of(secrets_folder, manifest)
    for batch in batches_of(box_session, manifest.survey_id, states=EVERY):
        if batch.id in posted or batch.state == ISSUED:
            batch.signed = signed.get(batch.id, 0)
            _count_batch(box_session, batch, posted.get(batch.id), yardstick)


def _count_batch(
    box_session: Session,
    batch: Batch,
    posted: ManifestBatch | None,
    yardstick: Yardstick,
) -> None:
    tickets = tickets_of(box_session, batch)
    states = states_of(tickets)
    batch.used, batch.voided = states[USED], states[VOID]
    batch.challenged = states[CHALLENGED]
    found = found_in(tickets, batch, posted, yardstick)
    if why_void(_counts(batch), found) is not None:
        batch.state, batch.void_because = VOIDED, found


def _counts(batch: Batch) -> BatchCounts:
    return BatchCounts(
        batch_id=batch.id,
        eligible=batch.eligible,
        issued=batch.issued,
        signed=batch.signed or 0,
        used=batch.used or 0,
        voided=batch.voided or 0,
        challenged=batch.challenged or 0,
        void=batch.state == VOIDED,
    )


def _fixed(box_session: Session, manifest: Manifest, key: bytes) -> SignedClosing:
    """Return what is in the box, signed; keep its trackers."""
    counts = closed_counts(box_session, manifest)
    content = content_of(box_session, counts)
    _keep_trackers(box_session, manifest.survey_id, content.trackers)
    closing = closing_of(manifest, counts, content)
    return SignedClosing(closing, sign(key, closing.signed_message).hex())


def _keep_trackers(
    box_session: Session, survey_id: int, trackers: Sequence[bytes]
) -> None:
    """Insert the trackers in their own order, which is nobody's order of arrival."""
    rows = [{"survey_id": survey_id, "tracker": one} for one in trackers]
    if rows:
        box_session.execute(insert(Tracker), rows)
