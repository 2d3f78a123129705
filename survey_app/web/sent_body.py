"""The body of a request, whole or not at all."""

from flask import request

from survey_app.domain.refusals import TooLarge, UnreadableForm
from survey_app.web.headers import LARGEST_BODY


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
