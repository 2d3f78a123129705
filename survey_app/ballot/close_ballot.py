"""Close a secret ballot: no ballot is added any more, and the counts are fixed."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from survey_app.ballot import tables as box_state
from survey_app.ballot.checked_tickets import Yardstick, found_in, states_of, tickets_of
from survey_app.ballot.closed_box import content_in, counts_of, server_key
from survey_app.ballot.held_box import (
    EVERY,
    ISSUED,
    VOIDED,
    batches_of,
    kept_box,
    locked_box,
    locked_secret,
    manifest_in,
)
from survey_app.ballot.paper.closing import SignedClosing, closing_of
from survey_app.ballot.paper.manifest import Manifest, ManifestBatch
from survey_app.ballot.sealing.signatures import sign
from survey_app.ballot.tables import BallotBox, Batch
from survey_app.ballot.tickets import CHALLENGED, USED, VOID_TICKET, Ticket, Tracker
from survey_app.domain.counting.batch_counts import BatchCounts, WhyVoid, why_void
from survey_app.domain.ground.refusals import BoxNotReady, NotFound
from survey_app.survey.draft import locked_survey, require_open
from survey_app.survey.tables import CLOSED, OPEN
from survey_app.survey.take_out import taken_out

WRITTEN = ("signed", "used", "voided", "challenged", "state", "void_because")
"""What closing writes of a batch."""
FOUND: dict[str | None, WhyVoid] = {str(reason): reason for reason in WhyVoid}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation(BatchCounts):
    """The tickets of one closed batch."""

    because: WhyVoid | None
    """None: the batch adds up, and its ballots are counted."""


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
    one aside unproved. First the box stops taking ballots, then it is counted while
    nobody is held up, then it closes with what is signed, then the survey; where it
    stopped between two of these, calling it again goes on, and `signed` stays as it was
    given first. Raises SurveyNotYetOpen, SurveyClosed,
    SurveyVoid, BoxNotReady while its opening is unfinished, NotFound for an unknown
    survey and for batches left out or unknown, ExportRefused where a posted batch is
    gone from the database, SecretsMissing, or WrongMode.
    """
    survey = locked_secret(session, survey_id)
    try:
        require_open(survey)
    finally:
        session.rollback()
    if _stop_taking(ballots, survey_id, signed, secrets_folder):
        gone = _taken_out(session, survey_id)
        _keep(ballots, survey_id, _counted(ballots, survey_id, secrets_folder, gone))
    survey = locked_survey(session, survey_id)
    if survey.state == OPEN:  # two officials may have voided it meanwhile
        survey.state = CLOSED
    session.commit()
    return reconciliations(ballots, survey_id)


def _taken_out(session: Session, survey_id: int) -> Collection[int]:
    """Return who was taken out: for good, as the box takes nothing any more.

    Whoever is just being taken out holds the survey, and is waited for.
    """
    locked_survey(session, survey_id)
    gone = taken_out(session, survey_id)
    session.rollback()
    return gone


@dataclass(frozen=True, slots=True)
class _CountedBox:
    """What was counted in the box, read and worked out while nobody was held up."""

    signatures: str
    """Those it was counted with."""
    batches: Sequence[Batch]
    """With their counts, cut loose from the database."""
    closing: SignedClosing
    trackers: Sequence[bytes]


def _stop_taking(
    ballots: Engine, survey_id: int, signed: Mapping[str, int], secrets_folder: Path
) -> bool:
    """Note the signatures, after which no ballot is taken; whether to go on counting.

    Signatures that were noted before stay. Raises what `close_ballot` says.
    """
    with kept_box(ballots) as box_session:
        box = locked_box(box_session, survey_id)
        if box.state == box_state.ISSUING:
            raise BoxNotReady
        if box.state != box_state.OPEN:
            return False
        manifest = manifest_in(box)
        server_key(secrets_folder, manifest)
        if {batch.batch_id for batch in manifest.batches} != signed.keys():
            raise NotFound
        if box.signatures is None:
            box.signatures = json.dumps(dict(signed), sort_keys=True)
    return True


def _counted(
    ballots: Engine, survey_id: int, secrets_folder: Path, gone: Collection[int]
) -> _CountedBox:
    """Return what is in the box; rows are read at once, and then the database is free.

    A reader that stayed would hold up every ballot of other boxes on SQLite.
    """
    with Session(ballots) as reader:
        box = reader.get_one(BallotBox, survey_id)
        signatures, manifest = box.signatures or "{}", manifest_in(box)
        batches = batches_of(reader, survey_id, states=EVERY)
        tickets = {batch.id: tickets_of(reader, batch) for batch in batches}
        reader.expunge_all()
    key = server_key(secrets_folder, manifest)
    counted = _count(batches, tickets, manifest, json.loads(signatures), secrets_folder)
    by_id = {batch.id: batch for batch in batches}
    counts = counts_of(manifest, by_id.get)
    content = content_in((t for some in tickets.values() for t in some), counts)
    closing = closing_of(manifest, counts, content, gone)
    signed = SignedClosing(closing, sign(key, closing.signed_message).hex())
    return _CountedBox(signatures, counted, signed, content.trackers)


def _keep(ballots: Engine, survey_id: int, counted: _CountedBox) -> None:
    """Write what was counted, unless somebody closed or voided the box meanwhile."""
    with kept_box(ballots) as box_session:
        box = locked_box(box_session, survey_id)
        if box.state != box_state.OPEN:
            return
        for batch in counted.batches:
            kept = box_session.get_one(Batch, batch.id)
            for name in WRITTEN:
                setattr(kept, name, getattr(batch, name))
        _keep_trackers(box_session, survey_id, counted.trackers)
        box.closing, box.state = counted.closing.to_json(), box_state.CLOSED


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
    counts = batch.counts
    found = FOUND.get(batch.void_because) if counts.void else None
    return batch.id, Reconciliation(**asdict(counts), because=why_void(counts, found))


def _count(
    batches: Sequence[Batch],
    tickets: Mapping[str, Sequence[Ticket]],
    manifest: Manifest,
    signed: Mapping[str, int],
    secrets_folder: Path,
) -> list[Batch]:
    """Return the batches that were counted; one that does not add up is void now."""
    posted = {batch.batch_id: batch for batch in manifest.batches}
    yardstick = Yardstick.of(secrets_folder, manifest)
    counted = [one for one in batches if one.id in posted or one.state == ISSUED]
    for batch in counted:
        batch.signed = signed.get(batch.id, 0)
        _count_batch(batch, tickets[batch.id], posted.get(batch.id), yardstick)
    return counted


def _count_batch(
    batch: Batch,
    tickets: Sequence[Ticket],
    posted: ManifestBatch | None,
    yardstick: Yardstick,
) -> None:
    states = states_of(tickets)
    batch.used, batch.voided = states[USED], states[VOID_TICKET]
    batch.challenged = states[CHALLENGED]
    found = found_in(tickets, batch, posted, yardstick)
    if why_void(batch.counts, found) is not None:
        batch.state, batch.void_because = VOIDED, found


def _keep_trackers(
    box_session: Session, survey_id: int, trackers: Sequence[bytes]
) -> None:
    """Insert the trackers in their own order, which is nobody's order of arrival."""
    rows = [{"survey_id": survey_id, "tracker": one} for one in trackers]
    if rows:
        box_session.execute(insert(Tracker), rows)
