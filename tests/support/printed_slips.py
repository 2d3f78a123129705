"""Rows of a ballot box as its verbs before the opening would leave them."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.ballot.paper.ballot import COMMENT_SIZE, BallotForm
from survey_app.ballot.paper.manifest import Manifest, ManifestBatch, posted
from survey_app.ballot.paper.merkle import merkle_root
from survey_app.ballot.paper.sealing_script import sealing_script_print
from survey_app.ballot.paper.ticket import digest_of, new_ticket_code
from survey_app.ballot.sealing.envelope import sealed_size
from survey_app.ballot.sealing.secrets_folder import SurveySecrets
from survey_app.ballot.sealing.signatures import public_of, sign
from survey_app.ballot.tables import OPEN, BallotBox, Batch
from survey_app.ballot.tickets import NEW, Ticket
from survey_app.database import writing
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from tests.support.holder_keys import public_keys

SPARES = 2
APRIL = date(2026, 4, 1), date(2026, 4, 30)


@dataclass(frozen=True)
class Wanted:
    """One batch to print."""

    unit: int
    group: str
    subjects: tuple[int, ...]
    eligible: int = 8
    slips: int = 0
    """0: two more than people."""


def usual_manifest(**told: Any) -> Manifest:
    """Return a manifest that seals to the usual keys; `told` wins over the usual."""
    usual: dict[str, Any] = {
        "scheme_fingerprint": "",
        "plan_fingerprint": "",
        "small_groups": "merge",
        "merged": {},
        "key_holders": tuple((key.holder, key.to_json()) for key in public_keys()),
        "opens_on": APRIL[0],
        "closes_on": APRIL[1],
        "floor": 5,
        "comment_floor": 10,
        "sealing_script": sealing_script_print(),
    }
    return Manifest(**usual | told)


def opened_with(
    ballots: Engine,
    survey_id: int,
    made: SurveySecrets,
    questionnaire: Questionnaire,
    batches: Iterable[Wanted],
    manifest: Callable[[tuple[ManifestBatch, ...], str], Manifest],
    *,
    days: tuple[date, date] = APRIL,
) -> tuple[Manifest, dict[str, list[str]]]:
    """Print these batches and open the box; return what is posted, and batch → codes.

    `manifest` is made of the batches as they are posted and the server's public key.
    """
    slips: dict[str, list[str]] = {}
    with Session(writing(ballots)) as session, session.begin():
        box = BallotBox(survey_id=survey_id, opens_on=days[0], closes_on=days[1])
        session.add(box)
        session.flush()
        printed = []
        for wanted in batches:
            batch = _batch(survey_id, wanted)
            codes = slips[batch.id] = new_codes(batch.issued)
            asked = BallotForm(survey_id, batch.id, questionnaire, wanted.subjects)
            digests = [
                digest_of(code, pepper=made.pepper, survey_id=survey_id)
                for code in codes
            ]
            printed.append(_printed(session, batch, digests, asked))
        posted_as = manifest(tuple(printed), public_of(made.signing_key).hex())
        text = posted_as.to_json()
        signature = sign(made.signing_key, b"manifest\0" + text.encode())
        box.manifest, box.state = posted(text, signature.hex()), OPEN
    return posted_as, slips


def new_codes(count: int) -> list[str]:
    """Return so many codes of slips."""
    return [new_ticket_code(secrets.token_bytes(15)) for _ in range(count)]


def _batch(survey_id: int, wanted: Wanted) -> Batch:
    return Batch(
        id=secrets.token_hex(16),
        survey_id=survey_id,
        unit_id=wanted.unit,
        rater_group=wanted.group,
        eligible=wanted.eligible,
        issued=wanted.slips or wanted.eligible + SPARES,
        state="issued",
        requested_by="zhang",
        issued_by="li",
    )


def _printed(
    session: Session, batch: Batch, digests: list[bytes], asked: BallotForm
) -> ManifestBatch:
    """Keep the batch with a ticket for each digest; return it as it is posted.

    Random bytes take the length of both envelopes till then.
    """
    keys = public_keys()
    lengths = sealed_size(asked.answers_size, keys), sealed_size(COMMENT_SIZE, keys)
    session.add(batch)
    session.flush()
    session.add_all(
        Ticket(
            digest=digest,
            batch_id=batch.id,
            state=NEW,
            envelope=secrets.token_bytes(lengths[0]),
            comment=secrets.token_bytes(lengths[1]),
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
