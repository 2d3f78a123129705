"""What somebody with a ticket meets: a field for the code, the ballot, the receipt.

The code comes in the body of a request and never in an address; no cookie is read or
set; nothing of a request is written down. Whatever keeps a ticket from being taken, the
reply is the same to the byte and leaves at the same pace.
"""

from dataclasses import dataclass

from flask import Blueprint, Flask, Response, current_app, make_response, request
from flask import render_template as rendered
from flask.typing import ResponseReturnValue

from survey_app.ballot.casting import BallotBoxes, OpenBallot
from survey_app.ballot.open_boxes import OpenBox
from survey_app.ballot.paper.ticket import CastReceipt, printed_tracker, ticket_code_of
from survey_app.domain.ground.refusals import NotKept, TicketNotTaken, TooManyRequests
from survey_app.domain.ground.typed_code import TICKET, shown_again
from survey_app.forms.answer_form import Flaw
from survey_app.forms.ballot_form import SentBallot
from survey_app.forms.unasked_marks import with_unasked
from survey_app.web.ballot.ballot_page import draw
from survey_app.web.ballot.sealed_on_device import script_in_page
from survey_app.web.clock import today
from survey_app.web.code_field import CodeField, wrong_field
from survey_app.web.errors import refused_with, status_of_flaws
from survey_app.web.headers import WHOLE
from survey_app.web.pace import Flood, hurry, keep_pace
from survey_app.web.sent_body import sent_answer
from survey_app.web.spoken import speak_as, speaks_none

FAILED_CODES = 60
"""A minute, from one neighbourhood of addresses. Codes that work are
not counted: an office behind one address can vote while somebody guesses there."""

pages = Blueprint("ballot", __name__)
keep_pace(pages)


@dataclass(frozen=True, slots=True)
class Booth:
    """Where the pages ask and hand in."""

    boxes: BallotBoxes
    failures: Flood


def init_app(app: Flask, boxes: BallotBoxes, failures: Flood) -> None:
    """Open the booth."""
    app.extensions["survey_booth"] = Booth(boxes, failures)
    app.register_blueprint(pages)


@pages.get("/B")
@pages.get("/b")
def enter() -> str:
    """Take a code out of the address's fragment, or let it be typed."""
    hurry()
    return rendered("ballot/enter.html", scripted=True, field=CodeField())


@pages.post("/B")
@pages.post("/b")
def vote() -> ResponseReturnValue:
    """Show the ballot of a code; with answers, put it into the box."""
    body, cut = sent_answer()
    form = SentBallot.read(body, content_type=request.mimetype, cut=cut)
    if form.half_typed:
        hurry()
        field = CodeField(shown_again(form.code))
        return rendered("ballot/enter.html", scripted=True, field=field)
    code = ticket_code_of(form.code)
    if code is None:
        # Nothing was asked of any database: this reply cannot tell anything.
        hurry()
        return rendered("ballot/enter.html", field=wrong_field(form.code, TICKET)), 422
    try:
        found = _booth().boxes.find(code, today=today())
        if found is None:
            return _given_before(code, form)
    except NotKept as refusal:
        # Nobody can say what was asked; what was answered must still not be lost.
        sent = not (form.only_code or form.redraws)
        again = rendered("ballot/resend.html", form=form, code=code, sent=sent)
        return _not_kept(again, refusal)
    if found.form.sheet_rules:
        speaks_none()
    else:
        speak_as(found.box.questionnaire, on_ballot=True)
    return _answered(found, code, form)


def _answered(found: OpenBallot, code: str, form: SentBallot) -> ResponseReturnValue:
    """Return the page again, or the receipt."""
    if form.only_code:
        return draw(found, code, form)
    if form.is_sealed:
        return _put_sealed(found, code, form)
    form = with_unasked(form, found.form, found.gone)
    flaws = form.damage() if form.redraws else form.flaws(found.form)
    if form.redraws or flaws:
        return draw(found, code, form, flaws=flaws), status_of_flaws(flaws)
    ballot, written = form.to_ballot(found.form), form.to_texts(found.form)
    try:
        receipt = _booth().boxes.cast(
            found, code, ballot, written, today=today(), nonce=form.nonce
        )
        if receipt is None:
            return _given_before(code, form)
    except NotKept as refusal:
        return _not_kept(draw(found, code, form, refusal=refusal), refusal)
    return _in_the_box(found.box, receipt, sealed_on="server")


def _put_sealed(found: OpenBallot, code: str, form: SentBallot) -> ResponseReturnValue:
    """Return the receipt of a ballot that nobody here can read.

    What has not the one length of a ballot was not made by the page's script: the page
    comes back empty. Where it was not kept, the same envelope can be sent again.
    """
    sealed = form.sealed(found.sealed_sizes)
    if sealed is None:
        return draw(found, code, form, flaws=[Flaw("", "unknown")]), 422
    try:
        receipt = _booth().boxes.cast_sealed(
            found, code, sealed, today=today(), nonce=form.nonce
        )
        if receipt is None:
            return _given_before(code, form)
    except NotKept as refusal:
        again = rendered("ballot/resend.html", form=form, code=code, sent=True)
        return _not_kept(again, refusal)
    return _in_the_box(found.box, receipt, sealed_on="device")


def _given_before(code: str, form: SentBallot) -> Response:
    """Return the receipt once more to the page that cast this ballot.

    Raises TicketNotTaken for everybody else, and NotKept.
    """
    nonce = form.nonce
    given = _booth().boxes.given_before(code, nonce) if nonce else None
    if given is None:
        raise _refusal()
    speak_as(given.box.questionnaire, on_ballot=True)
    return _in_the_box(given.box, given.receipt, again=True)


def _in_the_box(
    box: OpenBox, receipt: CastReceipt, *, again: bool = False, sealed_on: str = ""
) -> Response:
    """Return the receipt, after which the browser has nothing to go back to.

    Although nothing may be stored, browsers keep the last pages in memory, and on the
    one before the ballot stands the code that was typed.
    """
    response = make_response(
        rendered(
            "ballot/cast.html",
            box=box,
            printed=printed_tracker(receipt.tracker),
            receipt=receipt,
            again=again,
            sealed_on=sealed_on,
            sealing_script=script_in_page(),
        )
    )
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _booth() -> Booth:
    booth: Booth = current_app.extensions["survey_booth"]
    return booth


def _refusal() -> TicketNotTaken:
    """Count a failed code and return its refusal; raises TooManyRequests instead."""
    try:
        _booth().failures.admit("", request.remote_addr)
    except TooManyRequests:
        # Guesses by the thousand must not occupy the threads of those who vote.
        hurry()
        raise
    return TicketNotTaken()


def _not_kept(page: str | Response, refusal: NotKept) -> Response:
    """Return a page that says what is known of the ballot, and when to press again."""
    response = refused_with(page, refusal)
    response.headers["Cache-Control"] = WHOLE
    return response
