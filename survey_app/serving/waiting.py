"""The connections of one process that still owe it a request, and what they hold.

However many there are and however slowly they send, they cost a little memory and no
thread: none may stay for ever, none may keep a newcomer out, and together they hold no
more than a fixed number of bytes.
"""

from typing import Protocol

MOST = 1500
"""Connections that may wait in one process; the one that waited longest makes room."""
MOST_BYTES = 128 * 1024 * 1024
"""Of bodies that are not whole yet, all connections of one process together."""
GRACE = 30.0
"""Seconds nobody is asked to hurry."""
SLOWEST = 1024
"""Bytes a second that must arrive, or be taken, on the average after that."""
LONGEST = 900.0
"""Seconds after which even a steady sender is given up."""


class Waiter(Protocol):
    """A connection as this list sees it."""

    held: int
    """Bytes of a body that is not whole."""

    def progress(self) -> tuple[float, int]:
        """Return since when it has been waited for, and the bytes moved since."""

    def decline(self, status: int) -> None:
        """Answer with the page of this status and let go of what is held."""

    def give_up(self) -> None:
        """End it, saying so where somebody may still listen."""


class Waiting:
    """Who has not sent a whole request, longest first."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.bytes = 0
        """Held for bodies that are not whole."""
        self._waiters: dict[Waiter, None] = {}

    def add(self, waiter: Waiter) -> None:
        """Wait for this one from now on; the longest waiting one makes room."""
        self._waiters.pop(waiter, None)
        self._waiters[waiter] = None
        if len(self._waiters) > self.most:
            first = next(iter(self._waiters))
            self.remove(first)
            first.give_up()

    def remove(self, waiter: Waiter) -> None:
        """Wait for this one no longer."""
        self._waiters.pop(waiter, None)

    def make_room(self, more: int) -> None:
        """See to it that so many bytes may be held; whoever holds most goes first."""
        while self.bytes and self.bytes + more > MOST_BYTES:
            max(self._waiters, key=lambda one: one.held).decline(503)

    def sweep(self, now: float) -> None:
        """Give up whoever moves too slowly; call about once a second."""
        for waiter in list(self._waiters):
            since, moved = waiter.progress()
            passed = now - since
            if passed > LONGEST or (passed > GRACE and moved < SLOWEST * passed):
                self.remove(waiter)
                waiter.give_up()
