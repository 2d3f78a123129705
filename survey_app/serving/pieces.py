"""A body that is sent while it is made: nobody holds all of it.

Only the office's are, and only what is long or comes without its length. Whoever reads
the public papers slowly would otherwise keep a database open as long as he likes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextvars import Context, copy_context
from typing import Any, TypeVar

AT_ONCE = 64 * 1024
"""Bytes that are gathered before they are sent."""
PATIENCE = 60.0
"""Seconds until whoever asked must have taken what was sent before."""

Made = TypeVar("Made")
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Turns:
    """Threads that do one thing after the other as if they were one.

    What a request leaves lying in its context is found again in the next thread, and
    none is held while nothing is to do.
    """

    def __init__(self, threads: Executor) -> None:
        self._threads = threads
        self._context: Context = copy_context()

    async def run(self, do: Callable[..., Made], *told: Any) -> Made:
        """Return what comes of it, done by whichever thread is free."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._context.run, do, *told)


class Pieces:
    """The body of a reply, gathered into pieces worth sending."""

    def __init__(self, made: Iterable[bytes]) -> None:
        self._made = made
        self._bytes: Iterator[bytes] = iter(made)

    def next(self) -> bytes:
        """Return the next piece; an empty one: that was all.

        Whoever makes it says with an empty piece of his own that it is worth sending.
        """
        gathered = bytearray()
        while len(gathered) < AT_ONCE:
            some = next(self._bytes, None)
            if some is None or (gathered and not some):
                break
            gathered += some
        return bytes(gathered)

    def close(self) -> None:
        """Let the program know that nobody wants more."""
        close = getattr(self._made, "close", None)
        if close is not None:
            close()


async def send_pieces(
    first: bytes, rest: Pieces, turns: Turns, receive: Any, send: Send
) -> None:
    """Send a body piece by piece, as fast as it is taken, while somebody is there.

    Raises what making it raises, and TimeoutError: the server then cuts it off, and
    the browser sees that something is missing.
    """
    gone = asyncio.ensure_future(receive())
    piece = first
    try:
        while piece and not gone.done():
            async with asyncio.timeout(PATIENCE):
                await send(_part(piece, more=True))
            piece = await turns.run(rest.next)
        await send(_part(b"", more=False))
    finally:
        gone.cancel()
        await turns.run(rest.close)


def _part(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}
