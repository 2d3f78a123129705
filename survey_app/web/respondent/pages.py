"""What a respondent meets: a page, a receipt, and no trace of who was there.

No cookie is set or read here. Language and size are carried in the address.
"""

from functools import partial

from flask import Flask, render_template, request
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
    UnknownReceipt,
)
from survey_app.domain.questionnaire.answers import COMMENT_LIMIT
from survey_app.forms.answer_form import AnswerForm
from survey_app.settings import Settings
from survey_app.survey.channels import Channels
from survey_app.survey.intake import Intake, Receipts
from survey_app.survey.open_channel import OpenChannel
from survey_app.web.clock import now, today
from survey_app.web.errors import refused_with, status_of_flaws
from survey_app.web.look import asked_look
from survey_app.web.pace import Flood
from survey_app.web.respondent import (
    screen_page,
    typed_codes,  # noqa: F401 -- adds its pages
)
from survey_app.web.respondent.doors import (
    Doors,
    channel_behind,
    counted_in,
    doors,
    found_receipt,
    pages,
    speak_of,
    to_receipt,
    to_survey,
)
from survey_app.web.respondent.preview import preview
from survey_app.web.respondent.proof_of_work import counted_beside, flaws_with_proof
from survey_app.web.respondent.question_page import draw, draw_repeated
from survey_app.web.respondent.ready_page import ReadyPages
from survey_app.web.respondent.served_page import questions, thanks, try_out
from survey_app.web.respondent.slip_pages import slip_used, used_receipt
from survey_app.web.sent_body import sent_answer

NOT_NOW = (SurveyClosed, RehearsalOver, NotKept, TooManyRequests)
"""Why a complete answer may not be taken now; a void survey is one that is closed."""


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
        channels, intake, receipts, flood, ReadyPages(), settings
    )
    app.jinja_env.globals.update(
        asked_look=asked_look,
        place_name=settings.place_name,
        contact=settings.contact,
        comment_limit=COMMENT_LIMIT,
    )
    app.register_blueprint(pages)
    app.register_blueprint(screen_page.pages)
    app.extensions["survey_preview"] = preview
    app.extensions["survey_tried"] = partial(try_out, channels)


@pages.get("/S/<tail:code>")
@pages.get("/s/<tail:code>")
def ask(code: str) -> ResponseReturnValue:
    """Show the questionnaire behind a code; cut what hangs on to its address."""
    channel = channel_behind(code)
    if normalised(code) != channel.address:
        return to_survey(channel.address, 302)
    channel.require_open(today())
    channel.admit(now())
    if used := used_receipt(channel):
        return slip_used(channel, used)
    return questions(doors().ready, channel, asked_look())


@pages.post("/S/<tail:code>")
@pages.post("/s/<tail:code>")
def answer(code: str) -> ResponseReturnValue:
    """Keep the answer and show its receipt, or show the page again."""
    body, cut = sent_answer()
    form = AnswerForm.read(body, content_type=request.mimetype, cut=cut)
    try:
        channel = channel_behind(code)
    except NotKept as refusal:
        # Nobody can say what was asked; what was answered must still not be lost.
        page = render_template("respondent/resend.html", form=form)
        return refused_with(page, refusal)
    try:
        if channel.tail:
            form = form.on_slip(channel)
        channel.require_open(today())
        flaws = form.damage() if form.redraws else flaws_with_proof(channel, form)
        if form.redraws or (flaws and not _is_counted(form)):
            return draw(channel, form, flaws=flaws), status_of_flaws(flaws)
        if not flaws and _keep(channel, form):
            return to_receipt(form.receipt)
    except NOT_NOW as refusal:
        return _not_now(channel, form, refusal)
    return draw_repeated(channel, form, over=False)


@pages.get("/R/<tail:receipt>")
@pages.get("/r/<tail:receipt>")
def counted(receipt: str) -> ResponseReturnValue:
    """Say that the answer with this receipt is counted."""
    code, survey = found_receipt(receipt)
    if receipt_bytes(receipt) != code:
        return to_receipt(code, 302)
    speak_of(survey)
    return thanks(
        doors().ready,
        printed_receipt(code),
        survey,
        asked_look(),
        over=survey.is_over(today()),
    )


def _keep(channel: OpenChannel, form: AnswerForm) -> bool:
    """Return once the form is counted: whether by this answer, or it was before.

    What adds nothing uses up nothing of what may come from one place.
    """
    door, place = doors(), (channel.code, request.remote_addr)
    door.flood.admit(*place)
    fresh = False
    try:
        fresh = door.intake.keep(counted_beside(channel, form), today=today())
    finally:
        if not fresh:
            door.flood.give_back(*place)
    return fresh


def _not_now(
    channel: OpenChannel, form: AnswerForm, refusal: Refusal
) -> ResponseReturnValue:
    """Say why nothing is added now; asked first is whether the form counts already."""
    counted = _is_counted(form)
    if counted and isinstance(refusal, SurveyVoid):
        return to_receipt(form.receipt)
    over = isinstance(refusal, SurveyClosed)
    if counted:
        return draw_repeated(channel, form, over=over)
    if isinstance(refusal, SurveyVoid | RehearsalOver):
        return refused_with(draw(channel, form, refusal=refusal), refusal)
    if over and counted is not None:
        raise refusal
    if over:
        refusal = PerhapsKept()
    # Where nobody knows what became of it, it may still come to be counted.
    known = counted is not None and not isinstance(refusal, PerhapsKept)
    page = draw(channel, form, refusal=refusal, known=known)
    return refused_with(page, refusal)


def _is_counted(form: AnswerForm) -> bool | None:
    """Return whether this form was counted before; None where nobody can say."""
    try:
        return bool(form.submission and counted_in(form.receipt))
    except UnknownReceipt:
        return False
    except NotKept:
        return None
