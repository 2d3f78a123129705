"""Ed25519 signatures, made and checked.

They are deterministic: a signer has no freedom in which a mark could be hidden. Every
signed message starts with its purpose, so that none can be passed off as another.
"""

from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from survey_app.domain.ground.refusals import WeakPassphrase
from survey_app.domain.ground.weak_secret import composed, weakness_of

SALT_BYTES = 16
_COST, _BLOCK, _PARALLEL = 2**17, 8, 1
"""128 MB and a third of a second: the first of OWASP's scrypt settings."""


def refuse_weak(passphrase: str, *, names: Iterable[str] = ()) -> None:
    """Raise WeakPassphrase for a short one, or one that is guessed from pieces."""
    if weakness_of(passphrase, names=names):
        raise WeakPassphrase


def stretched(passphrase: str, salt: bytes) -> bytes:
    """Return the password of the PKCS8 file: scrypt of the passphrase, in hex."""
    scrypt = Scrypt(salt=salt, length=32, n=_COST, r=_BLOCK, p=_PARALLEL)
    written = composed(passphrase).encode("utf-8", "surrogatepass")
    return scrypt.derive(written).hex().encode()


KEY_BYTES = 32

MANIFEST = b"manifest\0"
"""Goes before a manifest's text, which is signed as it was kept, letter by letter.
Every other paper says in its own `signed_message` what its signature is for."""


def make_signing_key() -> bytes:
    """Return a new private signing key (32 bytes)."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_of(key: bytes) -> bytes:
    """Return the public part (32 bytes) of a private signing key."""
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()


def sign(key: bytes, message: bytes) -> bytes:
    """Return the signature (64 bytes) of the message, which names its purpose first."""
    return Ed25519PrivateKey.from_private_bytes(key).sign(message)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether the holder of the key signed exactly this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
