"""Short texts locked under a key of their own each; a door to cryptography.

What a database must hold and whoever steals the database must not read.
"""

import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

from cryptography.fernet import Fernet, InvalidToken


def locked(text: str, secret: bytes, purpose: str, *, now: datetime) -> str:
    """Return the text as only the same secret and the same purpose open it."""
    return _lock(secret, purpose).encrypt_at_time(text.encode(), _second(now)).decode()


def unlocked(
    token: str, secret: bytes, purpose: str, *,
    now: datetime, seconds: int | None = None,
) -> str | None:  # fmt: skip
    """Return the text; None where it was locked otherwise, changed, or too long ago."""
    lock = _lock(secret, purpose)
    try:
        if seconds is None:
            return lock.decrypt(token.encode()).decode()
        return lock.decrypt_at_time(token.encode(), seconds, _second(now)).decode()
    except InvalidToken:
        return None


def _lock(secret: bytes, purpose: str) -> Fernet:
    key = hmac.digest(secret, b"locked\0" + purpose.encode(), "sha256")
    return Fernet(urlsafe_b64encode(key))


def _second(now: datetime) -> int:
    return int(now.replace(tzinfo=UTC).timestamp())
