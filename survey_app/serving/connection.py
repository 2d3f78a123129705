"""One connection: a request is collected whole, in the event loop, before it is asked.

uvicorn parses and writes. What is added here are bounds: of the head, of the body, of
the time both may take, and a page of ours for whoever meets one of them.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from survey_app.serving.answering import IN_THE_LOOP, Answering
from survey_app.serving.waiting import Waiting

LARGEST_HEAD = 64 * 1024
"""Bytes; another site's cookies of 32 KB are no reason to refuse anybody."""
LARGEST_ADDRESS = 16 * 1024
LARGEST_BODY, LARGEST_OFFICE_BODY = 5 * 1024 * 1024, 65 * 1024 * 1024
"""Bytes collected for anybody, and for the office's files. The application's own limits
are lower and their pages say more; these only bound what lies here meanwhile."""
OFFICE = b"/office"
PRINTABLE = bytes(range(0x20, 0x7F))
LINGER = 5.0
"""Seconds a declined sender may go on, so that he can read why."""


class Connection(HttpToolsProtocol):
    """A connection that bothers nobody until its request is whole."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.waiting: Waiting = self.app.waiting
        self.pages: Mapping[int, bytes] = self.app.unread
        self.declined = False
        self._in_head = True
        self._head = self.held = 0
        self._since, self._moved = self.loop.time(), 0
        self._left = 0

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was collected."""
        self.waiting.remove(self)
        self._release()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head grows beyond its bound."""
        self._moved += len(data)
        if self.declined:
            return
        super().data_received(self._spelled_out(data))
        if self._in_head and not self.declined:
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self.decline(431 if self.headers else 414)

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._in_head, self._head = True, 0
        if not self._is_answering():
            self._wait()

    def on_headers_complete(self) -> None:
        """Take the head; let the sender go on where he asked whether he may."""
        self._in_head = False
        if len(self.url) > LARGEST_ADDRESS:
            self.decline(414)
            return
        super().on_headers_complete()
        if self.expect_100_continue and not self.pipeline:
            self.cycle.waiting_for_100_continue = False
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body, as long as it is within bounds."""
        if self.declined:
            return
        office = self.url.startswith(OFFICE)
        largest = LARGEST_OFFICE_BODY if office else LARGEST_BODY
        if self.held + len(body) > largest:
            self.decline(413)
            return
        self.waiting.make_room(len(body))
        if not self.declined:
            self.held += len(body)
            self.waiting.bytes += len(body)
            self.cycle.body += body

    def on_message_complete(self) -> None:
        """Hand the request on: it is whole."""
        if self.declined or self.cycle.response_complete:
            return
        self._release()
        self.cycle.more_body = False
        self.cycle.message_event.set()
        if not self.pipeline:
            self._start_asgi_task(self.cycle, self.app)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Start the answer to a whole request; one that is not has to wait."""
        if cycle.more_body:
            return
        self.waiting.remove(self)
        path = cycle.scope["raw_path"]
        # Who does not take what was sent to him waits his turn like all others.
        if path.startswith(IN_THE_LOOP) and not self.flow.write_paused:
            # Not at once: many requests sent in one go shall not come before others.
            self.loop.call_soon(self._begin, cycle)
        else:
            super()._start_asgi_task(cycle, app)

    def _begin(self, cycle: RequestResponseCycle) -> None:
        """Answer in the loop, as far as that goes without waiting."""
        answer = partial(self._answer, cycle)
        Answering(answer, self.loop, self.app.threads).switch()

    def _answer(self, cycle: RequestResponseCycle) -> None:
        """Answer a request, in a greenlet, and send what it was answered."""
        status, headers, body, _ = self.app.answer(cycle.scope, bytes(cycle.body))
        if cycle.disconnected:
            return
        pieces = [STATUS_LINE[status]]
        for name, value in (*cycle.default_headers, *headers):
            pieces += name, b": ", value, b"\r\n"
        if not cycle.keep_alive:
            pieces.append(b"connection: close\r\n")
        pieces += b"\r\n", body
        cycle.response_started = cycle.response_complete = True
        self.transport.write(b"".join(pieces))
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for this answer to be taken."""
        super().on_response_complete()
        if not self._is_answering():
            self._in_head, self._head = self.cycle.response_complete, 0
            self._wait()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 -- it is not shown
        """Decline what is no request."""
        self.decline(400)

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: the request is answered as if it had not asked."""

    def shutdown(self) -> None:
        """End, after the answer that is being made if there is one."""
        if self._is_answering():
            self.cycle.keep_alive = False
        else:
            self.transport.close()

    def decline(self, status: int) -> None:
        """Answer with a page of ours and read no further."""
        self.declined = True
        self._release()
        if self.cycle and self.cycle.more_body:
            self.cycle.body = bytearray()
        if self._is_answering():
            self.cycle.keep_alive = False
        elif not self.transport.is_closing():
            self.transport.write(self.pages[status])
            # Closing now would tear the page out of the hands of who still sends.
            self.transport.write_eof()
            self.loop.call_later(LINGER, self.transport.close)

    def progress(self) -> tuple[float, int]:
        """Return since when it has been waited for, and the bytes moved since."""
        left = self.transport.get_write_buffer_size()
        self._moved += max(0, self._left - left)
        self._left = left
        return self._since, self._moved

    def give_up(self) -> None:
        """End a connection that takes too long; say why where that can be heard."""
        if self._left or self.declined or not self._moved:
            self.transport.abort()
        else:
            self.decline(408)

    def _spelled_out(self, data: bytes) -> bytes:
        """Return the first line of a request in ASCII, as the parser wants it.

        Some readers of QR codes send an address as it was written or printed.
        """
        if self._head or not self._in_head or data.isascii():
            return data
        line, end, rest = data.partition(b"\r\n")
        return quote(line, safe=PRINTABLE).encode() + end + rest

    def _wait(self) -> None:
        self._since, self._moved = self.loop.time(), 0
        self.waiting.add(self)

    def _is_answering(self) -> bool:
        """Return whether a whole request is being answered."""
        cycle = self.cycle
        return bool(
            cycle and not cycle.response_complete and not cycle.more_body
        ) or bool(self.pipeline)

    def _release(self) -> None:
        self.waiting.bytes -= self.held
        self.held = 0
