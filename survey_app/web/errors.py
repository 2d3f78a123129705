"""Refusal → page and status; HTTP numbers live here.

What goes wrong is logged by its type and the line of ours it passed through, never by
its message: a message can carry what somebody wrote.
"""

import traceback
from collections.abc import Iterable
from types import TracebackType
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
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter, Map

from survey_app.database import is_damage
from survey_app.domain.ground import correction_refusals, file_faults, refusals
from survey_app.forms.answer_form import CUT, Flaw
from survey_app.web.address_tails import without_tail

STATUS: dict[type[refusals.Refusal], int] = {
    refusals.UnknownChannel: 404,
    refusals.SurveyNotYetOpen: 403,
    refusals.SurveyClosed: 410,
    refusals.SurveyVoid: 410,
    refusals.RehearsalOver: 409,
    refusals.UnknownReceipt: 404,
    refusals.UnreadableForm: 400,
    refusals.TooLarge: 413,
    refusals.TooManyRequests: 429,
    refusals.NotKept: 503,
    refusals.PerhapsKept: 503,
    refusals.SignInFailed: 403,
    refusals.SignInNeeded: 401,
    refusals.NotAllowed: 403,
    refusals.NameTaken: 409,
    refusals.NameRefused: 422,
    refusals.LastManager: 409,
    refusals.NotFound: 404,
    refusals.AlreadyOpened: 409,
    refusals.BeingRehearsed: 409,
    refusals.VoidingAsked: 409,
    refusals.NotExtended: 422,
    refusals.NotRehearsed: 409,
    refusals.CycleInUse: 409,
    refusals.NotReadyToOpen: 422,
    refusals.ResultsSealed: 403,
    refusals.ResultsNotSettled: 403,
    refusals.VoidNotSettled: 403,
    refusals.PlanChanged: 409,
    refusals.CountersDiffer: 409,
    refusals.EarlierFormat: 409,
    refusals.NoBallotDatabase: 409,
    refusals.WrongMode: 409,
    refusals.TwoAccountsNeeded: 403,
    refusals.AnotherManagerNeeded: 403,
    refusals.AlreadyRated: 409,
    refusals.RatingSettled: 409,
    refusals.PasswordStillGiven: 403,
    refusals.PasswordGivenSince: 403,
    refusals.CycleSettled: 409,
    refusals.CycleNotReady: 409,
    correction_refusals.CorrectionRefused: 422,
    correction_refusals.CorrectionDecided: 409,
    correction_refusals.CorrectionOutdated: 409,
    correction_refusals.CorrectionInDoubt: 403,
    correction_refusals.AnotherConfirms: 403,
    refusals.OwnerNotConfirmed: 403,
    refusals.NotYoursToConfirm: 403,
    refusals.AlreadyPrinted: 409,
    refusals.SlipsAreOut: 409,
    refusals.GroupTooSmall: 422,
    refusals.UnsafeServer: 409,
    refusals.SecretsMissing: 409,
    refusals.WrongPassphrase: 422,
    refusals.WeakPassphrase: 422,
    refusals.WeakPassword: 422,
    refusals.KeyRefused: 422,
    refusals.KeyOfAnotherSurvey: 422,
    refusals.ExportRefused: 422,
    refusals.ChallengesNotCompared: 422,
    refusals.ChallengeNotOpened: 422,
    refusals.BoxNotReady: 409,
    refusals.TicketNotTaken: 403,
    refusals.CommentsSealed: 403,
    refusals.CommentSettled: 409,
    refusals.EditRefused: 422,
    file_faults.FileRefused: 422,
    file_faults.QuestionnaireRefused: 422,
    file_faults.SchemeRefused: 422,
    file_faults.ScoreInputRefused: 422,
}


def status_of(flaws: Iterable[Flaw]) -> int:
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
    app.register_error_handler(Exception, _fault)


def refuse(refusal: refusals.Refusal) -> ResponseReturnValue:
    """Return the page of this refusal with its status."""
    return refused_with(page(type(refusal).__name__, refusal), refusal)


def refused_with(page: str | Response, refusal: refusals.Refusal) -> Response:
    """Return a page with the refusal's status, and when to press again."""
    response = make_response(page, STATUS[type(refusal)])
    if isinstance(refusal, refusals.TooManyRequests):
        response.headers["Retry-After"] = str(refusal.seconds)
    elif isinstance(refusal, refusals.NotKept):
        response.headers["Retry-After"] = "5"
    return response


def page(kind: str, refusal: refusals.Refusal | None = None) -> str:
    """Return the plain page for a refusal, in the manner of the side it is met on."""
    side = "office" if request.path.startswith("/office") else "respondent"
    return render_template(f"{side}/refused.html", kind=kind, refusal=refusal)


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
    response = make_response(page("HttpError"), error.code)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _fault(error: Exception) -> ResponseReturnValue:
    """Log a fault of ours by its type and show a page without detail."""
    if isinstance(error, DBAPIError) and is_damage(error):
        current_app.logger.error("a database is damaged: run `survey check`")
        return page("Damaged"), 503
    current_app.log_exception((type(error), error, error.__traceback__))  # type: ignore[arg-type]  # a raised error has a traceback
    return page("Fault"), 500
