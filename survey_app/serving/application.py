"""A whole request, answered by the program and sent by the event loop.

Respondents' in a greenlet of the loop (serving/answering.py), all others in a thread.
"""

import asyncio
import io
import logging
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_to_bytes

from survey_app.serving.connection import OFFICE
from survey_app.serving.pieces import Pieces, Turns, send_pieces
from survey_app.serving.waiting import Waiting
from survey_app.waiting import LATER

Headers = list[tuple[bytes, bytes]]
Rest = Pieces | None
Later = Callable[[float], None]
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

ONCE = {"HTTP_CONTENT_LENGTH", "HTTP_CONTENT_TYPE", "HTTP_TRANSFER_ENCODING"}
"""Said otherwise, or true no more, once a body is whole."""
LONG = 1024 * 1024
"""Bytes; what is longer is not joined before it is sent."""

log = logging.getLogger("gunicorn.error")


class Hold:
    """How long a reply that is ready is held back, while its thread serves others."""

    def __init__(self) -> None:
        self._until = 0.0

    def later(self, seconds: float) -> None:
        """Let the reply leave in so many seconds, and not before."""
        self._until = time.monotonic() + seconds

    async def over(self) -> None:
        """Return once the reply may leave."""
        # The loop counts in thousandths: what it cuts off would tell how long it took.
        while (left := self._until - time.monotonic()) > 0:
            await asyncio.sleep(left)


class Application:
    """The program behind an event loop; an ASGI application for whole requests."""

    def __init__(self, wsgi: WSGI, unread: Mapping[int, bytes], threads: int) -> None:
        self.unread = unread
        """Status → the whole reply to what never becomes a request."""
        self.waiting = Waiting()
        self._wsgi = wsgi
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="answer")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request; its body is there already."""
        message = await receive()
        if message["type"] != "http.request":
            return
        turns, hold = Turns(self.threads), Hold()
        status, headers, body, rest = await turns.run(
            self.answer, scope, message["body"], hold.later
        )
        await hold.over()
        await send(
            {"type": "http.response.start", "status": status, "headers": headers}
        )
        if rest is None:
            await send({"type": "http.response.body", "body": body})
            return
        try:
            await send_pieces(body, rest, turns, receive, send)
        except Exception as fault:
            log.error("fault %s", type(fault).__name__)
            raise

    def answer(
        self, scope: Any, body: bytes, later: Later | None = None
    ) -> tuple[int, Headers, bytes, Rest]:
        """Return status, headers and body.

        Of a body that is sent while it is made the beginning, and the rest of it. By
        `later` the program says that the reply is to be held back.
        """
        said: list[tuple[int, Headers]] = []
        chunks: list[bytes] = []

        def start(status: str, headers: list[tuple[str, str]], *_: object) -> Any:
            named = [
                (name.encode("latin-1"), value.encode("latin-1"))
                for name, value in headers
                if name.lower() != "date"  # the server says that
            ]
            said[:] = [(int(status[:3]), named)]
            return chunks.append

        try:
            more = {LATER: later} if later else {}
            made = self._wsgi(environ_of(scope, body) | more, start)
            if said and _grows(scope, *said[0]):
                return _begun(*said[0], Pieces(made))
            try:
                chunks += made
            finally:
                close = getattr(made, "close", None)
                if close is not None:
                    close()
        except Exception as fault:  # noqa: BLE001 -- whatever the program let through
            log.error("fault %s", type(fault).__name__)
            head, _, page = self.unread[500].partition(b"\r\n\r\n")
            return 500, list(_headers_in(head)), page, None
        (status, headers), whole = said[0], b"".join(chunks)
        if scope["method"] != "HEAD" and status not in (204, 304):
            headers = [pair for pair in headers if pair[0].lower() != b"content-length"]
            headers.append((b"content-length", b"%d" % len(whole)))
        return status, headers, whole, None


def _grows(scope: Any, status: int, headers: Headers) -> bool:
    """Return whether a body is sent in pieces: the office's, long or of any length."""
    told = {name.lower(): value for name, value in headers}
    return (
        status == 200
        and scope["method"] != "HEAD"
        and scope["http_version"] == "1.1"
        and scope["raw_path"].startswith(OFFICE)
        and int(told.get(b"content-length", LONG)) >= LONG
    )


def _begun(
    status: int, headers: Headers, pieces: Pieces
) -> tuple[int, Headers, bytes, Rest]:
    """Return a reply with the first piece of its body; closes what fails before it."""
    try:
        return status, headers, pieces.next(), pieces
    except BaseException:
        pieces.close()
        raise


def environ_of(scope: Any, body: bytes) -> dict[str, Any]:
    """Return the WSGI environment of a whole request (PEP 3333)."""
    server, client = scope["server"], scope["client"]
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0] if server else "localhost",
        "SERVER_PORT": str(server[1]) if server else "80",
        "REMOTE_ADDR": client[0] if client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        # X_Forwarded_For would arrive as X-Forwarded-For does: nobody needs it.
        if b"_" not in name:
            _add(environ, name, value.decode("latin-1"))
    announced = "HTTP_CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ
    environ["CONTENT_TYPE"] = environ.get("HTTP_CONTENT_TYPE", "")
    for name in ONCE:
        environ.pop(name, None)
    if announced:
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _add(environ: dict[str, Any], name: bytes, value: str) -> None:
    """Add a header; one that came before is continued."""
    key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
    before = environ.get(key)
    if before is not None:
        value = f"{before}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
    environ[key] = value


def _headers_in(head: bytes) -> Iterable[tuple[bytes, bytes]]:
    """Yield the headers of a reply that was written out."""
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b": ")
        yield name, value
