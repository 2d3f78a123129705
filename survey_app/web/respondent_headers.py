"""What every answer on the respondents' side carries, and its compression."""

import base64
import gzip
import hashlib
import re

from flask import Flask, Response, request

from survey_app.web.ready_page import ReadyPage

STYLE = "respondent/page.css"
ELSEWHERE = ("/office", "/static")
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)
"""gzip in a list of encodings, unless its quality is zero (RFC 9110, 12.5.3). Looking
for one word takes a tenth of the time of reading the whole list."""
WORTH_IT = 1000
"""Bytes; a shorter page gains nothing from compression."""


def init_app(app: Flask) -> None:
    """Put a policy that allows the inlined stylesheet, and nothing else, on pages."""
    style = app.jinja_env.get_template(STYLE).render()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )

    def dress(response: Response) -> Response:
        if not request.path.startswith(ELSEWHERE):
            # A page that needs more than the stylesheet has said so already.
            response.headers.setdefault("Content-Security-Policy", policy)
            response.headers["Vary"] = "Accept-Encoding"
            _compress(response)
        return response

    app.after_request(dress)


def served(page: ReadyPage, submission: str) -> Response:
    """Return a ready page with its submission id, compressed where understood."""
    filling = submission.encode()
    if not _takes_gzip():
        return Response(page.plain(filling), mimetype="text/html")
    response = Response(page.gzipped(filling), mimetype="text/html")
    response.headers["Content-Encoding"] = "gzip"
    return response


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
