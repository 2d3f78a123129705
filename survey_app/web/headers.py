"""Security and cache headers of every reply, and the limits every request meets.

One table: what all replies carry, and what each side of the house allows beyond that.
"""

import base64
import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from survey_app.ballot.paper.keys_page import keys_page_policy
from survey_app.ballot.paper.sealing_script import sealing_script
from survey_app.settings import Settings
from survey_app.web.ready_reply import ReadyReply

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LARGEST_BODY = 64 * 1024
"""Bytes; more than any questionnaire needs. Imports raise it for themselves."""

ONE_READ = 128 * 1024
"""Bytes. Werkzeug counts the piece it is reading against the limit of text fields, of
files too: what is left of the piece before (a line break that could begin a boundary)
and 64 KiB more must pass, or a file is refused wherever a line break ends a piece."""

EVERYWHERE = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Unless a reply has chosen its own."""
FILES = "public, max-age=31536000, immutable"
"""Cache-Control of static files, whose address changes with their content."""
HTTPS_ONLY = "max-age=31536000"
"""A browser that came over https comes over nothing else for a year. Never sent over
http, where it would mean nothing; other names of the domain are not ours to bind."""
IMMUTABLE = {200, 304}
"""Statuses that stand for a whole static file; a missing one may come later."""
WHOLE = "no-store, no-transform"
"""Cache-Control of what must not be compressed, here or on the way: how well a page
with answers in it can be compressed depends on the answers."""

POLICY = (
    "default-src 'none'; {allowed}; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FRAMED = (
    "default-src 'none'; {allowed}; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-scripts"
)
"""Of a respondent's page in a frame of its author's: nothing is sent from there."""
OFFICE, RESPONDENT, PAPERS, BOOTH = "office", "respondent", "papers", "booth"
SCREEN = "screen"
"""The page on a counter's screen, which nobody touches."""
PREVIEW, PROVING = "preview", "proving"
"""PROVING: a respondent's page that asks for a proof of work."""
KEYS = "keys"
"""The page of key holders: what it may do stands in the page itself."""
ALLOWED = {
    OFFICE: (
        "script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; frame-src 'self'"
    ),
    RESPONDENT: (
        "script-src {keep} {resend} {rules} {kinds}; style-src {page} {tongue}; "
        "img-src 'self' data:; connect-src 'self'"
    ),
    PROVING: (
        "script-src {keep} {resend} {rules} {kinds} {proof}; "
        "style-src {page} {tongue}; img-src 'self' data:; connect-src 'self'"
    ),
    PREVIEW: (
        "script-src {keep} {resend} {rules} {kinds}; style-src {page} {tongue}; "
        "img-src 'self' data:"
    ),
    PAPERS: "style-src {page} {ballot}; img-src data:",
    SCREEN: "style-src {page} {screen}; img-src data:",
    BOOTH: (
        "script-src {booth} {seal} {rules} {kinds}; "
        "style-src {page} {ballot} {tongue}; "
        "img-src data:"
    ),
}
"""What the pages of each side may load; stylesheets and the script that stand in the
page by their hash. The booth's own script takes a code out of the address and stops
second clicks; the rules' says what they are broken by, and sends nothing; that of the
kinds shows what is asked only of some."""
IN_THE_PAGE = {
    "page": "respondent/page.css",
    "ballot": "ballot/page.css",
    "tongue": "respondent/tongue.css",
    "screen": "respondent/screen.css",
    "keep": "respondent/keep.js",
    "resend": "respondent/resend.js",
    "rules": "respondent/rules.js",
    "kinds": "respondent/kinds.js",
    "proof": "respondent/proof.js",
    "booth": "ballot/ballot.js",
}
PREVIEWS = frozenset({"office.rule_preview"})
BLUEPRINTS = {
    "ballot": BOOTH, "ballot_papers": PAPERS, "keys_page": KEYS, "screen": SCREEN,
}  # fmt: skip
OFFICE_PATHS = ("/office", "/static")


def init_app(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer that did not choose its own."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY + ONE_READ
    app.config["MAX_FORM_PARTS"] = 500
    _dress_replies(app)
    if settings.trusted_proxies:
        # ProxyFix is the documented way to believe our own proxies and nobody else.
        app.wsgi_app = OurProxies(  # type: ignore[method-assign]
            app.wsgi_app,
            x_for=settings.trusted_proxies,
            x_proto=settings.trusted_proxies,
        )


class OurProxies(ProxyFix):
    """Werkzeug's, but where a proxy did not say who came, nobody is taken for it.

    Its own address would be the place of everybody.
    """

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Serve the request with the address that was told, or with none."""
        told = environ.get("HTTP_X_FORWARDED_FOR", "")
        if len(told.split(",")) < self.x_for or not told.strip():
            environ["REMOTE_ADDR"] = ""
        return super().__call__(environ, start_response)


def policies(app: Flask) -> dict[str, str]:
    """Return side → its Content-Security-Policy, with the hashes it needs."""
    hashes = {name: _digest(app, file) for name, file in IN_THE_PAGE.items()}
    hashes["seal"] = _source(sealing_script())
    of_pages = {
        side: (FRAMED if side == PREVIEW else POLICY).format(
            allowed=allowed.format(**hashes)
        )
        for side, allowed in ALLOWED.items()
    }
    return of_pages | {KEYS: f"{keys_page_policy()}; frame-ancestors 'none'"}


def side() -> str:
    """Return on which side of the house this request came in."""
    if request.endpoint in PREVIEWS:
        return PREVIEW
    if request.path.startswith(OFFICE_PATHS):
        return OFFICE
    usual = PROVING if g.get("asks_proof") else RESPONDENT
    return BLUEPRINTS.get(request.blueprint or "", usual)


def _dress_replies(app: Flask) -> None:
    """Add what is missing; static files may be kept, pages never."""
    policy = policies(app)

    always = {
        (where, secure): (
            ("Content-Security-Policy", policy[where]),
            *((("Strict-Transport-Security", HTTPS_ONLY),) if secure else ()),
            *EVERYWHERE.items(),
        )
        for where in policy
        for secure in (True, False)
    }

    def dress(response: Response) -> Response:
        if isinstance(response, ReadyReply):
            response.always = always[side(), request.is_secure]
            return response
        if request.endpoint == "static" and response.status_code in IMMUTABLE:
            response.headers["Cache-Control"] = FILES
        response.headers["Content-Security-Policy"] = policy[side()]
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = HTTPS_ONLY
        chosen = {name for name, _ in response.headers}
        for name, value in EVERYWHERE.items():
            if name not in chosen:
                response.headers.add(name, value)
        return response

    app.after_request(dress)


def _digest(app: Flask, file: str) -> str:
    return _source(app.jinja_env.get_template(file).render())


def _source(text: str) -> str:
    """Return how a policy names an element with this text."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
