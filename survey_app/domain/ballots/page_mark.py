"""The mark of the page a ballot was sent from: that page may ask for its receipt again.

A reply can be lost after the ballot was kept. Every ballot page carries a nonce of its
own; what lies in the ticket's row is a mark that only the nonce, the code and the
survey's pepper together can make. Whoever sends the nonce again is given the receipt
again and nothing else. The answers do not enter, neither into the nonce nor into the
mark: it cannot be asked what a ballot says, nor whether two say the same.
"""

import hmac

NONCE_BYTES = 16
MARK_BYTES = 32


def page_mark_of(pepper: bytes, *, digest: bytes, nonce: bytes) -> bytes:
    """Return the mark (32 bytes) of a page with this nonce (16 bytes) for a ticket."""
    key = hmac.digest(pepper, b"page-mark-key\0", "sha256")
    return hmac.digest(key, b"page-mark\0" + digest + nonce, "sha256")


def is_page_of(mark: bytes, made: bytes) -> bool:
    """Return whether the mark in a row is the one that was made; in constant time."""
    return hmac.compare_digest(mark, made)
