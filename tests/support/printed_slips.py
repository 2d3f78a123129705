"""Rows of a ballot box as its verbs before the opening would leave them."""

import secrets
from datetime import date

from sqlalchemy.orm import Session

from survey_app.ballot.paper.ballot import COMMENT_SIZE, BallotForm
from survey_app.ballot.paper.manifest import Manifest, ManifestBatch, posted
from survey_app.ballot.paper.merkle import merkle_root
from survey_app.ballot.paper.ticket import digest_of, new_ticket_code
from survey_app.ballot.sealing.envelope import sealed_size
from survey_app.ballot.sealing.secrets_folder import SurveySecrets
from survey_app.ballot.sealing.signatures import sign
from survey_app.ballot.tables import OPEN, BallotBox, Batch
from survey_app.ballot.tickets import NEW, Ticket
from tests.support.holder_keys import public_keys

SPARES = 2


def new_box(
    survey_id: int,
    opens_on: date = date(2026, 4, 1),
    closes_on: date = date(2026, 4, 30),
) -> BallotBox:
    """Return a box that issues tickets."""
    return BallotBox(survey_id=survey_id, opens_on=opens_on, closes_on=closes_on)


def new_batch(
    survey_id: int, unit: int, group: str, eligible: int, *, slips: int = 0
) -> Batch:
    """Return a batch with so many slips, by default two more than people."""
    return Batch(
        id=secrets.token_hex(16),
        survey_id=survey_id,
        unit_id=unit,
        rater_group=group,
        eligible=eligible,
        issued=slips or eligible + SPARES,
        state="issued",
        requested_by="zhang",
        issued_by="li",
    )


def posted_batch(
    session: Session, batch: Batch, digests: list[bytes], sizes: tuple[int, int]
) -> ManifestBatch:
    """Keep the batch with a ticket for each digest; return it as it is posted.

    `sizes` are the lengths of both envelopes, which random bytes take till then.
    """
    session.add(batch)
    session.flush()
    session.add_all(
        Ticket(
            digest=digest,
            batch_id=batch.id,
            state=NEW,
            envelope=secrets.token_bytes(sizes[0]),
            comment=secrets.token_bytes(sizes[1]),
            tag=secrets.token_bytes(32),
            page=secrets.token_bytes(32),
        )
        for digest in sorted(digests)
    )
    session.flush()
    return ManifestBatch(
        batch_id=batch.id,
        unit=batch.unit_id,
        rater_group=batch.rater_group,
        eligible=batch.eligible,
        issued=batch.issued,
        tickets_root=merkle_root(digests).hex(),
    )


def sizes_of(form: BallotForm) -> tuple[int, int]:
    """Return how long the envelopes of answers and of comment are."""
    keys = public_keys()
    return sealed_size(form.answers_size, keys), sealed_size(COMMENT_SIZE, keys)


def new_codes(count: int) -> list[str]:
    """Return so many codes of slips."""
    return [new_ticket_code(secrets.token_bytes(15)) for _ in range(count)]


def digests_of(codes: list[str], made: SurveySecrets, survey_id: int) -> list[bytes]:
    """Return what is kept of these codes."""
    return [digest_of(code, pepper=made.pepper, survey_id=survey_id) for code in codes]


def open_with(box: BallotBox, manifest: Manifest, made: SurveySecrets) -> None:
    """Sign and post the manifest; from now on the box takes ballots."""
    text = manifest.to_json()
    signature = sign(made.signing_key, b"manifest\0" + text.encode())
    box.manifest, box.state = posted(text, signature.hex()), OPEN
