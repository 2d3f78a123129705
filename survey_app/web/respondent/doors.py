"""Where respondents' pages ask and hand in, and the ways from one to another."""

from contextlib import suppress
from dataclasses import dataclass

from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from markupsafe import escape

from survey_app.domain.ground.printed_code import printed_receipt, receipt_bytes
from survey_app.domain.ground.refusals import UnknownReceipt
from survey_app.domain.questionnaire.tongues import TONGUES
from survey_app.settings import Settings
from survey_app.survey.channels import Channels
from survey_app.survey.intake import CountedIn, Intake, Receipts
from survey_app.survey.open_channel import OpenChannel
from survey_app.waiting import apart
from survey_app.web.code_field import possible_receipts
from survey_app.web.compression import VARY
from survey_app.web.language import asked_tag
from survey_app.web.look import asked_look
from survey_app.web.pace import Flood
from survey_app.web.ready_reply import HTML, ReadyReply
from survey_app.web.respondent.ready_page import ReadyPages
from survey_app.web.spoken import speak_as, speaks_none

pages = Blueprint("respondent", __name__)


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the pages ask and hand in."""

    channels: Channels
    intake: Intake
    receipts: Receipts
    flood: Flood
    ready: ReadyPages
    settings: Settings


def doors() -> Doors:
    """Return the doors of this platform."""
    kept: Doors = current_app.extensions["survey_respondent"]
    return kept


def here() -> Settings:
    """Return the settings of this platform."""
    return doors().settings


def channel_behind(code: str) -> OpenChannel:
    """Return the channel of a code; the page is in its language from now on.

    Ballot rules are told in two languages only, so a survey that has some is asked in
    these. Raises UnknownChannel or NotKept.
    """
    channel = doors().channels.find(code)
    if channel.rules:
        speaks_none()
    else:
        speak_as(channel.questionnaire)
    return channel


def speak_of(survey: CountedIn) -> None:
    """Let the page of a receipt be in the language that its survey was answered in."""
    if asked_tag() not in TONGUES:
        return
    questionnaire = doors().channels.questionnaire_of(survey.survey_id)
    if questionnaire:
        speak_as(questionnaire)


def to_survey(code: str, status: int) -> ResponseReturnValue:
    """Send the browser to the page of a survey."""
    return redirect(url_for(".ask", code=code) + asked_look().suffix, status)


def to_receipt(code: bytes, status: int = 303) -> ResponseReturnValue:
    """Send the browser on, so that loading again sends nothing."""
    where = f"/r/{printed_receipt(code)}{asked_look().suffix}"
    link = escape(where)
    body = f'<!doctype html><title>{link}</title><a href="{link}">{link}</a>'
    location = ("Location", where)
    return ReadyReply(body.encode(), HTML, VARY, location, status=status)


def found_receipt(typed: str) -> tuple[bytes, CountedIn]:
    """Return the receipt that was meant, and where it is counted.

    Every code that may have been meant is asked for before UnknownReceipt is raised.
    """
    for code in map(receipt_bytes, possible_receipts(typed)):
        with suppress(UnknownReceipt):
            if code is not None:
                return code, counted_in(code)
    raise UnknownReceipt


def counted_in(code: bytes) -> CountedIn:
    """Return where a receipt is counted; raises UnknownReceipt or NotKept."""
    receipts = doors().receipts
    return apart(lambda: receipts.find(code))
