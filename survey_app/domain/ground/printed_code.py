"""Codes that people read, type and scan: channels and receipts.

Crockford's base 32 leaves out I, L, O and U; what people type instead is forgiven.
A channel code carries its own signature, so that a mistyped or invented code is turned
away before any database is asked.
"""

import hashlib
import hmac
from collections.abc import Sequence

CYRILLIC = "АВСЕНЈКМОРЅТХУІӀҮ", "ABCEHJKM0PSTXY11Y"
GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZH1KMN0PTYX"
OTHERS = "İ〇ー", "10-"
"""A Turkish I, a Chinese zero, and what a Japanese keyboard has for a dash."""

CODE_LETTERS = {
    ord(seen): meant
    for look, said in (CYRILLIC, GREEK, OTHERS)
    for seen, meant in zip(look, said, strict=True)
}
"""Capital as it was typed (its number) → the letter or digit it is read as."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FORGIVEN = str.maketrans("OIL", "011", " -")

CHANNEL_RANDOM = 6
"""Random symbols of a channel code: 30 bits."""
CHANNEL_SIGNED = 4
"""Signature symbols: one in a million invented codes gets past them."""
SLIP_RANDOM = 8
"""Random symbols of a slip: 40 bits."""
SLIP_SIGNED = 10
"""Signature symbols: 50 bits, for no table knows which slips there are."""
SLIP_TAIL = SLIP_RANDOM + SLIP_SIGNED
WINDOW_SIGNED = 4
"""Symbols of a code that changes: 20 bits, good for minutes."""
SCREEN_SECRET = 20
"""Symbols of the secret of a screen: 100 bits."""
SUBMISSION_BYTES = 16
SUBMISSION_RANDOM = 10
"""Random bytes of a submission id; the others are its signature: 48 bits."""
RECEIPT_BYTES = 10


def normalised(typed: str) -> str:
    """Return the code as printed: upper case, no spaces, O and I and L forgiven."""
    return typed.upper().translate(_FORGIVEN)


def symbols(raw: bytes, count: int) -> str:
    """Return the first `count` symbols (5 bits each) of these bytes."""
    number = int.from_bytes(raw)
    spare = len(raw) * 8 - count * 5
    return "".join(
        ALPHABET[number >> spare + 5 * place & 31] for place in reversed(range(count))
    )


def channel_code(randomness: bytes, key: bytes) -> str:
    """Return a signed channel code made of at least 4 random bytes."""
    free = symbols(randomness, CHANNEL_RANDOM)
    return free + _signature(free, key)


def is_channel_code(code: str, key: bytes) -> bool:
    """Return whether this installation signed the code (normalised)."""
    free, signature = code[:CHANNEL_RANDOM], code[CHANNEL_RANDOM:]
    return code.isascii() and hmac.compare_digest(signature, _signature(free, key))


def _signature(free: str, key: bytes) -> str:
    digest = hmac.digest(key, b"channel\0" + free.encode(), "sha256")
    return symbols(digest, CHANNEL_SIGNED)


def slip_tail(channel: str, randomness: bytes, key: bytes) -> str:
    """Return what follows the channel's code on one slip, of 5 random bytes."""
    free = symbols(randomness, SLIP_RANDOM)
    return free + _slip_signature(channel, free, key)


def is_slip_tail(channel: str, tail: str, key: bytes) -> bool:
    """Return whether this installation made such a slip for this channel."""
    free, signature = tail[:SLIP_RANDOM], tail[SLIP_RANDOM:]
    expected = _slip_signature(channel, free, key)
    return tail.isascii() and hmac.compare_digest(signature, expected)


def _slip_signature(channel: str, free: str, key: bytes) -> str:
    signed = f"slip\0{channel}\0{free}".encode()
    return symbols(hmac.digest(key, signed, "sha256"), SLIP_SIGNED)


def slip_receipt(channel: str, tail: str, subject: str, key: bytes) -> bytes:
    """Return the receipt of what a slip says about one subject, however often.

    Whatever page it came from: so it counts once, and no list of used slips is kept,
    in which the order would say who came when. Whoever has the slip can look whether
    it was used, and nobody can see how.
    """
    told = hmac.digest(key, f"used\0{channel}\0{tail}\0{subject}".encode(), "sha256")
    return receipt_of(told)


def window_tail(channel: str, window: int, key: bytes) -> str:
    """Return what follows the channel's code on its screen in this window of time."""
    signed = f"window\0{channel}\0{window}".encode()
    return symbols(hmac.digest(key, signed, "sha256"), WINDOW_SIGNED)


def screen_secret(channel: str, key: bytes) -> str:
    """Return what lets a device show the changing codes of this channel."""
    signed = f"screen\0{channel}".encode()
    return symbols(hmac.digest(key, signed, "sha256"), SCREEN_SECRET)


def is_screen_secret(channel: str, secret: str, key: bytes) -> bool:
    """Return whether this is the secret of the channel's screen."""
    expected = screen_secret(channel, key)
    return secret.isascii() and hmac.compare_digest(secret, expected)


def signed_submission(randomness: bytes, door: str, key: bytes) -> bytes:
    """Return a submission id made of these random bytes and good at one door only.

    `door` says where: whose page it stands in.
    """
    free = randomness[:SUBMISSION_RANDOM]
    signed = hmac.digest(key, b"submission\0" + door.encode() + b"\0" + free, "sha256")
    return free + signed[: SUBMISSION_BYTES - SUBMISSION_RANDOM]


def is_signed_submission(submission: bytes, door: str, key: bytes) -> bool:
    """Return whether this installation made the submission id for this door."""
    return hmac.compare_digest(submission, signed_submission(submission, door, key))


def receipt_of(submission: bytes) -> bytes:
    """Return the receipt of a submission id: 80 bits of its SHA-256.

    Derived from the id the page was served with and from nothing else: the answers do
    not enter, so the receipt can prove "counted" and cannot prove "how".
    """
    return hashlib.sha256(b"receipt\0" + submission).digest()[:RECEIPT_BYTES]


def call_mark(submission: bytes) -> bytes:
    """Return what shows that a call with this submission id was told of before.

    Nobody who has it can tell which receipt came of the same call, or whether any did.
    """
    return hashlib.sha256(b"call\0" + submission).digest()[:RECEIPT_BYTES]


def printed_receipt(receipt: bytes) -> str:
    """Return the receipt as a person reads it: four groups of four symbols."""
    code = symbols(receipt, RECEIPT_BYTES * 8 // 5)
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def receipt_bytes(typed: str) -> bytes | None:
    """Return the receipt a person typed, or None where it cannot be one."""
    code = normalised(typed)
    if len(code) != RECEIPT_BYTES * 8 // 5 or set(code) - set(ALPHABET):
        return None
    number = 0
    for symbol in code:
        number = number << 5 | ALPHABET.index(symbol)
    return number.to_bytes(RECEIPT_BYTES)


def slot_of(receipt: bytes, slots: Sequence[int]) -> int:
    """Return which of these slots a receipt lies in: a repeat finds its slot again."""
    return slots[int.from_bytes(receipt) % len(slots)]
