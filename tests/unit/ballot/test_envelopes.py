"""Envelopes: both holders open them, everything else leaves them spoiled."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from survey_app.ballot.paper.closing import Sealed
from survey_app.ballot.sealing.envelope import (
    AT_ONCE,
    SeenEnvelopes,
    Spoiled,
    ballots_in,
    seal,
    sealed_size,
    unseal,
)
from survey_app.ballot.sealing.keys import PublicKey
from tests.support import sealed_export
from tests.support.holder_keys import holder_keys, public_keys

AAD = b'ballot\0{"batch":"b","survey":7}'
PLAIN = b'\0\x07{"v":1}'.ljust(512, b"\0")


def as_a_browser_seals(plain: bytes, key: PublicKey, aad: bytes) -> bytes:
    """What crypto.subtle gives: RSA-OAEP over a raw AES key, then AES-GCM."""
    oaep = padding.OAEP(padding.MGF1(SHA256()), SHA256(), None)
    public = load_pem_public_key(key.sealing.encode())
    content_key, iv = AESGCM.generate_key(256), os.urandom(12)
    wrapped = public.encrypt(content_key, oaep)  # type: ignore[union-attr]  # RSA
    return wrapped + iv + AESGCM(content_key).encrypt(iv, plain, aad)


def test_what_was_sealed_is_opened() -> None:
    envelope = seal(PLAIN, public_keys(), aad=AAD)

    assert unseal(envelope, holder_keys(), aad=AAD) == PLAIN


def test_what_a_browser_sealed_is_opened() -> None:
    department, inspection = public_keys()
    inner = as_a_browser_seals(PLAIN, department, AAD)
    envelope = as_a_browser_seals(inner, inspection, AAD)

    assert len(envelope) == sealed_size(len(PLAIN), public_keys())
    assert unseal(envelope, holder_keys(), aad=AAD) == PLAIN


def test_a_single_layer_opens_with_a_single_key() -> None:
    envelope = seal(PLAIN, public_keys()[:1], aad=AAD)

    assert unseal(envelope, holder_keys()[:1], aad=AAD) == PLAIN


@pytest.mark.parametrize("size", [0, 1, 512, 2048])
def test_the_length_says_nothing_but_the_length(size: int) -> None:
    keys = public_keys()
    made = {
        len(seal(content * size, keys, aad=aad))
        for content in (b"\0", b"\xff")
        for aad in (b"", AAD)
    }

    assert made == {sealed_size(size, keys)}


def test_two_equal_ballots_are_sealed_differently() -> None:
    one, other = (seal(PLAIN, public_keys(), aad=AAD) for _ in range(2))

    # Not a byte in its place but by chance: no key, no IV is used twice.
    assert sum(a == b for a, b in zip(one, other, strict=True)) < len(one) / 20


def test_an_envelope_moved_to_another_batch_is_spoiled() -> None:
    envelope = seal(PLAIN, public_keys(), aad=AAD)

    for aad in (b"", AAD + b" ", AAD.replace(b"7", b"8")):
        with pytest.raises(Spoiled):
            unseal(envelope, holder_keys(), aad=aad)


def test_the_inner_layer_is_bound_to_its_batch_as_well() -> None:
    department, inspection = public_keys()
    inner = as_a_browser_seals(PLAIN, department, b"elsewhere")
    envelope = as_a_browser_seals(inner, inspection, AAD)

    with pytest.raises(Spoiled):
        unseal(envelope, holder_keys(), aad=AAD)


def test_every_changed_byte_spoils_it() -> None:
    envelope = seal(PLAIN, public_keys(), aad=AAD)

    for place in range(0, len(envelope), 7):
        changed = bytearray(envelope)
        changed[place] ^= 1 << place % 8
        with pytest.raises(Spoiled):
            unseal(bytes(changed), holder_keys(), aad=AAD)


def test_a_shorter_or_longer_envelope_is_spoiled() -> None:
    envelope = seal(PLAIN, public_keys(), aad=AAD)

    cut = [envelope[:size] for size in (0, 1, 255, 256, 283, 284, 300, 1079)]
    for changed in (*cut, envelope + b"\0", b"\0" + envelope, envelope * 2):
        with pytest.raises(Spoiled):
            unseal(changed, holder_keys(), aad=AAD)


def test_what_only_one_holder_could_read_is_spoiled() -> None:
    department, inspection = holder_keys()
    envelope = seal(PLAIN, public_keys(), aad=AAD)

    for keys in ((department,), (inspection, department), (inspection, inspection)):
        with pytest.raises(Spoiled):
            unseal(envelope, keys, aad=AAD)
    assert unseal(envelope, (inspection,), aad=AAD) != PLAIN


def test_random_bytes_of_the_right_length_are_spoiled() -> None:
    with pytest.raises(Spoiled):
        unseal(os.urandom(sealed_size(512, public_keys())), holder_keys(), aad=AAD)


@pytest.mark.parametrize("size", [0, 16, 24, 31, 33])
def test_a_content_key_of_another_length_spoils_it(size: int) -> None:
    oaep = padding.OAEP(padding.MGF1(SHA256()), SHA256(), None)
    wrapped = public_keys()[0].rsa.encrypt(bytes(size), oaep)
    content = bytes(540)
    if size in (16, 24):
        content = bytes(12) + AESGCM(bytes(size)).encrypt(bytes(12), PLAIN, AAD)

    with pytest.raises(Spoiled):
        unseal(wrapped + content, holder_keys()[:1], aad=AAD)


def test_nothing_is_sealed_to_nobody() -> None:
    with pytest.raises(ValueError, match="needs a key"):
        seal(PLAIN, (), aad=AAD)
    with pytest.raises(ValueError, match="needs a key"):
        unseal(PLAIN, (), aad=AAD)


class Box(list[Sealed]):
    """Envelopes that know how many of them were taken out to be opened."""

    taken = 0

    def __iter__(self) -> Iterator[Sealed]:
        self.taken += len(self)
        return super().__iter__()

    def __getitem__(self, which: Any) -> Any:
        some = super().__getitem__(which)
        self.taken += len(some) if isinstance(which, slice) else 1
        return some


def test_of_a_large_box_no_more_lies_open_than_is_read() -> None:
    """Ten thousand ballots are opened one handful after the other."""
    (one,) = sealed_export.cast(staff={"good": 1})
    forms = {one.batch_id: sealed_export.form(one.batch_id)}
    box = Box([one] * 3 * AT_ONCE)
    opened = ballots_in(box, holder_keys(), forms, seen=SeenEnvelopes())

    next(opened)
    opened.close()  # type: ignore[attr-defined]  # a generator

    assert 0 < box.taken <= AT_ONCE
