"""Waiting for what another thread will say, and leaving to another what may take long.

In a plain thread both simply block. The server answers respondents in greenlets of its
event loop, which must never block: whoever answers there hands out both ways of waiting
with the greenlet itself (serving/answering.py), and everybody else is back meanwhile.
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from greenlet import getcurrent

T = TypeVar("T")


def wait_for(ticket: Future[T]) -> T:
    """Return the ticket's result once it is there; raises what it was settled with."""
    waits = getattr(getcurrent(), "wait_for", None)
    found: T = ticket.result() if waits is None else waits(ticket)
    return found


def apart(work: Callable[[], T]) -> T:
    """Return what this returns, raise what it raises; it may take as long as it likes.

    In the event loop it runs in a thread of the pool.
    """
    works = getattr(getcurrent(), "apart", None)
    found: T = work() if works is None else works(work)
    return found
