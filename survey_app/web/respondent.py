"""What a respondent meets: a page, a receipt, and no trace of who was there.

No cookie is set or read here. Language and size are carried in the address.
"""

from dataclasses import dataclass

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from survey_app.domain.printed_code import normalised, printed_receipt, receipt_bytes
from survey_app.domain.refusals import (
    NotKept,
    RehearsalOver,
    SurveyClosed,
    SurveyVoid,
    TooManyRequests,
    UnknownReceipt,
)
from survey_app.domain.response import COMMENT_LIMIT
from survey_app.forms.answer_form import AnswerForm
from survey_app.intake.channels import Channels, OpenChannel
from survey_app.intake.intake import Intake
from survey_app.intake.receipts import Receipts
from survey_app.settings import Settings
from survey_app.web.clock import today
from survey_app.web.compression import served
from survey_app.web.errors import STATUS
from survey_app.web.flood import Flood
from survey_app.web.look import Look, asked_look
from survey_app.web.ready_page import ReadyPage, ReadyPages
from survey_app.web.respondent_page import draw, new_submission
from survey_app.web.sent_body import sent_body

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
    channels: Channels,
    intake: Intake,
    receipts: Receipts,
) -> None:
    """Open the respondents' side of the house."""
    flood = Flood(settings.answers_per_minute)
    app.extensions["survey_respondent"] = Doors(
        channels, intake, receipts, flood, ReadyPages(_drawn)
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
    return render_template("respondent/start.html")


@pages.get("/S")
@pages.get("/s")
def typed_code() -> ResponseReturnValue:
    """Go to the page of a typed code, or ask for one."""
    typed = request.args.get("code")
    code = normalised(typed or "")
    if typed is not None and not code:
        return render_template("respondent/start.html", empty=True), 422
    where = url_for(".ask", code=code) if code else url_for(".start")
    return redirect(where + asked_look().suffix, 303)


@pages.get("/S/<code>")
@pages.get("/s/<code>")
def ask(code: str) -> Response:
    """Show the questionnaire behind a code."""
    doors = _doors()
    channel = doors.channels.find(code)
    channel.require_open(today())
    page = doors.ready.of(channel, asked_look())
    return served(page, new_submission())


@pages.post("/S/<code>")
@pages.post("/s/<code>")
def answer(code: str) -> ResponseReturnValue:
    """Keep the answer and show its receipt, or show the page again."""
    form = AnswerForm.read(sent_body(), content_type=request.mimetype)
    try:
        channel = _doors().channels.find(code)
    except NotKept as refusal:
        # Nobody can say what was asked; what was answered must still not be lost.
        page = render_template("respondent/resend.html", form=form)
        return _refused(page, refusal)
    try:
        channel.require_open(today())
        flaws = () if form.redraws else form.flaws(channel)
        if form.redraws or flaws:
            return draw(channel, form, flaws=flaws), 422 if flaws else 200
        _keep(channel, form)
    except SurveyClosed as refusal:
        if not _is_counted(form):
            if isinstance(refusal, SurveyVoid):
                return draw(channel, form, refusal=refusal), STATUS[SurveyVoid]
            raise
    except RehearsalOver as refusal:
        return draw(channel, form, refusal=refusal), STATUS[RehearsalOver]
    except (NotKept, TooManyRequests) as refusal:
        return _refused(draw(channel, form, refusal=refusal), refusal)
    return _to_receipt(form.receipt)


@pages.get("/R")
@pages.get("/r")
def receipt() -> ResponseReturnValue:
    """Let somebody type a receipt code and look whether it is counted."""
    typed = request.args.get("code")
    if typed is None:
        return render_template("respondent/receipt.html")
    if not typed.strip():
        return render_template("respondent/receipt.html", why="empty"), 422
    code = receipt_bytes(typed)
    if code is None:
        raise UnknownReceipt
    return _to_receipt(code)


@pages.get("/R/<receipt>")
@pages.get("/r/<receipt>")
def counted(receipt: str) -> str:
    """Say that the answer with this receipt is counted."""
    code = receipt_bytes(receipt)
    if code is None:
        raise UnknownReceipt
    survey = _doors().receipts.find(code)
    return render_template(
        "respondent/counted.html",
        receipt=printed_receipt(code),
        survey=survey,
        over=survey.is_over(today()),
    )


@pages.errorhandler(UnknownReceipt)
def ask_receipt_again(refusal: UnknownReceipt) -> ResponseReturnValue:
    """Bring the form back with what was typed, so that it can be mended."""
    typed = (request.view_args or {}).get("receipt") or request.args.get("code", "")
    # Control characters may not stand in a page.
    typed = "".join(letter for letter in typed if letter.isprintable())
    page = render_template("respondent/receipt.html", why="unknown", typed=typed)
    return page, STATUS[type(refusal)]


def _doors() -> Doors:
    doors: Doors = current_app.extensions["survey_respondent"]
    return doors


def _to_receipt(code: bytes) -> ResponseReturnValue:
    """Send the browser on, so that loading again sends nothing."""
    where = url_for(".counted", receipt=printed_receipt(code))
    return redirect(where + asked_look().suffix, 303)


def _keep(channel: OpenChannel, form: AnswerForm) -> None:
    """Return once the answer is kept and counted."""
    _doors().flood.admit(channel.code, request.remote_addr)
    _doors().intake.keep(form.to_response(channel), today=today())


def _is_counted(form: AnswerForm) -> bool:
    """Return whether this form was counted before, its reply having been lost."""
    try:
        return bool(form.submission and _doors().receipts.find(form.receipt))
    except UnknownReceipt:
        return False


def _drawn(channel: OpenChannel, _: Look) -> ReadyPage:
    """Return the ready page of a channel in the look of this request."""
    gap = new_submission()
    return ReadyPage.of(draw(channel, AnswerForm.fresh(gap), fresh=True), gap=gap)


def _refused(page: str, refusal: NotKept | TooManyRequests) -> Response:
    """Return a page that says nothing was kept, and when to press again."""
    response = make_response(page, STATUS[type(refusal)])
    seconds = refusal.seconds if isinstance(refusal, TooManyRequests) else 5
    response.headers["Retry-After"] = str(seconds)
    return response
