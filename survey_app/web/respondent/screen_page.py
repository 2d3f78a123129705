"""The page on the screen of a counter: a square pattern that changes with the time.

Whoever has its address can show it, so only the office knows it. It works without
script: the page comes anew by itself, long before its code is too old.
"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from survey_app import qr
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.printed_code import (
    is_screen_secret,
    normalised,
    window_tail,
)
from survey_app.domain.ground.refusals import UnknownChannel
from survey_app.domain.ground.typed_code import SURVEY
from survey_app.survey.open_channel import window_at
from survey_app.web.clock import now, today
from survey_app.web.respondent.doors import channel_behind, here

pages = Blueprint("screen", __name__)

COMES_AGAIN = 40
"""Seconds after which the page comes anew; a code is good for at least four minutes."""


@pages.get("/W/<tail:screen>")
@pages.get("/w/<tail:screen>")
def show(screen: str) -> ResponseReturnValue:
    """Show the code of this moment; UnknownChannel for whoever may not."""
    meant = normalised(screen)
    code, secret = meant[: SURVEY.symbols], meant[SURVEY.symbols :]
    channel = channel_behind(code)
    key = here().secret_key.encode()
    is_ours = channel.kind is ChannelKind.SCREEN and is_screen_secret(code, secret, key)
    if not is_ours:
        raise UnknownChannel
    channel.require_open(today())
    shown = channel.code + window_tail(channel.code, window_at(now()), key)
    address = f"{here().public_url.rstrip('/')}/s/{shown}"
    return render_template(
        "respondent/screen.html",
        channel=channel,
        code=shown,
        address=address,
        drawing=qr.drawing(qr.on_paper(address)),
        seconds=COMES_AGAIN,
    )
