"""A reply whose headers are known beforehand: written down once, dressed in one step.

Flask makes and sends it like any other. What is left out is what the library would do
for each: measuring, quoting and checking values that are ours and never change.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Pairs = tuple[tuple[str, str], ...]
HTML = ("Content-Type", "text/html; charset=utf-8")


class ReadyReply(Response):
    """A whole body and its own few headers; what all replies carry comes at the end."""

    always: Pairs = ()
    """What `web.headers` adds: the same for every reply of this side."""

    def __init__(self, body: bytes, *own: tuple[str, str], status: int = 200) -> None:
        super().__init__(body, status)
        self._own: Pairs = (*own, ("Content-Length", str(len(body))))
        self._body = body

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Send the reply as it is."""
        start_response(self.status, [*self._own, *self.always])
        return () if environ["REQUEST_METHOD"] == "HEAD" else (self._body,)
