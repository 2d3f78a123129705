"""Security and cache headers, and the limits every request meets."""

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from survey_app.settings import Settings

LARGEST_BODY = 64 * 1024
"""Bytes; more than any questionnaire needs. Imports raise it for themselves."""

OFFICE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EVERYWHERE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": OFFICE_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def init_app(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer that did not choose its own."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    app.config["MAX_FORM_PARTS"] = 500
    app.after_request(_add_headers)
    if settings.trusted_proxies:
        # ProxyFix is the documented way to believe our own proxies and nobody else.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app,
            x_for=settings.trusted_proxies,
            x_proto=settings.trusted_proxies,
        )


def _add_headers(response: Response) -> Response:
    """Add what is missing; static files may be kept, pages never."""
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    chosen = {name for name, _ in response.headers}
    for name, value in EVERYWHERE.items():
        if name not in chosen:
            response.headers.add(name, value)
    return response
