"""A seal over what was frozen and settled in the main database.

Whoever can write to the database but does not know the server's secret key can change
the rules by which results are shown, or the results, but not without its being seen.
The seal lies beside the plan. Its key is made from the secret key and reaches whoever
reads or writes plans with the engine of their session; without one, plans are neither
sealed nor checked beyond their own fingerprint.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

DIGEST = 32
"""Hexadecimal digits of a tally's digest."""
SEAL_KEY = "seal_key"
"""Execution option of an engine: the key, or nothing."""


def seal_key_from(secret_key: str) -> bytes:
    """Return the key for seals; it opens nothing else the secret key is used for."""
    return hmac.digest(secret_key.encode(), b"seal of a publication plan", "sha256")


def seal_key_of(session: Session) -> bytes | None:
    """Return the key this session's database is sealed with; None: none is known."""
    return key_at(session.get_bind())


def key_at(bind: Engine | Connection) -> bytes | None:
    """Return the key of an engine or a connection."""
    key: bytes | None = bind.get_execution_options().get(SEAL_KEY)
    return key


def seal(key: bytes | None, *parts: object) -> str | None:
    """Return the seal over these parts, in hex; None without a key."""
    if key is None:
        return None
    text = json.dumps([str(part) for part in parts], ensure_ascii=False)
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def tally_digest(counted: Iterable[tuple[str, str, str, int]]) -> str:
    """Return the digest of a subject's (group, question, choice, count), in any order.

    A choice that was counted zero times is as one that was not counted.
    """
    text = json.dumps(sorted(one for one in counted if one[-1]), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST]


def is_whole(text: str, fingerprint: str) -> bool:
    """Return whether the text is the one this SHA-256 was taken of."""
    return hashlib.sha256(text.encode()).hexdigest() == fingerprint
