"""How much may come from one place in a minute, without knowing which place.

An address enters only through a keyed digest, together with the channel: an office
whose phones share one address can be held up on the channel it floods and on no other.
Digest and count live in memory and the key is thrown away every minute, so that nothing
about an address outlives the minute it was seen in. What several processes count is
added up in `counted_together.py`.

An address that cannot be read is no place: a proxy that writes "unknown" for everybody
must not put a county into one room. What comes so shares an allowance of its channel
that is WIDE times as large.

The counting is a dictionary of our own. The library for it (limits 5.8) starts a thread
for every hit, was measured at 20 to 80 times the cost, and takes no clock from outside.
"""

import hmac
import math
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from socket import AF_INET, inet_pton
from threading import Lock

from flask import Blueprint, Flask, Response, current_app, g, request

from survey_app.counted_together import Together
from survey_app.domain.ground.refusals import TooManyRequests
from survey_app.waiting import LATER


@dataclass(frozen=True, slots=True)
class Pace:
    """How long replies wait; zero seconds, as tests like it, is not at all."""

    seconds: float = 0.25
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def left(self, arrived: float) -> float:
        """Return the seconds until a reply to what arrived then (clock) may leave."""
        return self.remaining(self.clock() - arrived)

    def remaining(self, passed: float) -> float:
        """Return the seconds from now to the next step, the first one being the floor.

        `passed` is how long the request has been here, in seconds.
        """
        if self.seconds <= 0:
            return 0.0
        steps = max(1, math.ceil(passed / self.seconds))
        return max(0.0, steps * self.seconds - passed)


def init_app(app: Flask, pace: Pace) -> None:
    """Let paced replies wait; call before anything else that dresses replies.

    What is registered first runs last, so that drawing and compressing are inside.
    """
    app.extensions["survey_pace"] = pace

    def leave(response: Response) -> Response:
        arrived = g.pop("arrived", None)
        if arrived is not None:
            later = request.environ.get(LATER, pace.sleep)
            later(pace.left(arrived))
        return response

    app.after_request(leave)


def keep_pace(pages: Blueprint) -> None:
    """Let every reply of these pages wait, unless its view calls `hurry`."""
    pages.before_request(_arrive)


def hurry() -> None:
    """Let this reply leave at once: it depends on nothing that is kept."""
    g.pop("arrived", None)


def _arrive() -> None:
    pace: Pace = current_app.extensions["survey_pace"]
    g.arrived = pace.clock()


MINUTE = 60.0
WIDE = 10
"""Times what one place may: for everything of a channel whose place is not known."""
LONGEST_WAIT = 10 * MINUTE
SPREAD = 15
"""Seconds; by up to so many, at random, people are told to come later than needed."""

_PORT = re.compile(r"(?P<bare>\[[^\]]*\]|[^:\[\]]*)(?::\w*)?")
"""`1.2.3.4:5678` and `[2001:db8::1]:80`; a bare IPv6 address has more colons."""


SHARED_FROM = 8
"""From an eighth of what one place may send on, the processes add up what came: so
nothing leaves the process about a household, and a place may send an eighth more for
every process there is."""


class Flood:
    """Counts what is let in, by channel and neighbourhood of addresses.

    Each process counts for itself, and what is many `together` with all others.
    """

    def __init__(
        self,
        per_minute: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        together: Together | None = None,
    ) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._together = together
        self._lock = Lock()
        self._begin(clock())

    def admit(self, code: str, address: str | None) -> None:
        """Count one answer; raise TooManyRequests, saying when to come again."""
        place = neighbourhood(address)
        most = self._per_minute * (1 if place else WIDE)
        with self._lock:
            now = self._clock()
            if now >= self._ends:
                self._begin(now)
            seen = self._digest(code, place)
            mine = self._counts[seen]
            if mine >= most or self._together_reached(code, place, mine, most):
                # In a queue: so many a minute, one after the other, never all at once.
                ahead = self._waiting[seen] * MINUTE / most
                self._waiting[seen] += 1
                wait = min(self._ends - now + ahead, LONGEST_WAIT)
                raise TooManyRequests(math.ceil(wait) + secrets.randbelow(SPREAD + 1))
            self._counts[seen] += 1

    def give_back(self, code: str, address: str | None) -> None:
        """Take one answer of this minute back: it added nothing."""
        with self._lock:
            place = neighbourhood(address)
            seen = self._digest(code, place)
            if self._counts[seen]:
                self._counts[seen] -= 1
                most = self._per_minute * (1 if place else WIDE)
                if self._together and self._counts[seen] >= most // SHARED_FROM:
                    self._together.count(_what(code, place), -1)

    def _together_reached(self, code: str, place: bytes, mine: int, most: int) -> bool:
        """Return whether all processes have let in enough; count one more if not."""
        usual = most // SHARED_FROM
        if self._together is None or mine < usual:
            return False
        what = _what(code, place)
        if usual + self._together.sum_of(what) >= most:
            return True
        self._together.count(what)
        return False

    def _digest(self, code: str, place: bytes) -> bytes:
        return hmac.digest(self._key, _what(code, place), "sha256")

    def _begin(self, now: float) -> None:
        """Begin a minute that knows nothing of the one before."""
        self._key = secrets.token_bytes(32)
        self._counts: Counter[bytes] = Counter()
        self._waiting: Counter[bytes] = Counter()
        self._ends = now + MINUTE


def _what(code: str, place: bytes) -> bytes:
    return code.encode() + b"\0" + place


def neighbourhood(address: str | None) -> bytes:
    """Return the /24 or /56 of an address, with a port or not; b"" where it is none."""
    with suppress(OSError, ValueError):  # nearly all are written plainly, and many come
        return inet_pton(AF_INET, address or "")[:3]
    known = _address_in(address or "")
    if known is None:
        return b""
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped is None:
            return known.packed[:7]
        known = known.ipv4_mapped
    return known.packed[:3]


def _address_in(written: str) -> IPv4Address | IPv6Address | None:
    """Return the address a server or proxy wrote: bare, quoted, with its port."""
    text = written.strip().removeprefix("for=").strip('"')
    with_port = _PORT.fullmatch(text)
    for one in (text, with_port["bare"].strip("[]") if with_port else ""):
        try:
            return ip_address(one)
        except ValueError:
            continue
    return None
