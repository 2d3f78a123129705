"""Refusal → page; its words and status stand in `survey_app.refusing`.

What goes wrong is logged by its type and the line of ours it passed through, never by
its message: a message can carry what somebody wrote.
"""

import traceback
from collections.abc import Iterable, Mapping
from types import MappingProxyType, TracebackType
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    has_request_context,
    make_response,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter, Map

from survey_app.damage import is_damage
from survey_app.domain.ground import refusals
from survey_app.domain.ground.cycle_refusals import AdjustmentRefused
from survey_app.domain.ground.frozen_text import TextRefused
from survey_app.forms.answer_form import CUT, Flaw
from survey_app.forms.sent_file import in_words
from survey_app.refusing.said import Said
from survey_app.refusing.table import FAILED, SAID, status_of
from survey_app.web.address_tails import without_tail
from survey_app.web.below_office import in_office
from survey_app.web.language import said as said_of

EMPTY: Mapping[str, str] = MappingProxyType({})


def status_of_flaws(flaws: Iterable[Flaw]) -> int:
    """Return the status of a form that is shown again, with or without flaws."""
    found = {flaw.why for flaw in flaws}
    return 413 if CUT in found else 422 if found else 200


class ReticentFlask(Flask):
    """Flask, but it never writes into a log what a person sent."""

    def log_exception(self, exc_info: Any) -> None:
        """Log the type of the fault and where in our code; of a ballot the type only.

        Which line it was could tell what was being done with a ballot.
        """
        kind, _, where = exc_info
        if has_request_context() and request.blueprint == "ballot":
            self.logger.error("ballot fault %s", kind.__name__)
        else:
            self.logger.error("fault %s at %s", kind.__name__, _place(where))


def _place(where: TracebackType | None) -> str:
    """Return file and line of the last step inside this program."""
    steps = [s for s in traceback.extract_tb(where) if "survey_app" in s.filename]
    last = steps[-1] if steps else None
    return f"{last.filename.rpartition('/')[2]}:{last.lineno}" if last else "outside"


class RowNumber(IntegerConverter):
    """A number that can be a row's: a larger one is an unknown address."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


def init_app(app: Flask) -> None:
    """Turn refusals and foreign errors into plain pages."""
    app.url_map.converters["int"] = RowNumber
    # No redirect of Werkzeug's own: it would repeat whatever Host it was sent.
    app.url_map.merge_slashes = False
    app.register_error_handler(refusals.Refusal, refuse)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failure)


def refuse(refusal: refusals.Refusal) -> ResponseReturnValue:
    """Return the page of this refusal with its status."""
    return refused_with(_page(SAID[type(refusal)], _figures(refusal)), refusal)


def refused_with(page: str | Response, refusal: refusals.Refusal) -> Response:
    """Return a page with the refusal's status, and when to press again."""
    response = make_response(page, status_of(refusal))
    if isinstance(refusal, refusals.TooManyRequests):
        response.headers["Retry-After"] = str(refusal.seconds)
    elif isinstance(refusal, refusals.NotKept):
        response.headers["Retry-After"] = "5"
    return response


def _page(said: Said, figures: Mapping[str, str] = EMPTY) -> str:
    """Return the plain page that says this, in the manner of the side it is met on."""
    if in_office():
        side, words = "office", said.in_office(_office_circumstances(figures))
    else:
        side, words = "respondent", said.to_respondent(_answering_circumstances())
    what, what_next = (gettext(text, **figures) for text in words)
    return render_template(
        f"{side}/refused.html", said=said, what=what, what_next=what_next
    )


def _office_circumstances(figures: Mapping[str, str]) -> tuple[str, ...]:
    """Return those circumstances of `Said.but` that hold on this page of the office."""
    of_cycle = "cycle_id" in (request.view_args or {})
    return ("cycle",) * of_cycle + ("sized",) * ("sent" in figures)


def _answering_circumstances() -> tuple[str, ...]:
    """Return those that hold here for whoever answers."""
    on_ballot = (request.blueprint or "").startswith("ballot")
    return ("ballot",) * on_ballot + ("sent",) * (request.method == "POST")


def _figures(refusal: refusals.Refusal) -> dict[str, str]:
    """Return what the words are filled with: which text, why, how much was sent."""
    if isinstance(refusal, TextRefused):
        return {"text": gettext(refusal.kind)}
    if isinstance(refusal, AdjustmentRefused):
        return {"why": said_of(refusal.why)}
    if not isinstance(refusal, refusals.TooLarge) or refusal.sent <= refusal.most:
        return {}
    return {"sent": in_words(refusal.sent), "most": in_words(refusal.most)}


def _too_large(_: RequestEntityTooLarge) -> ResponseReturnValue:
    sent, most = request.content_length, request.max_content_length
    return refuse(refusals.TooLarge(sent or 0, most or 0))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    """Show our own page for what Flask itself declines; redirects pass."""
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    if error.code == 404:
        return without_tail() or refuse(refusals.NotFound())
    if error.code == 400:
        return refuse(refusals.UnreadableForm())
    response = make_response(_page(SAID[refusals.AddressMisused]), error.code)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _failure(error: Exception) -> ResponseReturnValue:
    """Log a failure of ours by its type and show a page without detail."""
    if isinstance(error, DBAPIError) and is_damage(error):
        current_app.logger.error("a database is damaged: run `survey check`")
        return refuse(refusals.Damaged())
    current_app.log_exception((type(error), error, error.__traceback__))  # type: ignore[arg-type]  # a raised error has a traceback
    return _page(FAILED), FAILED.status
