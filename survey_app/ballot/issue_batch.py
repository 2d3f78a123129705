"""Issue a batch: make its tickets and hand their codes out, once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from survey_app.accounts.second_person import refuse_one_person
from survey_app.ballot.held_box import (
    ISSUED,
    REQUESTED,
    ballot_form_of,
    batches_of,
    envelope_sizes,
    held_draft,
    issuing_box,
    kept_box,
    sealing_keys,
    survey_of_batch,
)
from survey_app.ballot.missing_to_open import missing_keys
from survey_app.ballot.paper.ticket import (
    MARK_BYTES,
    RANDOM_BYTES,
    digest_of,
    new_ticket_code,
)
from survey_app.ballot.sealing.secrets_folder import make_secrets, read_secrets
from survey_app.ballot.tables import Batch
from survey_app.ballot.tickets import NEW, Ticket
from survey_app.domain.ground.missing import Lack, Missing
from survey_app.domain.ground.refusals import (
    AlreadyPrinted,
    NotFound,
    NotReadyToOpen,
    SecretsMissing,
)

TAG_BYTES = 32
SPARES = 2
"""Slips over and above the eligible in the smallest batch."""
SHARE_OF_SPARES = 20
"""One spare for so many people, begun ones included: 5 %."""


@dataclass(frozen=True, slots=True)
class IssuedSlips:
    """The codes of one batch; they are kept nowhere else."""

    batch_id: str
    survey_id: int
    unit_id: int
    rater_group: str
    eligible: int
    codes: tuple[str, ...] = field(repr=False)
    """25 symbols each, in an order that says nothing; the spares are among them."""


def issue_batch(
    session: Session,
    ballots: Engine,
    batch_id: str,
    *,
    account: str,
    secrets_folder: Path,
) -> IssuedSlips:
    """Return the codes of the batch; nobody ever gets them again.

    Raises what `refuse_one_person` raises, AlreadyPrinted for a batch issued or void,
    NotReadyToOpen before both keys are there or where its ballots have no form any
    more, SecretsMissing where the pepper of earlier slips is lost, UnsafeServer where
    others can read the folder of secrets, NotFound, AlreadyOpened, BoxNotReady or
    WrongMode.
    """
    survey_id = survey_of_batch(ballots, batch_id)
    with held_draft(session, survey_id) as survey:
        keys = sealing_keys(session, survey_id)
        if lacking := missing_keys(keys):
            raise NotReadyToOpen(*lacking)
        with kept_box(ballots) as box_session:
            issuing_box(box_session, survey)
            batch = _requested(box_session, batch_id)
            _refuse_one_person(session, batch, account)
            form = ballot_form_of(survey, batch_id=batch.id, unit_id=batch.unit_id)
            if form is None:
                raise NotReadyToOpen(Missing(Lack.UNIT, batch.unit_id))
            pepper = _pepper(box_session, survey_id, secrets_folder)
            codes = _new_codes(batch.eligible + spares_of(batch.eligible))
            digests = [
                digest_of(code, pepper=pepper, survey_id=survey_id) for code in codes
            ]
            _put_in(box_session, batch_id, digests, envelope_sizes(form, keys))
            batch.state, batch.issued_by = ISSUED, account
            batch.issued = len(codes)
            return _slips(batch, codes)


def spares_of(eligible: int) -> int:
    """Return how many slips more than people are made: 5 %, at least 2."""
    return max(SPARES, -(-eligible // SHARE_OF_SPARES))


def _requested(box_session: Session, batch_id: str) -> Batch:
    """Return the batch if it waits to be issued."""
    batch = box_session.get(Batch, batch_id, with_for_update=True)
    if batch is None:
        raise NotFound
    if batch.state != REQUESTED:
        raise AlreadyPrinted
    return batch


def _refuse_one_person(session: Session, batch: Batch, account: str) -> None:
    since = batch.passwords_given
    refuse_one_person(session, first=batch.requested_by, second=account, since=since)


def _pepper(box_session: Session, survey_id: int, folder: Path) -> bytes:
    """Return the survey's pepper, made with its first batch.

    A second pepper would turn the slips that are out already into waste paper.
    """
    try:
        return read_secrets(folder, survey_id).pepper
    except SecretsMissing:
        if batches_of(box_session, survey_id, states=(ISSUED,)):
            raise
    return make_secrets(folder, survey_id).pepper


def _new_codes(count: int) -> tuple[str, ...]:
    """Return so many codes; each is drawn by itself, so their order says nothing."""
    return tuple(
        new_ticket_code(secrets.token_bytes(RANDOM_BYTES)) for _ in range(count)
    )


def _put_in(
    box_session: Session,
    batch_id: str,
    digests: Sequence[bytes],
    sizes: tuple[int, int],
) -> None:
    """Insert the tickets in the order of their digests, filled to their final length.

    Casting then moves no row and changes no length.
    """
    envelope_size, comment_size = sizes
    box_session.execute(
        insert(Ticket),
        [
            {
                "digest": digest,
                "batch_id": batch_id,
                "state": NEW,
                "envelope": secrets.token_bytes(envelope_size),
                "comment": secrets.token_bytes(comment_size),
                "tag": secrets.token_bytes(TAG_BYTES),
                "page": secrets.token_bytes(MARK_BYTES),
            }
            for digest in sorted(digests)
        ],
    )


def _slips(batch: Batch, codes: tuple[str, ...]) -> IssuedSlips:
    return IssuedSlips(
        batch_id=batch.id,
        survey_id=batch.survey_id,
        unit_id=batch.unit_id,
        rater_group=batch.rater_group,
        eligible=batch.eligible,
        codes=codes,
    )
