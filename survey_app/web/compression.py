"""Compression on the public side; the office's pages are not worth their danger.

A page that holds a secret beside something typed could be guessed by its length.
"""

import gzip
import re

from flask import Flask, Response, request

from survey_app.web.headers import OFFICE, side
from survey_app.web.ready_reply import HTML, ReadyReply
from survey_app.web.respondent.ready_page import ReadyPage

GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)
"""gzip in a list of encodings, unless its quality is zero (RFC 9110, 12.5.3). Looking
for one word takes a tenth of the time of reading the whole list."""
VARY = ("Vary", "Accept-Encoding")
WORTH_IT = 1000
"""Bytes; a shorter page gains nothing from compression."""


def init_app(app: Flask) -> None:
    """Compress public pages where the browser understands it."""

    def pack(response: Response) -> Response:
        if not isinstance(response, ReadyReply) and side() != OFFICE:
            response.headers["Vary"] = VARY[1]
            _compress(response)
        return response

    app.after_request(pack)


def served(page: ReadyPage, *fillings: bytes) -> Response:
    """Return a ready page with its gaps filled, compressed where understood."""
    if not _takes_gzip():
        return ReadyReply(page.plain(*fillings), HTML, VARY)
    return ReadyReply(page.gzipped(*fillings), HTML, VARY, ("Content-Encoding", "gzip"))


def _takes_gzip() -> bool:
    """Return whether the browser understands compressed pages."""
    return bool(GZIP.search(request.environ.get("HTTP_ACCEPT_ENCODING", "")))


def _compress(response: Response) -> None:
    """Compress a page that is not yet, where it is allowed and worth it."""
    if "Content-Encoding" in response.headers or not _takes_gzip():
        return
    if response.cache_control.no_transform or response.is_streamed:
        return
    page = response.get_data()
    if len(page) >= WORTH_IT:
        response.set_data(gzip.compress(page, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
