"""Export a closed box for its key holders: envelopes, counts, and no ticket."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.domain.ballots.closing import closing_of
from survey_app.domain.ballots.export import Export
from survey_app.domain.ballots.manifest import Manifest, read_posted
from survey_app.domain.refusals import BoxNotReady, ExportRefused
from survey_app.models.ballots.box import CLOSED, BallotBox
from survey_app.sealing.challenge_file import proofs_in
from survey_app.sealing.export_checks import check_export
from survey_app.sealing.signatures import sign
from survey_app.services.ballots.closed_box import (
    closed_counts,
    closing_in,
    content_of,
    names_of,
    posted_trackers,
    questions_of,
    server_key,
)


def export_ballots(
    session: Session, ballots: Engine, survey_id: int, *, secrets_folder: Path
) -> Export:
    """Return the export of this survey's box; nothing is written anywhere.

    The envelopes of void batches stay in the database and shut, until they are deleted.
    Raises BoxNotReady unless the box is closed and not yet opened, SecretsMissing,
    NotFound, and ExportRefused where rows, counts, comments or trackers are not those
    that were signed at the closing, or where a ballot was set aside that no auditor
    challenged: somebody changed the database.
    """
    questionnaire_json = questions_of(session, survey_id)
    names = names_of(session, survey_id)
    with Session(ballots) as boxes:
        box = boxes.get(BallotBox, survey_id)
        if box is None or box.state != CLOSED:
            raise BoxNotReady
        manifest_json, signature = read_posted(box.manifest)
        manifest, closed = Manifest.from_json(manifest_json), closing_in(box)
        counts = closed_counts(boxes, manifest)
        content = content_of(boxes, counts)
        trackers = posted_trackers(boxes, survey_id)
    key = server_key(secrets_folder, manifest)
    as_it_closed = closing_of(manifest, counts, content) == closed.closing
    if not as_it_closed or content.trackers != trackers:
        raise ExportRefused("the box was changed after it closed")
    unsigned = Export(
        manifest_json=manifest_json,
        manifest_signature=signature,
        questionnaire_json=questionnaire_json,
        names=names,
        posted_closing=closed,
        envelopes=content.envelopes,
        comments=content.comments,
        challenged=content.challenged,
        proofs=proofs_in(secrets_folder, survey_id),
    )
    export = replace(unsigned, signature=sign(key, unsigned.signed_message).hex())
    check_export(export)
    return export
