"""Ticket codes: 120 random bits and a check symbol, typed or scanned from a slip.

A mistyped code is noticed before any database is asked, so that a typing mistake is no
guess and costs nothing.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass

from survey_app.domain.ground.printed_code import ALPHABET, symbols
from survey_app.domain.ground.typed_code import TICKET, TRACKER, CodeForm, codes_in

PAPERS_KEY = CodeForm(32, 4)
"""160 bits; nobody guesses them."""


def papers_key(secret: bytes, fingerprint: str) -> str:
    """Return the key (32 symbols) to the result with this fingerprint (hex)."""
    own = hmac.digest(secret, b"papers-key\0", "sha256")
    made = hmac.digest(own, b"papers\0" + fingerprint.encode(), "sha256")
    return symbols(made, PAPERS_KEY.symbols)


def opens_papers(typed: str, key: str) -> bool:
    """Return whether the key was typed, however it was typed; in constant time."""
    fits = [
        hmac.compare_digest(one.encode(), key.encode())
        for one in codes_in(typed, PAPERS_KEY)
    ]
    return any(fits)


NONCE_BYTES = 16
MARK_BYTES = 32


def page_mark_of(pepper: bytes, *, digest: bytes, nonce: bytes) -> bytes:
    """Return the mark (32 bytes) of a page with this nonce (16 bytes) for a ticket."""
    key = hmac.digest(pepper, b"page-mark-key\0", "sha256")
    return hmac.digest(key, b"page-mark\0" + digest + nonce, "sha256")


def is_page_of(mark: bytes, made: bytes) -> bool:
    """Return whether the mark in a row is the one that was made; in constant time."""
    return hmac.compare_digest(mark, made)


PURPOSE = b"receipt\0"


@dataclass(frozen=True, slots=True)
class CastReceipt:
    """Tracker and signature; no time, which would show the order of arrival."""

    survey_id: int
    tracker: bytes
    """32 bytes; see `tracker_of`."""
    signature: bytes
    """The server's Ed25519 signature (64 bytes) of `receipt_message`."""


def receipt_message(survey_id: int, tracker: bytes) -> bytes:
    """Return what the server signs: purpose, survey in decimal, 0, tracker."""
    return PURPOSE + b"%d\0" % survey_id + tracker


RANDOM_BYTES = 15
RANDOM_SYMBOLS = RANDOM_BYTES * 8 // 5
GROUP = 5

_FIELD = 0b100101
"""x^5 + x^2 + 1, primitive over GF(2): its root alpha = x has order 31."""


def new_ticket_code(randomness: bytes) -> str:
    """Return the 25 symbols of a new ticket; ValueError unless given 15 bytes."""
    if len(randomness) != RANDOM_BYTES:
        raise ValueError(f"a ticket is made of {RANDOM_BYTES} random bytes")
    free = symbols(randomness, RANDOM_SYMBOLS)
    return free + _check_symbol(free)


def ticket_code_of(typed: str, *, strict: bool = False) -> str | None:
    """Return the 25 symbols that were meant, or None where it is no ticket code.

    Forgiven: what `domain.typed_code` forgives every code. Every single wrong symbol
    and every swap of two different symbols gives None. `strict`: see `codes_in`.
    """
    for code in codes_in(typed, TICKET, strict=strict):
        if _check_symbol(code[:-1]) == code[-1]:
            return code
    return None


def printed_ticket(code: str) -> str:
    """Return the code as it stands on the slip: five groups of five symbols."""
    return in_groups(code)


def in_groups(code: str, size: int = GROUP) -> str:
    """Return the symbols in groups of this size, joined by dashes."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def digest_of(code: str, *, pepper: bytes, survey_id: int) -> bytes:
    """Return the 32 bytes kept instead of the code: HMAC-SHA-256 with the pepper.

    120 random bits need no slow hash (NIST SP 800-63B, look-up secrets: from 112 bits
    on any approved one-way function), and a slow one could not be looked up.
    """
    message = b"ticket\0%d\0%s" % (survey_id, code.encode())
    return hmac.digest(pepper, message, "sha256")


def _check_symbol(free: str) -> str:
    """Return the sum of alpha^(place + 1) · symbol over GF(32), as a symbol.

    Every place has another power of alpha, none of them the check symbol's own 1: a
    single error changes the sum, and so does every swap of two different symbols.
    """
    total = 0
    for symbol in reversed(free):
        total = _times_alpha(total ^ ALPHABET.index(symbol))
    return ALPHABET[total]


def _times_alpha(element: int) -> int:
    """Return the element of GF(32) times alpha."""
    doubled = element << 1
    return doubled ^ _FIELD if doubled & 32 else doubled


PRINTED_SYMBOLS = 20
"""Printed are the first 100 bits: two ballots of a county never share them."""

WHOLE = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])")
"""A tracker as lists and receipts' small print have it."""


def tracker_of(envelope: bytes) -> bytes:
    """Return the tracker (32 bytes): SHA-256 of the sealed envelope."""
    return hashlib.sha256(b"envelope\0" + envelope).digest()


def printed_tracker(tracker: bytes) -> str:
    """Return the tracker as a person reads it: four groups of five symbols."""
    return in_groups(symbols(tracker, PRINTED_SYMBOLS))


def tracker_prefix(typed: str) -> str | None:
    """Return the 20 symbols a person typed, or None where it is no tracker.

    They are the first 100 bits of a tracker: compare with `printed_tracker`, dashes
    left out. The long form, 64 hexadecimal digits, is understood too.
    """
    return next(iter(tracker_prefixes(typed)), None)


def tracker_prefixes(typed: str) -> list[str]:
    """Return all 20 symbols that may have been meant, the likeliest first."""
    if whole := WHOLE.search(unicodedata.normalize("NFKC", "".join(typed.split()))):
        return [symbols(bytes.fromhex(whole[0]), PRINTED_SYMBOLS)]
    return list(codes_in(typed, TRACKER))


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
