"""What somebody of the office typed, locked so that only the same account reads it.

It travels through the sign-in page of whoever sits down next, perhaps somebody else at
a shared computer: the browser holds bytes that only this server opens, and the server
keeps nothing.
"""

import hmac
import json
import zlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken

LARGEST_TEXT = 256 * 1024
"""Bytes that a locked form may unfold to: far more than a form of the office holds."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """The fields of one form and the page it stood on; no file and no password."""

    page: str
    """The address of the page the form stands on."""
    fields: tuple[tuple[str, str], ...]
    files: bool = False
    """Whether files were sent that must be chosen again."""
    secrets: bool = False
    """Whether passwords or passphrases were sent that must be typed again."""


def locked(form: KeptForm, secret: bytes, *, owner: str, now: datetime) -> str:
    """Return the form as text that `unlocked` reads for the same owner only."""
    written = json.dumps([form.page, form.fields, form.files, form.secrets])
    packed = zlib.compress(written.encode("utf-8", "surrogatepass"))
    return _lock(secret, owner).encrypt_at_time(packed, _second(now)).decode()


def unlocked(
    text: str, secret: bytes, *, owner: str, now: datetime, lasts: timedelta
) -> KeptForm | None:
    """Return the form; None where it is another's, was changed, or is too old."""
    seconds = int(lasts.total_seconds())
    try:
        packed = _lock(secret, owner).decrypt_at_time(
            text.encode(), seconds, _second(now)
        )
    except InvalidToken:
        return None
    unpacking = zlib.decompressobj()
    written = unpacking.decompress(packed, LARGEST_TEXT)
    if unpacking.unconsumed_tail:
        return None
    page, fields, files, secrets = json.loads(written.decode("utf-8", "surrogatepass"))
    return KeptForm(
        page, tuple((name, value) for name, value in fields), files, secrets
    )


def _lock(secret: bytes, owner: str) -> Fernet:
    """Return the lock that one account has the key to."""
    key = hmac.digest(secret, b"kept form\0" + owner.encode(), "sha256")
    return Fernet(urlsafe_b64encode(key))


def _second(now: datetime) -> int:
    return int(now.replace(tzinfo=UTC).timestamp())
