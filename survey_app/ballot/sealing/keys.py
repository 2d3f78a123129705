"""The keys of a key holder: one pair to seal to, one pair to sign with.

The private half lives in a file that only its passphrase opens and that never comes
near the server, except in the one sitting in which a small office opens the box there.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from survey_app.ballot.sealing.signatures import (
    KEY_BYTES,
    SALT_BYTES,
    refuse_weak,
    sign,
    stretched,
)
from survey_app.domain.ground.canonical import fingerprint_of, sorted_text
from survey_app.domain.ground.frozen_text import HOLDER_KEY, BrokenText
from survey_app.domain.ground.plain import Misshapen, plain_of, value_of
from survey_app.domain.ground.refusals import KeyRefused, WrongPassphrase

BITS = 3072
SMALLEST, LARGEST = 2048, 8192
HOLDER_LIMIT = 200
FILE_FIELDS = {"public", "salt", "sealing", "signing"}
_EXPONENT = 65537
_LOCKED = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What everybody may know of a key holder; checked when built, then frozen."""

    holder: str
    """Whose key it is, such as the organization department."""
    sealing: str
    """RSA public key, PEM."""
    signing: str
    """Ed25519 public key, 64 hexadecimal digits."""

    def __post_init__(self) -> None:
        """Raise KeyRefused for what cannot be sealed to or checked against."""
        if not self.holder.strip() or len(self.holder) > HOLDER_LIMIT:
            raise KeyRefused
        # A full-width space is no control character, but not "printable" to Python.
        if not self.holder.replace("\u3000", " ").isprintable():
            raise KeyRefused
        if _raw(self.signing, KEY_BYTES).hex() != self.signing:
            raise KeyRefused
        _rsa(self.sealing)

    @property
    def rsa(self) -> RSAPublicKey:
        """Return the key that envelopes are sealed to."""
        return _rsa(self.sealing)

    @property
    def bits(self) -> int:
        """Return the length of the sealing key in bits."""
        return self.rsa.key_size

    def to_json(self) -> str:
        """Return the one canonical text of this key."""
        return sorted_text(plain_of(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the key whose text this is; KeyRefused where it is no such text."""
        return cls._from_content(_parsed(text))

    @classmethod
    def _from_content(cls, content: object) -> Self:
        try:
            return value_of(cls, content)
        except Misshapen:
            raise KeyRefused from None

    @property
    def fingerprint(self) -> str:
        """Same fingerprint, same key: SHA-256 of the canonical text, in hex."""
        return fingerprint_of(self.to_json())


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key: the text of the holder's file, and what goes to the office."""

    private_text: str = field(repr=False)
    public: PublicKey


@dataclass(frozen=True, slots=True)
class HolderKey:
    """An unlocked key; it exists in memory only, for the time of one opening."""

    public: PublicKey
    sealing: RSAPrivateKey = field(repr=False)
    signing: bytes = field(repr=False)
    """Ed25519 private key, 32 bytes."""

    def sign(self, message: bytes) -> bytes:
        """Return the holder's signature (64 bytes); the message names its purpose."""
        return sign(self.signing, message)


def make_key(holder: str, passphrase: str, *, bits: int = BITS) -> MadeKey:
    """Return a new key; WeakPassphrase, or KeyRefused for the name or the bits."""
    refuse_weak(passphrase, names=(holder,))
    if not SMALLEST <= bits <= LARGEST or bits % 8:
        raise KeyRefused
    sealing = generate_private_key(_EXPONENT, bits)
    signing = Ed25519PrivateKey.generate()
    public = _public(holder, sealing, signing)
    salt = secrets.token_bytes(SALT_BYTES)
    locked = BestAvailableEncryption(stretched(passphrase, salt))
    content = {
        "format": HOLDER_KEY.format,
        "public": plain_of(public),
        "salt": salt.hex(),
        "sealing": _locked_text(sealing, locked),
        "signing": _locked_text(signing, locked),
    }
    whole = content | {"checksum": _checksum(content)}
    return MadeKey(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", public)


def unlock(private_text: str, passphrase: str) -> HolderKey:
    """Return the key in this file.

    KeyRefused where it is no key file, not a whole one, or one whose private keys are
    not those of its public part; NewerFormat where a later program made it;
    WrongPassphrase where only the passphrase is wrong.
    """
    content = _whole_file(private_text)
    public = PublicKey._from_content(content["public"])
    password = stretched(passphrase, _raw(content["salt"], SALT_BYTES))
    sealing = _unlocked(content["sealing"], password)
    signing = _unlocked(content["signing"], password)
    if not isinstance(sealing, RSAPrivateKey):
        raise KeyRefused
    if not isinstance(signing, Ed25519PrivateKey):
        raise KeyRefused
    if _public(public.holder, sealing, signing) != public:
        raise KeyRefused
    return HolderKey(public, sealing, signing.private_bytes_raw())


def public_part(private_text: str) -> PublicKey:
    """Return the public part of a key file, for which nobody needs the passphrase.

    KeyRefused where it is no key file, or not a whole one.
    """
    return PublicKey._from_content(_whole_file(private_text)["public"])


def _whole_file(private_text: str) -> dict[str, Any]:
    """Return what the file says; KeyRefused where anything of it is missing.

    Its checksum is no protection, it tells damage from a wrong passphrase.
    """
    content = _parsed(private_text)
    rest = {key: part for key, part in content.items() if key != "checksum"}
    try:
        whole = HOLDER_KEY.newest_of(rest)
    except BrokenText:
        raise KeyRefused from None
    if content.get("checksum") != _checksum(rest) or set(whole) != FILE_FIELDS:
        raise KeyRefused
    return whole


def _parsed(text: str) -> dict[str, Any]:
    """Return the JSON object this text is; KeyRefused where it is none."""
    try:
        # A file saved in a Windows editor begins with a byte order mark.
        content = json.loads(text.removeprefix("\ufeff"))
        # Half a character can be read from JSON and written nowhere.
        sorted_text(content).encode()
    except (ValueError, RecursionError):
        raise KeyRefused from None
    if not isinstance(content, dict):
        raise KeyRefused
    return content


def _checksum(content: Mapping[str, Any]) -> str:
    return fingerprint_of(sorted_text(content))


def _public(
    holder: str, sealing: RSAPrivateKey, signing: Ed25519PrivateKey
) -> PublicKey:
    """Return the public part that belongs to these private keys."""
    return PublicKey(
        holder,
        _pem(sealing.public_key()),
        signing.public_key().public_bytes_raw().hex(),
    )


def _pem(key: RSAPublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@lru_cache(maxsize=64)
def _rsa(pem: str) -> RSAPublicKey:
    """Return the RSA key; KeyRefused unless it is one, long enough, in this very PEM.

    Kept: every ballot is sealed to the same few keys.
    """
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise KeyRefused from None
    if not isinstance(key, RSAPublicKey) or not SMALLEST <= key.key_size <= LARGEST:
        raise KeyRefused
    if key.key_size % 8 or key.public_numbers().e != _EXPONENT or _pem(key) != pem:
        raise KeyRefused
    return key


def _raw(written: object, size: int) -> bytes:
    """Return the bytes written in hexadecimal digits; KeyRefused unless so many."""
    try:
        raw = bytes.fromhex(written) if isinstance(written, str) else b""
    except ValueError:
        raise KeyRefused from None
    if len(raw) != size:
        raise KeyRefused
    return raw


def _locked_text(
    key: RSAPrivateKey | Ed25519PrivateKey, locked: BestAvailableEncryption
) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked).decode()


def _unlocked(pem: object, password: bytes) -> object:
    """Return the private key; the file is whole, so only the password can be wrong."""
    if not isinstance(pem, str) or not pem.startswith(_LOCKED):
        raise KeyRefused
    try:
        return load_pem_private_key(pem.encode(), password)
    except UnsupportedAlgorithm:
        raise KeyRefused from None
    except (ValueError, TypeError):
        raise WrongPassphrase from None
