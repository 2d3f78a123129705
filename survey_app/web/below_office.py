"""What is done for requests to the office and for no others.

The office has a cookie and forms that come back; whoever answers has neither. Every
request of a respondent passes here, sees that it is none of the office's, and enters
nothing of it.
"""

from collections.abc import Callable

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue

PREFIX = "/office"

Hook = Callable[[], ResponseReturnValue | None]


class OfficeSession(SecureCookieSessionInterface):
    """Flask's signed cookie, which other pages than the office's never look at."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the cookie says below the office, nothing anywhere else."""
        if request.path.startswith(PREFIX):
            return super().open_session(app, request)
        return None


def in_office() -> bool:
    """Return whether the request is one to the office."""
    return request.path.startswith(PREFIX)


def init_app(app: Flask) -> None:
    """Let the session be read for the office alone."""
    app.session_interface = OfficeSession()


def before_office(app: Flask, hook: Hook) -> None:
    """Call the hook before every request to the office, known addresses or not."""

    @app.before_request
    def ask() -> ResponseReturnValue | None:
        return hook() if in_office() else None
