"""Export a closed box for its key holders: envelopes, counts, and no ticket."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey_app.domain.ballots.export import Export, Sealed
from survey_app.domain.ballots.manifest import Manifest, read_posted
from survey_app.domain.refusals import BoxNotReady, ExportRefused
from survey_app.models.ballots.box import CLOSED, BallotBox
from survey_app.models.ballots.ticket import CHALLENGED, USED, Ticket
from survey_app.sealing.challenge_file import proofs_in
from survey_app.sealing.export_checks import check_export
from survey_app.sealing.secrets_folder import read_secrets
from survey_app.sealing.signatures import sign
from survey_app.services.ballots.closed_box import (
    closed_counts,
    posted_trackers,
    questions_of,
)


def export_ballots(
    session: Session, ballots: Engine, survey_id: int, *, secrets_folder: Path
) -> Export:
    """Return the export of this survey's box; nothing is written anywhere.

    The envelopes of void batches stay in the database and shut, until they are deleted.
    Raises BoxNotReady unless the box is closed and not yet opened, SecretsMissing,
    NotFound, and ExportRefused where the rows are not those that were counted and
    posted: somebody changed the database after the closing, or set a ballot aside that
    no auditor challenged.
    """
    questionnaire_json = questions_of(session, survey_id)
    with Session(ballots) as boxes:
        box = boxes.get(BallotBox, survey_id)
        if box is None or box.state != CLOSED:
            raise BoxNotReady
        manifest_json, signature = read_posted(box.manifest)
        counts = closed_counts(boxes, Manifest.from_json(manifest_json))
        sound = [batch.batch_id for batch in counts if batch.adds_up]
        unsigned = Export(
            manifest_json=manifest_json,
            manifest_signature=signature,
            questionnaire_json=questionnaire_json,
            batches=counts,
            envelopes=_sorted(boxes, sound, Ticket.envelope, USED),
            comments=_sorted(boxes, sound, Ticket.comment, USED),
            challenged=_sorted(boxes, sound, Ticket.envelope, CHALLENGED),
            proofs=proofs_in(secrets_folder, survey_id),
        )
        posted = posted_trackers(boxes, survey_id)
    key = read_secrets(secrets_folder, survey_id).signing_key
    export = replace(unsigned, signature=sign(key, unsigned.signed_message).hex())
    check_export(export)
    if export.trackers != posted:
        raise ExportRefused("the box was changed after it closed")
    return export


def _sorted(
    boxes: Session,
    batches: Sequence[str],
    column: InstrumentedAttribute[bytes],
    state: int,
) -> tuple[Sealed, ...]:
    """Return the envelopes of one kind from these batches, sorted by themselves.

    Comments are sorted apart from the answers, and so forget whose they were.
    """
    rows = boxes.execute(
        select(column, Ticket.batch_id).where(
            Ticket.batch_id.in_(batches), Ticket.state == state
        )
    )
    return tuple(sorted(Sealed(envelope, batch) for envelope, batch in rows))
