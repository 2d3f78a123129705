"""The body of a request: whole or not at all, or of an answer its beginning."""

from functools import partial

from flask import Flask, Response, render_template, request
from flask_babel import force_locale, gettext

from survey_app.domain.ground.refusals import TooLarge, UnreadableForm
from survey_app.refusing.table import unread_words
from survey_app.settings import Settings
from survey_app.web.headers import LARGEST_BODY
from survey_app.web.language import LANGUAGES


def init_app(app: Flask, settings: Settings) -> None:
    """Let the server ask for the pages it sends by itself."""
    # Behind a proxy of ours everybody is where the public address says.
    met_at = settings.public_url if settings.trusted_proxies else None
    app.extensions["survey_unread"] = partial(unread_page, app, base=met_at)


def unread_page(app: Flask, status: int, *, base: str | None) -> Response:
    """Return the page the server sends for this status, dressed like any other.

    `base` is the address it is met at, as far as that can be known beforehand.
    """
    with app.test_request_context("/", base_url=base):
        said = []
        for language in LANGUAGES:
            with force_locale(language):
                begin = gettext("Type the code of a survey")
                words = map(gettext, unread_words(status))
                said.append((language, *words, begin))
        page = Response(
            render_template("respondent/unread.html", said=said),
            status=status,
            mimetype="text/html",
        )
        return app.process_response(page)


LARGEST_ANSWER = 256 * 1024
"""Bytes; more than any questionnaire and a comment of twenty thousand characters."""
LARGEST_WASTE = 4 * 1024 * 1024
"""Bytes read of an answer that is longer. A browser shows no reply before it could send
everything, and what somebody pasted by mistake is seldom longer."""
_PIECE = 64 * 1024


def sent_body() -> bytes:
    """Return what was sent; raises TooLarge, or UnreadableForm where it was cut off."""
    body = request.get_data()
    announced = request.content_length
    if announced is not None and len(body) != announced:
        raise UnreadableForm
    # Werkzeug cuts a body that announces no length off at the limit, silently.
    if announced is None and len(body) >= LARGEST_BODY:
        raise TooLarge
    return body


def sent_answer() -> tuple[bytes, bool]:
    """Return what was sent, or its beginning, and whether it is the beginning only.

    The choices come first in every form of ours, so too long a comment takes none of
    them away. Raises UnreadableForm where the body was cut off on its way.
    """
    announced = request.content_length
    request.max_content_length = max(announced or 0, LARGEST_WASTE)
    body, read = bytearray(), 0
    while read < LARGEST_WASTE and (piece := request.stream.read(_PIECE)):
        read += len(piece)
        body += piece[: LARGEST_ANSWER - len(body)]
    cut = read > LARGEST_ANSWER
    if announced is not None and read != announced and not cut:
        raise UnreadableForm
    return bytes(body), cut
