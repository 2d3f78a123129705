"""The tag of a used ticket: what no one can write who only reaches the database.

An envelope can be sealed by anybody, since the holders' keys are public. The tag is
made with the survey's pepper, which lies outside the database; so a row that was
changed there no longer fits when the box closes. It has one length, and says nothing to
whoever does not hold the pepper.
"""

import hmac

SIZE_BYTES = 4


def tag_of(
    pepper: bytes, *, batch_id: str, digest: bytes, envelope: bytes, comment: bytes
) -> bytes:
    """Return the tag (32 bytes) of a ticket with this content.

    HMAC-SHA-256, under a key that is itself derived from the pepper, over the parts,
    each after its length.
    """
    key = hmac.digest(pepper, b"ticket-tag-key\0", "sha256")
    parts = (batch_id.encode(), digest, envelope, comment)
    message = b"".join(len(part).to_bytes(SIZE_BYTES) + part for part in parts)
    return hmac.digest(key, b"ticket-tag\0" + message, "sha256")


def tag_fits(tag: bytes, made: bytes) -> bool:
    """Return whether the tag in a row is the one that was made."""
    return hmac.compare_digest(tag, made)
