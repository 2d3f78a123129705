"""The body of a request: whole or not at all, or of an answer its beginning."""

from flask import request

from survey_app.domain.refusals import TooLarge, UnreadableForm
from survey_app.web.headers import LARGEST_BODY

LARGEST_ANSWER = 256 * 1024
"""Bytes; more than any questionnaire and a comment of twenty thousand characters."""
LARGEST_WASTE = 4 * 1024 * 1024
"""Bytes read of an answer that is longer. A browser shows no reply before it could send
everything, and what somebody pasted by mistake is seldom longer."""
_PIECE = 64 * 1024


def sent_body() -> bytes:
    """Return what was sent; raises TooLarge, or UnreadableForm where it was cut off."""
    try:
        body = request.get_data()
    except OSError as error:  # how the server says that a chunk makes no sense
        raise UnreadableForm from error
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
    try:
        while read < LARGEST_WASTE and (piece := request.stream.read(_PIECE)):
            read += len(piece)
            body += piece[: LARGEST_ANSWER - len(body)]
    except OSError as error:  # how the server says that a chunk makes no sense
        raise UnreadableForm from error
    cut = read > LARGEST_ANSWER
    if announced is not None and read != announced and not cut:
        raise UnreadableForm
    return bytes(body), cut
