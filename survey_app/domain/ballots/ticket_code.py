"""Ticket codes: 120 random bits and a check symbol, typed or scanned from a slip.

A mistyped code is noticed before any database is asked, so that a typing mistake is no
guess and costs nothing.
"""

import hmac

from survey_app.domain.printed_code import ALPHABET, symbols
from survey_app.domain.typed_code import TICKET, codes_in

RANDOM_BYTES = 15
RANDOM_SYMBOLS = RANDOM_BYTES * 8 // 5
TICKET_SYMBOLS = RANDOM_SYMBOLS + 1
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
