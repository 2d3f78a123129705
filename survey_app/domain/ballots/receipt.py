"""What a person is given for a ballot: that it is in the box, never what it says."""

from dataclasses import dataclass

PURPOSE = b"receipt\0"


@dataclass(frozen=True, slots=True)
class CastReceipt:
    """Tracker and signature; no time, which would show the order of arrival."""

    survey_id: int
    tracker: bytes
    """32 bytes; see `domain.ballots.tracker`."""
    signature: bytes
    """The server's Ed25519 signature (64 bytes) of `receipt_message`."""


def receipt_message(survey_id: int, tracker: bytes) -> bytes:
    """Return what the server signs: purpose, survey in decimal, 0, tracker."""
    return PURPOSE + b"%d\0" % survey_id + tracker
