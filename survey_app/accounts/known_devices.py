"""Marks by which a device of the office is known again; they are kept there alone."""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

MOST = 5
"""Accounts that one device remembers; a shared computer of the office has a few."""
_NONCE = 16
_NOBODYS = (0, "")


def device_of(
    marks: Sequence[str], key: bytes, account_id: int | None, password_hash: str | None
) -> bytes | None:
    """Return what tells the device from others; None where it is strange.

    Without an account it does the same work and finds nothing.
    """
    found = None
    account = (account_id or _NOBODYS[0], password_hash or _NOBODYS[1])
    for mark in marks[:MOST]:
        raw = _raw(mark)
        if hmac.compare_digest(raw, _mark(raw[:_NONCE], key, *account)):
            found = raw[:_NONCE]
    return found if account_id is not None else None


def remembered(
    marks: Sequence[str], key: bytes, account_id: int, password_hash: str
) -> tuple[str, ...]:
    """Return the marks with that of this account first; its old ones fall away last."""
    nonce = device_of(marks, key, account_id, password_hash)
    raw = _mark(nonce or secrets.token_bytes(_NONCE), key, account_id, password_hash)
    mark = urlsafe_b64encode(raw).decode().rstrip("=")
    return (mark, *(one for one in marks if one != mark))[:MOST]


def _mark(nonce: bytes, key: bytes, account_id: int, password_hash: str) -> bytes:
    said = b"device\0%b%d\0%b" % (nonce, account_id, password_hash.encode())
    return nonce + hmac.digest(key, said, "sha256")[:16]


def _raw(mark: str) -> bytes:
    """Return the bytes of a mark; nothing where it is none."""
    try:
        return urlsafe_b64decode(mark.encode() + b"=" * (-len(mark) % 4))
    except ValueError:
        return b""
