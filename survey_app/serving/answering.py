"""A respondent's request, answered in the event loop itself, which it never holds up.

A page out of ready bytes takes a fraction of a millisecond: handing it to a thread and
back would cost as much again. So the program runs in a greenlet of the loop's thread.
Where it would wait, for a commit or for a database, it says so through
`survey_app.waiting` and leaves the loop to all others until the wait is over.
"""

from asyncio import AbstractEventLoop
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from contextvars import copy_context
from typing import Any, TypeVar

from greenlet import greenlet

T = TypeVar("T")

IN_THE_LOOP = (b"/s/", b"/S/", b"/r/", b"/R/")
"""Beginnings of the addresses that are answered so: a survey's page, sent answers, and
receipts. Everything in these views that may wait goes through `survey_app.waiting`."""


class Answering(greenlet):
    """One request being answered; begin it with `switch`, in the loop's own thread."""

    def __init__(
        self, answer: Callable[[], None], loop: AbstractEventLoop, threads: Executor
    ) -> None:
        super().__init__(answer)
        self._loop = loop
        self._threads = threads

    def wait_for(self, ticket: Future[T]) -> T:
        """Return the ticket's result; the loop goes on meanwhile."""
        if not ticket.done():
            ticket.add_done_callback(self._go_on)
            # Whoever began or resumed us is the loop, and nobody else.
            self.parent.switch()  # type: ignore[union-attr]  # only the loop has none
        return ticket.result()

    def apart(self, work: Callable[[], T]) -> T:
        """Return what the work returns in a thread that knows this request."""
        return self.wait_for(self._threads.submit(copy_context().run, work))

    def _go_on(self, _: Future[Any]) -> None:
        """Let the loop resume this request; called by whoever settled the ticket."""
        with suppress(RuntimeError):  # the loop has ended: so has everybody's wait
            self._loop.call_soon_threadsafe(self.switch)
