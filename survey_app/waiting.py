"""Waiting for what another thread will say, and leaving to another what may take long.

In a plain thread all of these simply block. The server answers respondents in
greenlets of its event loop, which must never block: whoever is answered there brings
both ways of waiting with his greenlet (serving/answering.py), and everybody else is
served meanwhile.
"""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

from greenlet import getcurrent

T = TypeVar("T")

LATER = "survey.later"
"""Key of a request's environment: the server's own way of holding a whole reply back
for so many seconds, which takes no thread. Where there is none, somebody sleeps."""


def wait_for(ticket: Future[T]) -> T:
    """Return the ticket's result once it is there; raises what it was settled with."""
    waits = getattr(getcurrent(), "wait_for", None)
    found: T = ticket.result() if waits is None else waits(ticket)
    return found


def apart(work: Callable[[], T]) -> T:
    """Return what this returns, raise what it raises; it may take as long as it likes.

    In the event loop it runs in a thread of the pool, which knows of the same request.
    """
    works = getattr(getcurrent(), "apart", None)
    found: T = work() if works is None else works(work)
    return found


class Flights:
    """What is being worked out just now: a crowd that asks for one thing waits for it.

    Whoever asks afterwards starts anew; nothing is remembered here.
    """

    def __init__(self) -> None:
        self._under_way: dict[Hashable, Future[Any]] = {}

    def once(self, what: Hashable, work: Callable[[], T]) -> T:
        """Return what the work returns, done apart, by the first who asks for it.

        Everybody who waited gets the same result, or the same exception.
        """
        mine: Future[T] = Future()
        # The one step in which two threads could both be first.
        ticket: Future[T] = self._under_way.setdefault(what, mine)
        if ticket is not mine:
            return wait_for(ticket)
        try:
            mine.set_result(apart(work))
        except BaseException as error:
            mine.set_exception(error)
            raise
        finally:
            del self._under_way[what]
        return mine.result()
