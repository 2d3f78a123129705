"""An auditor binds himself to a slip before the survey opens, without showing it."""

import hashlib


def commitment_of(code: str, nonce: str) -> str:
    """Return SHA-256 over b"challenge", 0, code, 0 and nonce, in hex.

    The code is a normalised ticket code; the nonce is the text the auditor keeps
    beside it. Whoever sees the commitment learns neither; whoever is shown both can
    check that no other slip was meant.
    """
    content = b"\0".join((b"challenge", code.encode(), nonce.encode()))
    return hashlib.sha256(content).hexdigest()
