"""What keeps a secret ballot from opening: everything at once."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from survey_app.ballot.held_box import (
    HOLDERS,
    ISSUED,
    REQUESTED,
    ballot_forms_of,
    batches_of,
    commitments,
    envelope_sizes,
    sealing_keys,
    subjects_by_unit,
)
from survey_app.ballot.sealing.keys import PublicKey
from survey_app.ballot.sealing.secrets_folder import read_secrets
from survey_app.ballot.set_up import commitments_allowed
from survey_app.ballot.tables import Batch
from survey_app.ballot.tickets import Ticket
from survey_app.domain.ground.missing import Lack, Missing, in_order
from survey_app.domain.ground.refusals import (
    NotFound,
    SecretsMissing,
    UnsafeServer,
    WrongMode,
)
from survey_app.survey.lifecycle import missing_of_draft
from survey_app.survey.tables import Survey


def missing_to_open_ballot(
    session: Session,
    ballots: Engine,
    survey_id: int,
    *,
    today: date,
    secrets_folder: Path | None,
) -> tuple[Missing, ...]:
    """Return all that keeps the ballot from opening; empty: it may open.

    Raises NotFound or WrongMode. What the servers break stands apart; see
    `broken_promises`.
    """
    survey = session.get(Survey, survey_id)
    if survey is None:
        raise NotFound
    if not survey.is_secret:
        raise WrongMode
    keys = sealing_keys(session, survey_id)
    with Session(ballots) as box_session:
        batches = batches_of(box_session, survey_id)
        return in_order(
            (
                *missing_of_draft(survey, today=today),
                *missing_keys(keys),
                *_missing_batches(survey, batches),
                *_outgrown(box_session, survey, batches, keys),
                *_changed(box_session, batches),
                *_missing_secrets(survey_id, batches, secrets_folder),
                *_too_many_commitments(session, survey_id, batches),
            )
        )


def missing_keys(keys: Sequence[PublicKey]) -> tuple[Missing, ...]:
    """Return the lack of key holders; empty where both are there."""
    return () if len(keys) == HOLDERS else (Missing(Lack.KEY_HOLDERS),)


def _missing_batches(survey: Survey, batches: Sequence[Batch]) -> Iterator[Missing]:
    """Yield the units whose people could not answer."""
    if not batches:
        yield Missing(Lack.BATCHES)
        return
    reached = {batch.unit_id for batch in batches}
    for unit in sorted(subjects_by_unit(survey).keys() - reached):
        yield Missing(Lack.UNIT, unit)
    for batch in batches:
        if batch.state == REQUESTED:
            yield Missing(Lack.BATCH_WAITING, batch.id)


def _outgrown(
    box_session: Session,
    survey: Survey,
    batches: Sequence[Batch],
    keys: tuple[PublicKey, ...],
) -> Iterator[Missing]:
    """Yield the issued batches whose tickets have no room for what is asked now."""
    groups = survey.group_labels.keys()
    room, form_of = _room(box_session, survey.id), ballot_forms_of(survey)
    needs: dict[int, tuple[int, int] | None] = {}
    for batch in batches:
        if batch.state != ISSUED:
            continue
        if batch.unit_id not in needs:  # the same for all batches of a unit
            form = form_of(batch.id, batch.unit_id)
            needs[batch.unit_id] = envelope_sizes(form, keys) if form else None
        needed = needs[batch.unit_id]
        if batch.rater_group not in groups or room.get(batch.id) != {needed}:
            yield Missing(Lack.BATCH_OUTGROWN, batch.id)


def _changed(box_session: Session, batches: Sequence[Batch]) -> Iterator[Missing]:
    """Yield the issued batches that somebody put tickets into, or took out of."""
    ids = [batch.id for batch in batches if batch.state == ISSUED]
    counted = select(Ticket.batch_id, func.count()).where(Ticket.batch_id.in_(ids))
    found = box_session.execute(counted.group_by(Ticket.batch_id))
    rows: dict[str, int] = {row[0]: row[1] for row in found}
    for batch in batches:
        if batch.state == ISSUED and rows.get(batch.id, 0) != batch.issued:
            yield Missing(Lack.BATCH_CHANGED, batch.id)


def _room(box_session: Session, survey_id: int) -> dict[str, set[tuple[int, int]]]:
    """Return batch id → the lengths of envelope and comment among its tickets."""
    lengths = select(
        Ticket.batch_id, func.length(Ticket.envelope), func.length(Ticket.comment)
    )
    wanted = lengths.join(Batch, Batch.id == Ticket.batch_id).where(
        Batch.survey_id == survey_id
    )
    found: dict[str, set[tuple[int, int]]] = {}
    for batch_id, envelope, comment in box_session.execute(wanted.distinct()):
        found.setdefault(batch_id, set()).add((envelope, comment))
    return found


def _missing_secrets(
    survey_id: int, batches: Sequence[Batch], folder: Path | None
) -> Iterator[Missing]:
    """Yield the lack of secrets where the slips that are out lead nowhere any more."""
    if not any(batch.state == ISSUED for batch in batches):
        return
    try:
        if folder is None:
            raise SecretsMissing
        read_secrets(folder, survey_id)
    except SecretsMissing:
        yield Missing(Lack.SECRETS)
    except UnsafeServer:
        return  # told by `broken_promises`, together with all others


def _too_many_commitments(
    session: Session, survey_id: int, batches: Sequence[Batch]
) -> Iterator[Missing]:
    """Yield too many where batches went away after auditors bound themselves."""
    bound = len(commitments(session, survey_id))
    if bound > commitments_allowed(sum(batch.eligible for batch in batches)):
        yield Missing(Lack.COMMITMENTS)
