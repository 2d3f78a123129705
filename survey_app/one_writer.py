"""One thread that writes for all others of its process, many pieces of work at a time.

Whoever hands something in gets a ticket, settled once it was done. The thread does what
has gathered while it did what came before: a lone piece waits for nothing, a crowd
shares the cost of a commit. There is no timer. The thread begins with the first piece
and ends when none came for a while, so that none is there when a process forks.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from threading import Lock, Thread
from typing import Generic, NamedTuple, TypeVar

from sqlalchemy import Engine

from survey_app.domain.ground.refusals import NotKept, PerhapsKept
from survey_app.turn import PATIENCE as LEFT

LARGEST_BATCH = 64
"""Pieces of work done together; a longer queue is done in several turns."""
LONGEST_QUEUE = 2048
"""Pieces that may wait; whoever comes then is refused at once."""
PATIENCE = 4.0
"""Seconds a piece may wait to be done; whoever waited longer is refused."""
LONGEST = 5.0
"""Seconds after which whoever is still waited for, though it is being done, is told
that nobody knows: a commit may wait for a disk or another machine without an end."""
SHORTEST = 0.25
"""Seconds the database is given in any case."""
IDLE = 10.0
"""Seconds without work after which the thread ends."""

log = logging.getLogger("gunicorn.error")

W = TypeVar("W")
R = TypeVar("R")


class Handed(NamedTuple, Generic[W, R]):
    """A piece of work, and whom to tell."""

    work: W
    ticket: "Future[R]"
    since: float


More = Callable[[Callable[[W], bool]], Sequence[Handed[W, R]]]
"""Gives what has come since, as far as it fits."""


def settle(ticket: "Future[R]", result: R | Exception) -> None:
    """Tell what became of a piece; who was told already that nobody knows is not."""
    with suppress(InvalidStateError):
        if isinstance(result, Exception):
            ticket.set_exception(result)
        else:
            ticket.set_result(result)


def hurried(engine: Engine, batch: Sequence[Handed[W, R]]) -> Engine:
    """Return the same engine, for transactions that wait no longer than this batch may.

    Whoever has waited in the queue does not wait as long again for the database.
    """
    waited = time.monotonic() - min(handed.since for handed in batch)
    if waited < SHORTEST:
        return engine
    return engine.execution_options(**{LEFT: max(SHORTEST, PATIENCE - waited)})


class OneWriter(Generic[W, R]):
    """The queue of a process, and the thread that works it off."""

    def __init__(
        self,
        do: Callable[[Sequence[Handed[W, R]], More[W, R]], None],
        *,
        longest: int = LONGEST_QUEUE,
        patience: float = PATIENCE,
        at_most: float = LONGEST,
    ) -> None:
        self._do = do
        """Settles the ticket of every piece; of those it does not, nobody knows.

        Once it is its turn it may ask for more: for what came while it waited.
        """
        self._longest = longest
        self._patience = patience
        self._at_most = at_most
        self._in_hand: list[Handed[W, R]] = []
        self._queue: deque[Handed[W, R]] = deque()
        self._lock = Lock()
        self._bell = Lock()
        """Held while the writer sleeps; whoever lets it go wakes him."""
        self._sleeps = False
        self._threads: tuple[Thread, ...] = ()

    def hand_in(self, work: W) -> "Future[R]":
        """Return the ticket of a piece of work; NotKept where its turn comes too late.

        Raises NotKept where too many wait already.
        """
        handed = Handed[W, R](work, Future(), time.monotonic())
        handed.ticket.set_running_or_notify_cancel()  # nobody takes it back
        with self._lock:
            if len(self._queue) >= self._longest:
                raise NotKept
            self._queue.append(handed)
            wakes, self._sleeps = self._sleeps, False
            if begins := not self._threads:
                both = (self._work_on, self._refuse_who_waited)
                self._threads = tuple(Thread(target=do, daemon=True) for do in both)
        if begins:
            for thread in self._threads:
                thread.start()
        elif wakes:
            self._bell.release()
        return handed.ticket

    def _work_on(self) -> None:
        """Do what waits, batch by batch, until nothing came for a while."""
        self._bell.acquire(blocking=False)
        while batch := self._awaited_batch():
            self._in_hand = batch
            try:
                self._do(tuple(batch), self._more)
            except Exception as fault:  # noqa: BLE001 -- this thread is everybody's
                log.error("fault %s", type(fault).__name__)
            finally:
                self._in_hand = []
                for handed in batch:
                    settle(handed.ticket, PerhapsKept())

    def _awaited_batch(self) -> list[Handed[W, R]]:
        """Return the next batch, asleep until there is one; empty: it ends."""
        while True:
            with self._lock:
                many = min(len(self._queue), LARGEST_BATCH)
                batch = [self._queue.popleft() for _ in range(many)]
                self._sleeps = not batch
            if batch or not (self._bell.acquire(timeout=IDLE) or self._goes_on()):
                return batch

    def _more(self, belongs: Callable[[W], bool]) -> Sequence[Handed[W, R]]:
        """Return what came since then, up to the first piece that does not fit.

        It is in hand from now on, like the batch.
        """
        came: list[Handed[W, R]] = []
        with self._lock:
            room = LARGEST_BATCH - len(self._in_hand)
            while len(came) < room and self._queue and belongs(self._queue[0].work):
                came.append(self._queue.popleft())
            self._in_hand += came
        return came

    def _goes_on(self) -> bool:
        """Return whether something came in the last moment; otherwise nobody writes."""
        with self._lock:
            if not self._queue:
                self._sleeps, self._threads = False, ()
            return bool(self._queue)

    def _refuse_who_waited(self) -> None:
        """Refuse whoever waits too long for the writer, who may be waiting himself."""
        ours = self._threads
        while self._threads is ours:
            time.sleep(self._patience / 16)
            now = time.monotonic()
            late = []
            with self._lock:
                while self._queue and now - self._queue[0].since > self._patience:
                    late.append(self._queue.popleft())
            for handed in late:
                settle(handed.ticket, NotKept())
            for handed in tuple(self._in_hand):
                if now - handed.since > self._at_most and not handed.ticket.done():
                    settle(handed.ticket, PerhapsKept())
