"""A right address with something hanging on to it: cut off, and sent on.

Messengers and readers of square patterns add slashes, full stops, line ends and
parameters of their own. What leads nowhere with its tail and somewhere without it is
sent there; of what was cut off nothing is repeated, as it can be the code of a slip.
"""

import re
from collections.abc import Iterator

from flask import Flask, current_app, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response

from survey_app.web.look import asked_look

CLOSED_TO_US = ("/office", "/static")
PLAIN = re.compile(r"[A-Za-z0-9/_.\-]*")
BOOTH = re.compile(r"/b(?![a-z0-9])", re.IGNORECASE)


class Tail(BaseConverter):
    """The rest of an address, whatever it is: slashes, line ends, full stops."""

    part_isolating = False
    regex = "(?s:/*[^/].*)"
    weight = 300


def without_tail() -> Response | None:
    """Return the way to the address that was meant; None where there is none.

    The way is our own path alone: no host that was sent is repeated. A body is kept.
    """
    path = request.path
    if request.url_rule is not None or path.startswith(CLOSED_TO_US):
        return None
    for meant in _meant_by(path):
        if meant != path and _leads_somewhere(meant):
            status = 302 if request.method in ("GET", "HEAD") else 308
            return redirect(meant + asked_look().suffix, status)
    return None


def _meant_by(path: str) -> Iterator[str]:
    """Yield addresses of ours that this one may be, the likeliest first."""
    found = PLAIN.match(path)
    plain = re.sub("/+", "/", found[0] if found else "").rstrip("/._-") or "/"
    yield plain
    yield plain.lower()
    if BOOTH.match(path):
        yield "/b"


def _leads_somewhere(path: str) -> bool:
    if path == "/" and any(letter.isalnum() for letter in request.path):
        return False  # an unknown page is no start page with a tail
    try:
        current_app.create_url_adapter(request).match(path, method=request.method)  # type: ignore[union-attr]  # there is a request
    except HTTPException:
        return False
    return True


def init_app(app: Flask) -> None:
    """Let routes say `<tail:…>`; call before any of them is made."""
    app.url_map.converters["tail"] = Tail
