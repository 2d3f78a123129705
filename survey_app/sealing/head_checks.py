"""Whether the head of an opening belongs to a box, and who signed it."""

from survey_app.domain.ballots.closing import BatchCounts, SignedClosing
from survey_app.domain.ballots.head import CountedBatch, Head, SignedHead
from survey_app.domain.ballots.manifest import Manifest
from survey_app.sealing.export_checks import (
    holders_of,
    is_closing_of,
    is_hex_signed,
)

HOLDERS = 2


def signed_by(signed: SignedHead) -> dict[str, bool]:
    """Return name of key holder → whether he signed exactly this head.

    The keys are those the head names; `names_keys_of` compares them with a manifest.
    """
    message = signed.head.signed_message
    return {
        name: is_hex_signed(
            key.signing, message, signed.holders.get(key.fingerprint, "")
        )
        for name, key in holders_of(signed.head)
    }


def is_signed_by_both(signed: SignedHead) -> bool:
    """Return whether two holders with keys of their own signed exactly this head.

    A head that names no holder was signed by all of them; that proves nothing.
    """
    keys = {key.signing for _, key in holders_of(signed.head)}
    found = signed_by(signed)
    return len(keys) == len(found) == HOLDERS and all(found.values())


def is_signed_by_server(signed: SignedHead) -> bool:
    """Return whether the server has taken this result: it signs nothing else."""
    head = signed.head
    return is_hex_signed(head.signing_key, head.signed_message, signed.server)


def names_keys_of(head: Head, manifest: Manifest) -> bool:
    """Return whether the head speaks of this manifest and of the keys in it."""
    return (
        head.manifest == manifest.fingerprint
        and head.key_holders == manifest.key_holders
        and head.signing_key == manifest.signing_key
    )


def is_result_of(signed: SignedHead, manifest: Manifest) -> bool:
    """Return whether all holders of this manifest signed it as the result of its box.

    The batches with their units and numbers must be those of the manifest.
    """
    head = signed.head
    posted = {
        (batch.batch_id, batch.unit, batch.eligible, batch.issued)
        for batch in manifest.batches
    }
    counted = {
        (batch.batch_id, batch.unit, batch.eligible, batch.issued)
        for batch in head.batches
    }
    return (
        head.survey_id == manifest.survey_id
        and names_keys_of(head, manifest)
        and posted == counted
        and len(head.batches) == len(manifest.batches)
        and dict(head.subjects) == dict(manifest.subjects)
        and is_signed_by_both(signed)
    )


def opens_closing(head: Head, posted: SignedClosing, manifest: Manifest) -> bool:
    """Return whether the head speaks of the box as it closed, and the server signed so.

    Every count and the root over the trackers must be those of the closing.
    """
    closing = posted.closing
    closed = {batch.batch_id: batch for batch in closing.batches}
    return (
        is_closing_of(posted, manifest)
        and head.closing == closing.fingerprint
        and head.root_in == closing.root_in
        and {batch.batch_id for batch in head.batches} == closed.keys()
        and all(_same_counts(one, closed[one.batch_id]) for one in head.batches)
    )


def _same_counts(counted: CountedBatch, closed: BatchCounts) -> bool:
    """Return whether the opening found the batch as it had been closed."""
    return counted.void == (not closed.adds_up) and (
        counted.eligible, counted.issued, counted.signed, counted.used,
        counted.voided, counted.challenged,
    ) == (
        closed.eligible, closed.issued, closed.signed, closed.used, closed.voided,
        closed.challenged,
    )  # fmt: skip
