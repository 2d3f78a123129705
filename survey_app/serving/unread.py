"""Replies to what never becomes a request: drawn once, with every header of ours."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

STATUSES = (400, 408, 413, 414, 431, 500, 503)
PLAIN = (b"content-type: text/plain\r\n", b"declined\n")


def replies(program: Any) -> Mapping[int, bytes]:
    """Return status → the whole reply, as the program draws it.

    A program that draws none is a small one of a test, and is answered for plainly.
    """
    draw = getattr(program, "extensions", {}).get("survey_unread")
    return {
        status: _reply(status, *(PLAIN if draw is None else _drawn(draw(status))))
        for status in STATUSES
    }


def _drawn(response: Any) -> tuple[bytes, bytes]:
    """Return headers and body of a drawn page."""
    headers = (
        f"{name}: {value}\r\n".encode("latin-1")
        for name, value in response.headers
        if name.lower() not in ("content-length", "connection")
    )
    return b"".join(headers), response.get_data()


def _reply(status: int, headers: bytes, body: bytes) -> bytes:
    first = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
    last = b"content-length: %d\r\nconnection: close\r\n\r\n" % len(body)
    return first + headers + last + body
