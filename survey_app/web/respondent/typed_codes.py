"""Codes that were typed: into the field of a survey or of a receipt, or an address."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain.ground.refusals import UnknownChannel, UnknownReceipt
from survey_app.domain.ground.typed_code import RECEIPT, SURVEY, shown_again
from survey_app.forms.answer_form import REDRAW
from survey_app.refusing.table import status_of
from survey_app.web.code_field import CodeField, is_slip, sent_code, wrong_field
from survey_app.web.errors import refuse, refused_with
from survey_app.web.look import asked_look
from survey_app.web.respondent.doors import (
    doors,
    found_receipt,
    pages,
    to_receipt,
    to_survey,
)


@pages.get("/")
def start() -> str:
    """Let somebody whose phone reads no QR code type the code below it."""
    field = CodeField(why="slip") if "slip" in request.args else CodeField()
    return render_template("respondent/start.html", field=field)


@pages.get("/S")
@pages.get("/s")
@pages.post("/S")
@pages.post("/s")
def typed_code() -> ResponseReturnValue:
    """Go to the page of a typed code, or ask for one."""
    typed = sent_code()
    if typed is None:
        return redirect(url_for(".start") + asked_look().suffix, 303)
    if REDRAW in request.form:
        field = CodeField(shown_again(typed))
        return render_template("respondent/start.html", field=field)
    code = doors().channels.code_in(typed)
    return _survey_field(typed, 422) if code is None else to_survey(code, 303)


@pages.get("/R")
@pages.get("/r")
@pages.post("/R")
@pages.post("/r")
def receipt() -> ResponseReturnValue:
    """Let somebody type a receipt code and look whether it is counted."""
    typed = sent_code()
    if typed is None or REDRAW in request.form:
        field = CodeField(shown_again(typed or ""))
        return render_template("respondent/receipt.html", field=field)
    field = wrong_field(typed, RECEIPT, why="unknown")
    if field.why == "empty":
        return render_template("respondent/receipt.html", field=field), 422
    code, _ = found_receipt(typed)
    return to_receipt(code)


@pages.errorhandler(UnknownReceipt)
def ask_receipt_again(refusal: UnknownReceipt) -> ResponseReturnValue:
    """Bring the form back with what was typed, so that it can be mended."""
    typed = (request.view_args or {}).get("receipt") or sent_code() or ""
    if request.method == "GET" and is_slip(typed):
        return _away_with_slip()
    field = wrong_field(typed, RECEIPT, why="unknown")
    page = render_template("respondent/receipt.html", field=field)
    return refused_with(page, refusal)


@pages.errorhandler(UnknownChannel)
def ask_code_again(refusal: UnknownChannel) -> ResponseReturnValue:
    """Bring the start page back with the code of the address in its field."""
    if request.method == "POST":
        return refuse(refusal)
    typed = (request.view_args or {}).get("code", "")
    return _survey_field(typed, status_of(refusal))


def _survey_field(typed: str, status: int) -> ResponseReturnValue:
    """Say what is wrong with the code of a survey."""
    if request.method == "GET" and is_slip(typed):
        return _away_with_slip()
    known = doors().channels.code_in(typed) is not None
    field = wrong_field(typed, SURVEY, why="unknown" if known else "unlike")
    return render_template("respondent/start.html", field=field), status


def _away_with_slip() -> ResponseReturnValue:
    """Leave an address in which the code of a slip stands, and do not repeat it."""
    look = asked_look().suffix
    return redirect(f"{url_for('.start')}{look}{'&' if look else '?'}slip=1", 303)
