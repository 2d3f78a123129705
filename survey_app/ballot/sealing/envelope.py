"""Envelopes: a ballot sealed to both key holders at once, always of the same length.

Each layer is RSA-OAEP-SHA256(K) ‖ 12 bytes IV ‖ AES-256-GCM(K, plain), everything a
browser's WebCrypto can write. The first key closes the innermost layer. The associated
data binds all layers to the batch: an envelope moved to another batch does not open.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from survey_app.ballot.paper.ballot import (
    Ballot,
    BallotForm,
    Malformed,
    Written,
    read_answers,
    read_texts,
)
from survey_app.ballot.paper.closing import Sealed
from survey_app.ballot.sealing.keys import HolderKey, PublicKey

KEY_BYTES = 32
IV_BYTES = 12
TAG_BYTES = 16
AT_ONCE = 256
"""Envelopes that are opened ahead of whoever reads them."""

_OAEP = padding.OAEP(mgf=padding.MGF1(SHA256()), algorithm=SHA256(), label=None)


@dataclass(frozen=True, slots=True)
class SealedBallot:
    """The two envelopes of one ballot."""

    answers: bytes
    note: bytes


class Spoiled(Exception):  # noqa: N818 -- a spoiled ballot is counted, not an error
    """The envelope was changed, cut, moved, or sealed to other keys."""


def seal(plain: bytes, keys: Sequence[PublicKey], *, aad: bytes) -> bytes:
    """Return the envelope, `sealed_size(len(plain), keys)` bytes.

    ValueError without keys: nothing may be kept in the clear by mistake.
    """
    if not keys:
        raise ValueError("an envelope needs a key")
    envelope = plain
    for key in keys:
        envelope = _sealed_once(envelope, key, aad)
    return envelope


def unseal(envelope: bytes, keys: Sequence[HolderKey], *, aad: bytes) -> bytes:
    """Return what was sealed; the keys in the order they were sealed to.

    Spoiled, and nothing else, for whatever these keys and this batch do not open.
    """
    if not keys:
        raise ValueError("an envelope needs a key")
    plain = envelope
    for key in reversed(keys):
        plain = _decrypted_once(plain, key, aad)
    return plain


def sealed_size(plain_size: int, keys: Sequence[PublicKey]) -> int:
    """Return how many bytes the envelope of so many bytes has."""
    return plain_size + sum(key.bits // 8 + IV_BYTES + TAG_BYTES for key in keys)


def _sealed_once(plain: bytes, key: PublicKey, aad: bytes) -> bytes:
    content_key, iv = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(IV_BYTES)
    wrapped = key.rsa.encrypt(content_key, _OAEP)
    return wrapped + iv + AESGCM(content_key).encrypt(iv, plain, aad)


def _decrypted_once(envelope: bytes, key: HolderKey, aad: bytes) -> bytes:
    wrapped_size = key.public.bits // 8
    iv_end = wrapped_size + IV_BYTES
    try:
        content_key = key.sealing.decrypt(envelope[:wrapped_size], _OAEP)
        if len(content_key) != KEY_BYTES:
            raise Spoiled
        iv = envelope[wrapped_size:iv_end]
        return AESGCM(content_key).decrypt(iv, envelope[iv_end:], aad)
    except (ValueError, InvalidTag):
        # Without cause: a traceback must not tell which step gave way.
        raise Spoiled from None


Forms = Mapping[str, BallotForm]
"""Batch → what its ballots ask."""


@dataclass(slots=True)
class SeenEnvelopes:
    """What was opened already, with and without the outer layer.

    A copy of an envelope counts once, whether it was copied as it is or sealed anew
    around the same inside.
    """

    prints: set[bytes] = field(default_factory=set)

    def is_new(self, *parts: bytes) -> bool:
        """Return whether none of these was there before; from now on they are."""
        prints = {hashlib.sha256(part).digest() for part in parts}
        new = prints.isdisjoint(self.prints)
        self.prints |= prints
        return new


def ballots_in(
    envelopes: Sequence[Sealed],
    keys: Sequence[HolderKey],
    forms: Forms,
    *,
    seen: SeenEnvelopes,
) -> Iterator[tuple[Sealed, Ballot | None]]:
    """Yield every envelope with its ballot; None for a spoiled one.

    Spoiled are what does not open, what was moved from another batch, what is not
    exactly one ballot, and all but the first of envelopes that are copies.
    """
    for sealed, inside, plain in _unsealed(envelopes, keys, forms):
        if not seen.is_new(sealed.envelope, inside) or plain is None:
            yield sealed, None
        else:
            yield sealed, _ballot(forms[sealed.batch_id], plain)


def comments_in(
    envelopes: Sequence[Sealed],
    keys: Sequence[HolderKey],
    forms: Forms,
    opened: Callable[[], object] = int,
) -> Iterator[tuple[str, Written]]:
    """Yield batch and text of all that was written and can be read.

    `opened` is called for every envelope, whatever is in it.
    """
    seen = SeenEnvelopes()
    for sealed, inside, plain in _unsealed(envelopes, keys, forms):
        opened()
        if not seen.is_new(sealed.envelope, inside) or plain is None:
            continue
        try:
            written = read_texts(forms[sealed.batch_id], plain)
        except Malformed:
            continue
        yield from ((sealed.batch_id, one) for one in written)


def _unsealed(
    envelopes: Sequence[Sealed], keys: Sequence[HolderKey], forms: Forms
) -> Iterator[tuple[Sealed, bytes, bytes | None]]:
    """Yield envelope, what is under its outer layer, and what is inside or None.

    RSA takes all the time there is, and lets other threads run meanwhile. However
    large the box is, only so many of its envelopes lie open and unread.
    """
    opening = partial(_layers, keys, forms)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for first in range(0, len(envelopes), AT_ONCE):
            yield from threads.map(opening, envelopes[first : first + AT_ONCE])


def _layers(
    keys: Sequence[HolderKey], forms: Forms, sealed: Sealed
) -> tuple[Sealed, bytes, bytes | None]:
    """Return the envelope, its inside (itself where it does not open), its content."""
    *inner, outer = keys
    aad = forms[sealed.batch_id].aad
    inside = sealed.envelope
    try:
        inside = unseal(sealed.envelope, [outer], aad=aad)
        return sealed, inside, unseal(inside, inner, aad=aad)
    except Spoiled:
        return sealed, inside, None


def _ballot(form: BallotForm, plain: bytes) -> Ballot | None:
    try:
        return read_answers(form, plain)
    except Malformed:
        return None
