"""The tracker of an envelope: proves that a ballot is counted, never what it says."""

import hashlib
import re
import unicodedata

from survey_app.domain.ballots.ticket_code import in_groups
from survey_app.domain.printed_code import symbols
from survey_app.domain.typed_code import TRACKER, codes_in

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
