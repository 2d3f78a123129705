"""Passphrases of key files: long enough, and stretched before they lock anything.

An encrypted PKCS8 file alone guards its passphrase with 2,048 rounds of PBKDF2, which
a graphics card undoes. So scrypt comes first, and what it gives is the password of the
PKCS8 file.
"""

from collections.abc import Iterable

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from survey_app.domain.refusals import WeakPassphrase
from survey_app.domain.weak_secret import composed, weakness_of

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
