"""Whether an export is what this server signed, and whose keys open it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from survey_app.ballot.paper.challenge import are_proved
from survey_app.ballot.paper.closing import (
    ClosedBatch,
    Sealed,
    SignedClosing,
    closing_of,
)
from survey_app.ballot.paper.export import Export
from survey_app.ballot.paper.head import CountedBatch, Head, SignedHead
from survey_app.ballot.paper.manifest import Manifest
from survey_app.ballot.paper.ticket import tracker_of
from survey_app.ballot.sealing.keys import HolderKey, PublicKey
from survey_app.ballot.sealing.signatures import MANIFEST, is_signed
from survey_app.domain.ground.refusals import ExportRefused, KeyRefused


def check_export(export: Export) -> None:
    """Return where the export is whole and signed; else raise ExportRefused.

    Whether its manifest is the one on the wall only eyes can tell: its fingerprint is
    shown to the key holders.
    """
    if not _signed(export):
        raise ExportRefused("it was not signed by the server of its manifest")
    manifest = export.manifest
    if export.questionnaire.fingerprint != manifest.questionnaire_fingerprint:
        raise ExportRefused("its questions are not those of its manifest")
    if not is_closing_of(export.posted_closing, manifest):
        raise ExportRefused("its closing is not that of its manifest")
    closed = export.posted_closing.closing
    made_again = closing_of(manifest, export.batches, export.content, closed.taken_out)
    if made_again != closed:
        raise ExportRefused("its envelopes are not those the box closed with")
    for envelopes, counts in (
        (export.envelopes, _counts(export, lambda batch: batch.used)),
        (export.comments, _counts(export, lambda batch: batch.used)),
        (export.challenged, _counts(export, lambda batch: batch.challenged)),
    ):
        if _by_batch(envelopes) != counts:
            raise ExportRefused("it has not as many envelopes as were counted")
    if not _challenges_are_proved(export):
        raise ExportRefused("a ballot was set aside without an auditor's proof")


def keys_in_order(manifest: Manifest, keys: Iterable[HolderKey]) -> list[HolderKey]:
    """Return the keys in the order ballots were sealed to them.

    KeyRefused, saying whose, for a key that is not the survey's and for a missing one.
    """
    given = {key.public.fingerprint: key for key in keys}
    names = {holder.fingerprint: name for name, holder in holders_of(manifest)}
    for strange in given.keys() - names.keys():
        holder = given[strange].public.holder
        raise KeyRefused(f"the key of {holder} is not one of this survey's")
    missing = [name for print_, name in names.items() if print_ not in given]
    if missing:
        raise KeyRefused(f"the key of {' and '.join(missing)} is missing")
    return [given[print_] for print_ in names]


def holders_of(paper: Manifest | Head) -> Sequence[tuple[str, PublicKey]]:
    """Return (name, public key) of the key holders; the first seals first."""
    return [(name, PublicKey.from_json(text)) for name, text in paper.key_holders]


def is_manifest_signed(manifest_json: str, signature: str) -> bool:
    """Return whether the server named in the manifest signed exactly this text."""
    key = Manifest.from_json(manifest_json).signing_key
    return is_hex_signed(key, MANIFEST + manifest_json.encode(), signature)


def is_closing_of(posted: SignedClosing, manifest: Manifest) -> bool:
    """Return whether the manifest's server signed this as the closing of its box.

    Its batches, their people and their tickets must be those of the manifest, and
    whoever was taken out one of its subjects.
    """
    closing = posted.closing
    return (
        closing.survey_id == manifest.survey_id
        and closing.manifest == manifest.fingerprint
        and len(closing.batches) == len(manifest.batches)
        and {(one.batch_id, one.eligible, one.issued) for one in closing.batches}
        == {(one.batch_id, one.eligible, one.issued) for one in manifest.batches}
        and {s for some in manifest.subjects.values() for s in some}.issuperset(
            closing.taken_out
        )
        and is_hex_signed(
            manifest.signing_key, closing.signed_message, posted.signature
        )
    )


def is_hex_signed(key: str, message: bytes, signature: str) -> bool:
    """Return whether the message is signed; key and signature in hex, or it is not."""
    try:
        return is_signed(bytes.fromhex(key), message, bytes.fromhex(signature))
    except ValueError:
        return False


def _signed(export: Export) -> bool:
    key = export.manifest.signing_key
    return is_manifest_signed(
        export.manifest_json, export.manifest_signature
    ) and is_hex_signed(key, export.signed_message, export.signature)


def _challenges_are_proved(export: Export) -> bool:
    """Return whether auditors bound themselves to every ballot opened in public."""
    trackers = [tracker_of(sealed.envelope).hex() for sealed in export.challenged]
    return are_proved(trackers, export.proofs, export.manifest.commitments)


def _counts(export: Export, of: Callable[[ClosedBatch], int]) -> dict[str, int]:
    """Return batch → envelopes there must be; a batch that does not count has none."""
    return {
        batch.batch_id: of(batch)
        for batch in export.batches
        if batch.is_counted and of(batch)
    }


def _by_batch(envelopes: Iterable[Sealed]) -> dict[str, int]:
    return dict(Counter(sealed.batch_id for sealed in envelopes))


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
        and len(head.broken) in (0, len(manifest.ballot_rules))
        and is_signed_by_both(signed)
    )


def opens_closing(head: Head, posted: SignedClosing, manifest: Manifest) -> bool:
    """Return whether the head speaks of the box as it closed, and the server signed so.

    Every count and the root over the trackers must be those of the closing, and no
    count about whoever was taken out is posted.
    """
    closing = posted.closing
    closed = {batch.batch_id: batch for batch in closing.batches}
    return (
        is_closing_of(posted, manifest)
        and head.closing == closing.fingerprint
        and head.root_in == closing.root_in
        and head.tally.keys().isdisjoint(closing.taken_out)
        and {batch.batch_id for batch in head.batches} == closed.keys()
        and all(_same_counts(one, closed[one.batch_id]) for one in head.batches)
    )


def _same_counts(counted: CountedBatch, closed: ClosedBatch) -> bool:
    """Return whether the opening found the batch as it had been closed."""
    return counted.void != closed.is_counted and counted.slips == closed.slips
