"""Passwords: made, hashed, recognised; the only importer of argon2.

Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet): a
flood of sign-ins must not eat the memory the respondents' side lives on. A hash made
with other parameters still works and is renewed at the next sign-in.
"""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from survey_app.domain.ground.printed_code import symbols
from survey_app.domain.ground.weak_secret import composed

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS = _hasher.hash(secrets.token_hex())
"""Compared with where there is no account, so that asking costs the same."""


def hash_of(password: str) -> str:
    """Return the Argon2id hash of the one spelling (NFKC), with parameters and salt."""
    return _hasher.hash(_bytes(composed(password)))


def matches(password_hash: str | None, password: str) -> bool:
    """Return whether the password is the one; without a hash, do the work and deny."""
    # As it was typed too: hashes from before there was one spelling keep working.
    spellings = dict.fromkeys((composed(password), password))
    return any(_fits(password_hash, one) for one in spellings)


def _fits(password_hash: str | None, password: str) -> bool:
    try:
        _hasher.verify(password_hash or _NOBODYS, _bytes(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


def is_outdated(password_hash: str) -> bool:
    """Return whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def generated() -> str:
    """Return a new random password: 80 bits in four groups people can read out."""
    code = symbols(secrets.token_bytes(10), 16)
    return "-".join(code[start : start + 4] for start in range(0, 16, 4))
