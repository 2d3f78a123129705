"""How much may come from one place in a minute, without knowing which place.

An address enters only through a keyed digest, together with the channel: an office
whose phones share one address can be held up on the channel it floods and on no other.
Digest and count live in memory and the key is thrown away every minute, so that nothing
about an address outlives the minute it was seen in.

The counting is a dictionary of our own. The library for it (limits 5.8) starts a thread
for every hit, was measured at 20 to 80 times the cost, and takes no clock from outside.
"""

import hmac
import math
import secrets
import time
from collections import Counter
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from threading import Lock

from survey_app.domain.refusals import TooManyRequests

MINUTE = 60.0


class Flood:
    """Counts what one process lets in, by channel and neighbourhood of addresses."""

    def __init__(
        self, per_minute: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._lock = Lock()
        self._begin(clock())

    def admit(self, code: str, address: str | None) -> None:
        """Count one answer; raise TooManyRequests, saying when to come again."""
        with self._lock:
            now = self._clock()
            if now >= self._ends:
                self._begin(now)
            place = code.encode() + b"\0" + neighbourhood(address)
            seen = hmac.digest(self._key, place, "sha256")
            if self._counts[seen] >= self._per_minute:
                raise TooManyRequests(math.ceil(self._ends - now))
            self._counts[seen] += 1

    def give_back(self, code: str, address: str | None) -> None:
        """Take one answer of this minute back: it added nothing."""
        with self._lock:
            place = code.encode() + b"\0" + neighbourhood(address)
            seen = hmac.digest(self._key, place, "sha256")
            self._counts[seen] = max(0, self._counts[seen] - 1)

    def _begin(self, now: float) -> None:
        """Begin a minute that knows nothing of the one before."""
        self._key = secrets.token_bytes(32)
        self._counts: Counter[bytes] = Counter()
        self._ends = now + MINUTE


def neighbourhood(address: str | None) -> bytes:
    """Return the /24 or /56 of an address; nothing where it is none."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return b""
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped is None:
            return known.packed[:7]
        known = known.ipv4_mapped
    return known.packed[:3]
