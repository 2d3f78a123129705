"""What every reply about ballots carries beside what all replies carry."""

import base64
import hashlib

from flask import Flask, Response, request

PAGES = ("ballot", "ballot_papers")
"""The blueprints; nothing of theirs belongs to the office."""
SCRIPTED = "ballot.enter"
STYLES = ("respondent/page.css", "ballot/page.css")
WHOLE = "no-store, no-transform"
"""Not to be compressed, here or on the way: how well a page with answers in it can be
compressed depends on the answers."""


def init_app(app: Flask) -> None:
    """Allow ballot pages their stylesheets, and the page that takes a code its script.

    Call after the respondents' headers, which leave alone what is set already.
    """
    styles = " ".join(f"'sha256-{_digest(app, style)}'" for style in STYLES)

    def dress(response: Response) -> Response:
        if request.blueprint in PAGES:
            page = request.endpoint == SCRIPTED and request.method == "GET"
            script = "script-src 'self'; " if page else ""
            response.headers["Content-Security-Policy"] = (
                f"default-src 'none'; {script}style-src {styles}; img-src data:; "
                "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            )
        return response

    app.after_request(dress)


def _digest(app: Flask, style: str) -> str:
    text = app.jinja_env.get_template(style).render()
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
