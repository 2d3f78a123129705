"""The tracker of an envelope: proves that a ballot is counted, never what it says."""

import hashlib

from survey_app.domain.ballots.ticket_code import in_groups, typed_code
from survey_app.domain.printed_code import symbols

PRINTED_SYMBOLS = 20
"""Printed are the first 100 bits: two ballots of a county never share them."""


def tracker_of(envelope: bytes) -> bytes:
    """Return the tracker (32 bytes): SHA-256 of the sealed envelope."""
    return hashlib.sha256(b"envelope\0" + envelope).digest()


def printed_tracker(tracker: bytes) -> str:
    """Return the tracker as a person reads it: four groups of five symbols."""
    return in_groups(symbols(tracker, PRINTED_SYMBOLS))


def tracker_prefix(typed: str) -> str | None:
    """Return the 20 symbols a person typed, or None where it is no tracker.

    They are the first 100 bits of a tracker: compare with `printed_tracker`, dashes
    left out.
    """
    return typed_code(typed, PRINTED_SYMBOLS)
