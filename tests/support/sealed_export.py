"""Exports of closed boxes made in memory, and what comes out of them."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import create_engine

from survey_app.ballot.paper.ballot import (
    Ballot,
    BallotForm,
    padded_answers,
    padded_comment,
)
from survey_app.ballot.paper.challenge import ChallengeProof
from survey_app.ballot.paper.closing import (
    ClosedBatch,
    Closing,
    Content,
    Sealed,
    closing_of,
)
from survey_app.ballot.paper.export import Export
from survey_app.ballot.paper.manifest import Manifest, ManifestBatch
from survey_app.ballot.paper.ticket import tracker_of
from survey_app.ballot.sealing.envelope import seal
from survey_app.ballot.sealing.signatures import make_signing_key, public_of, sign
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from tests.support.ballot_box import signed_closing
from tests.support.holder_keys import public_keys
from tests.support.secret_county import GROUPS, QUESTIONNAIRE, SecretCounty

SERVER = make_signing_key()
ELIGIBLE = 30
NAMES = {11: "王建国 镇长", 12: "青山镇 领导班子", 21: "李秀英 镇长"}

COUNTY = SecretCounty(
    create_engine("sqlite://"), 1, 1, "2026年民主测评", {1: (11, 12), 2: (21,)}, ""
)
"""Numbers only; there is no database behind them."""


def manifest(**rules: object) -> Manifest:
    """Return a manifest with a batch for every unit and group, named by both."""
    batches = tuple(
        ManifestBatch(f"{unit}-{group}", unit, group, ELIGIBLE, ELIGIBLE + 2, "00" * 32)
        for unit in COUNTY.subjects
        for group in GROUPS
    )
    usual: dict[str, object] = {
        "batches": batches,
        "signing_key": public_of(SERVER).hex(),
    }
    return COUNTY.manifest(**usual | rules)


def form(batch_id: str, asked: Questionnaire = QUESTIONNAIRE) -> BallotForm:
    """Return what the ballots of this batch ask."""
    unit = int(batch_id.partition("-")[0])
    return BallotForm(1, batch_id, asked, COUNTY.subjects[unit])


def alike(batch_id: str, choice: str) -> Ballot:
    """Return the ballot that answers everything with this choice."""
    asked = [question.key for question in QUESTIONNAIRE.questions]
    subjects = form(batch_id).subject_ids
    return Ballot({subject: dict.fromkeys(asked, choice) for subject in subjects})


def sealed(batch_id: str, choice: str = "good") -> Sealed:
    """Return the envelope of a ballot of this batch."""
    asked = form(batch_id)
    answers = padded_answers(asked, alike(batch_id, choice))
    return Sealed(seal(answers, public_keys(), aad=asked.aad), batch_id)


def remark(batch_id: str, text: str = "") -> Sealed:
    """Return the envelope of a comment on the first subject of this batch."""
    asked = form(batch_id)
    padded = padded_comment(asked, asked.subject_ids[0], text)
    return Sealed(seal(padded, public_keys(), aad=asked.aad), batch_id)


def cast(**said: Mapping[str, int]) -> list[Sealed]:
    """Return envelopes of unit 1: group={choice: how many}."""
    return [
        sealed(f"1-{group}", choice)
        for group, choices in said.items()
        for choice, count in choices.items()
        for _ in range(count)
    ]


def export(
    envelopes: Sequence[Sealed],
    *,
    challenged: Sequence[Sealed] = (),
    comments: Sequence[Sealed] | None = None,
    void: Collection[str] = (),
    asked: Questionnaire = QUESTIONNAIRE,
    gone: Collection[int] = (),
    **rules: object,
) -> Export:
    """Return the signed export of a box that closed with these envelopes in it.

    `gone` are who was taken out before.
    """
    proofs = _proofs(challenged)
    bound = tuple(sorted(proof.commitment for proof in proofs))
    printed = {"questionnaire_fingerprint": asked.fingerprint}
    opened_with = manifest(**{"commitments": bound, **printed, **rules})
    if comments is None:
        comments = [remark(each.batch_id) for each in envelopes]

    def sound(kind: Sequence[Sealed]) -> tuple[Sealed, ...]:
        return tuple(sorted(each for each in kind if each.batch_id not in void))

    content = Content(
        envelopes=sound(envelopes),
        comments=sound(comments),
        challenged=sound(challenged),
    )
    counts = [
        _counts(batch, envelopes, challenged, void=batch.batch_id in void)
        for batch in opened_with.batches
    ]
    closing = closing_of(opened_with, counts, content, gone)
    return _exported(opened_with, closing, content, proofs, asked)


def _exported(
    opened_with: Manifest,
    closing: Closing,
    content: Content,
    proofs: tuple[ChallengeProof, ...],
    asked: Questionnaire,
) -> Export:
    text = opened_with.to_json()
    unsigned = Export(
        manifest_json=text,
        manifest_signature=sign(SERVER, b"manifest\0" + text.encode()).hex(),
        questionnaire_json=asked.to_json(),
        names=NAMES,
        posted_closing=signed_closing(closing, SERVER),
        envelopes=content.envelopes,
        comments=content.comments,
        challenged=content.challenged,
        proofs=proofs,
    )
    return signed(unsigned)


def _proofs(challenged: Sequence[Sealed]) -> tuple[ChallengeProof, ...]:
    """Return the proofs of auditors who were bound to these envelopes."""
    return tuple(
        sorted(
            ChallengeProof(tracker_of(each.envelope).hex(), f"SPARE{place}", "nonce")
            for place, each in enumerate(challenged)
        )
    )


def closed_anew(export: Export, batches: Sequence[ClosedBatch]) -> Export:
    """Return the export of a server that closed with these counts instead."""
    closing = closing_of(export.manifest, batches, export.content)
    return signed(replace(export, posted_closing=signed_closing(closing, SERVER)))


def signed(unsigned: Export) -> Export:
    """Return the export with the server's signature."""
    return replace(unsigned, signature=sign(SERVER, unsigned.signed_message).hex())


def noise(size: int) -> bytes:
    """Return bytes that are no envelope."""
    return secrets.token_bytes(size)


def _counts(
    batch: ManifestBatch,
    envelopes: Sequence[Sealed],
    challenged: Sequence[Sealed],
    *,
    void: bool,
) -> ClosedBatch:
    used = sum(each.batch_id == batch.batch_id for each in envelopes)
    apart = sum(each.batch_id == batch.batch_id for each in challenged)
    return ClosedBatch(
        batch_id=batch.batch_id,
        eligible=batch.eligible,
        issued=batch.issued,
        signed=used,
        used=used,
        voided=0,
        challenged=apart,
        void=void,
    )
