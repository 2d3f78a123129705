"""Posters: one A4 sheet per channel, and the bare QR code for a printer's own use."""

from flask import Response, render_template
from werkzeug.utils import secure_filename

from survey_app import qr
from survey_app.database import session
from survey_app.domain.refusals import NotFound, WrongMode
from survey_app.models.account import MANAGER, ORGANIZER
from survey_app.models.survey import Channel, Survey
from survey_app.web.office.access import allow
from survey_app.web.office.found import found_survey, group_labels, named_in, settings
from survey_app.web.office.pages import pages


@pages.get("/surveys/<int:survey_id>/posters")
@allow(MANAGER, ORGANIZER)
def posters(survey_id: int) -> str:
    """Show the posters of all channels, one page each."""
    survey = found_survey(survey_id)
    if survey.is_secret:
        raise WrongMode
    return _sheets(survey, survey.channels)


@pages.get("/channels/<int:channel_id>/poster")
@allow(MANAGER, ORGANIZER)
def poster(channel_id: int) -> str:
    """Show the poster of one channel."""
    channel = _channel(channel_id)
    return _sheets(found_survey(channel.survey_id), [channel])


@pages.get("/channels/<int:channel_id>/qr.svg")
@allow(MANAGER, ORGANIZER)
def qr_file(channel_id: int) -> Response:
    """Return the QR code alone as a file."""
    code = _channel(channel_id).code
    drawing = Response(qr.svg(address_of(code)), mimetype="image/svg+xml")
    name = secure_filename(f"{code}.svg")
    drawing.headers["Content-Disposition"] = f"attachment; filename={name}"
    return drawing


def address_of(code: str) -> str:
    """Return what the QR code says: upper case, so that its modules stay large."""
    return f"{settings().public_url.rstrip('/')}/s/{code}".upper()


def _channel(channel_id: int) -> Channel:
    """Return the channel; raises NotFound."""
    channel = session().get(Channel, channel_id)
    if channel is None:
        raise NotFound
    return channel


def _sheets(survey: Survey, channels: list[Channel]) -> str:
    """Draw one sheet for each channel."""
    addresses = {channel.id: address_of(channel.code) for channel in channels}
    return render_template(
        "office/posters.html",
        survey=survey,
        channels=channels,
        rated=named_in(survey),
        groups=group_labels(survey),
        addresses=addresses,
        drawings={key: qr.drawing(address) for key, address in addresses.items()},
        settings=settings(),
    )
