"""What a respondent meets: a page, a receipt, and no trace of who was there.

No cookie is set or read here. Language and size are carried in the address.
"""

from contextlib import suppress
from dataclasses import dataclass

from flask import (
    Blueprint,
    Flask,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from survey_app.domain.ground.printed_code import (
    normalised,
    printed_receipt,
    receipt_bytes,
)
from survey_app.domain.ground.refusals import (
    NotKept,
    PerhapsKept,
    Refusal,
    RehearsalOver,
    SurveyClosed,
    SurveyVoid,
    TooManyRequests,
    UnknownChannel,
    UnknownReceipt,
)
from survey_app.domain.ground.typed_code import RECEIPT, SURVEY, shown_again
from survey_app.domain.questionnaire.answers import COMMENT_LIMIT
from survey_app.forms.answer_form import REDRAW, AnswerForm
from survey_app.refusing.table import status_of
from survey_app.settings import Settings
from survey_app.survey.channels import Channels, OpenChannel
from survey_app.survey.intake import CountedIn, Intake, Receipts
from survey_app.web.clock import today
from survey_app.web.code_field import (
    CodeField,
    is_slip,
    possible_receipts,
    sent_code,
    wrong_field,
)
from survey_app.web.errors import refuse, refused_with, status_of_flaws
from survey_app.web.look import asked_look
from survey_app.web.pace import Flood
from survey_app.web.respondent.question_page import draw, draw_repeated
from survey_app.web.respondent.ready_page import ReadyPages
from survey_app.web.respondent.served_page import questions, thanks
from survey_app.web.sent_body import sent_answer

NOT_NOW = (SurveyClosed, RehearsalOver, NotKept, TooManyRequests)
"""Why a complete answer may not be taken now; a void survey is one that is closed."""

pages = Blueprint("respondent", __name__)


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the pages ask and hand in."""

    channels: Channels
    intake: Intake
    receipts: Receipts
    flood: Flood
    ready: ReadyPages


def init_app(
    app: Flask,
    settings: Settings,
    *,
    flood: Flood,
    channels: Channels,
    intake: Intake,
    receipts: Receipts,
) -> None:
    """Open the respondents' side of the house."""
    app.extensions["survey_respondent"] = Doors(
        channels, intake, receipts, flood, ReadyPages()
    )
    app.jinja_env.globals.update(
        asked_look=asked_look,
        place_name=settings.place_name,
        contact=settings.contact,
        comment_limit=COMMENT_LIMIT,
    )
    app.register_blueprint(pages)


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
    code = _doors().channels.code_in(typed)
    return _survey_field(typed, 422) if code is None else _to_survey(code, 303)


@pages.get("/S/<tail:code>")
@pages.get("/s/<tail:code>")
def ask(code: str) -> ResponseReturnValue:
    """Show the questionnaire behind a code; cut what hangs on to its address."""
    doors = _doors()
    channel = doors.channels.find(code)
    if normalised(code) != channel.code:
        return _to_survey(channel.code, 302)
    channel.require_open(today())
    return questions(doors.ready, channel, asked_look())


@pages.post("/S/<tail:code>")
@pages.post("/s/<tail:code>")
def answer(code: str) -> ResponseReturnValue:
    """Keep the answer and show its receipt, or show the page again."""
    body, cut = sent_answer()
    form = AnswerForm.read(body, content_type=request.mimetype, cut=cut)
    try:
        channel = _doors().channels.find(code)
    except NotKept as refusal:
        # Nobody can say what was asked; what was answered must still not be lost.
        page = render_template("respondent/resend.html", form=form)
        return refused_with(page, refusal)
    try:
        channel.require_open(today())
        flaws = form.damage() if form.redraws else form.flaws(channel)
        if form.redraws or (flaws and not _is_counted(form)):
            return draw(channel, form, flaws=flaws), status_of_flaws(flaws)
        if flaws:
            return draw_repeated(channel, form, over=False)
        if _keep(channel, form):
            return _to_receipt(form.receipt)
    except NOT_NOW as refusal:
        return _not_now(channel, form, refusal)
    return draw_repeated(channel, form, over=False)


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
    code, _ = _found_receipt(typed)
    return _to_receipt(code)


@pages.get("/R/<tail:receipt>")
@pages.get("/r/<tail:receipt>")
def counted(receipt: str) -> ResponseReturnValue:
    """Say that the answer with this receipt is counted."""
    code, survey = _found_receipt(receipt)
    if receipt_bytes(receipt) != code:
        return _to_receipt(code, 302)
    return thanks(
        _doors().ready,
        printed_receipt(code),
        survey,
        asked_look(),
        over=survey.is_over(today()),
    )


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
    known = _doors().channels.code_in(typed) is not None
    field = wrong_field(typed, SURVEY, why="unknown" if known else "unlike")
    return render_template("respondent/start.html", field=field), status


def _away_with_slip() -> ResponseReturnValue:
    """Leave an address in which the code of a slip stands, and do not repeat it."""
    look = asked_look().suffix
    return redirect(f"{url_for('.start')}{look}{'&' if look else '?'}slip=1", 303)


def _to_survey(code: str, status: int) -> ResponseReturnValue:
    return redirect(url_for(".ask", code=code) + asked_look().suffix, status)


def _found_receipt(typed: str) -> tuple[bytes, CountedIn]:
    """Return the receipt that was meant, and where it is counted.

    Every code that may have been meant is asked for before UnknownReceipt is raised.
    """
    for code in map(receipt_bytes, possible_receipts(typed)):
        with suppress(UnknownReceipt):
            if code is not None:
                return code, _doors().receipts.find(code)
    raise UnknownReceipt


def _doors() -> Doors:
    doors: Doors = current_app.extensions["survey_respondent"]
    return doors


def _to_receipt(code: bytes, status: int = 303) -> ResponseReturnValue:
    """Send the browser on, so that loading again sends nothing."""
    where = url_for(".counted", receipt=printed_receipt(code))
    return redirect(where + asked_look().suffix, status)


def _keep(channel: OpenChannel, form: AnswerForm) -> bool:
    """Return once the form is counted: whether by this answer, or it was before.

    What adds nothing uses up nothing of what may come from one place.
    """
    doors, place = _doors(), (channel.code, request.remote_addr)
    doors.flood.admit(*place)
    fresh = False
    try:
        fresh = doors.intake.keep(form.to_response(channel), today=today())
    finally:
        if not fresh:
            doors.flood.give_back(*place)
    return fresh


def _not_now(
    channel: OpenChannel, form: AnswerForm, refusal: Refusal
) -> ResponseReturnValue:
    """Say why nothing is added now; asked first is whether the form counts already."""
    counted = _is_counted(form)
    if counted and isinstance(refusal, SurveyVoid):
        return _to_receipt(form.receipt)
    over = isinstance(refusal, SurveyClosed)
    if counted:
        return draw_repeated(channel, form, over=over)
    if isinstance(refusal, SurveyVoid | RehearsalOver):
        return refused_with(draw(channel, form, refusal=refusal), refusal)
    if over and counted is not None:
        raise refusal
    if over:
        refusal = PerhapsKept()
    page = draw(channel, form, refusal=refusal, known=counted is not None)
    return refused_with(page, refusal)


def _is_counted(form: AnswerForm) -> bool | None:
    """Return whether this form was counted before; None where nobody can say."""
    try:
        return bool(form.submission and _doors().receipts.find(form.receipt))
    except UnknownReceipt:
        return False
    except NotKept:
        return None
