"""Posters: which of a survey's channels, and their sheets, sent as they are drawn."""

from collections.abc import Iterator

from flask import (
    Response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import joinedload
from werkzeug.utils import secure_filename

from survey_app import qr
from survey_app.accounts.permissions import DESIGN, INSPECT
from survey_app.analytics.listed_channels import (
    ChannelChoice,
    ListedChannel,
    channels_by_number,
    channels_page,
    chosen_channels,
    names_before_opening,
)
from survey_app.analytics.paging import PER_PAGE
from survey_app.appraisal.rated import Rated
from survey_app.database import reading, session
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.door_refusals import NoPosterHere
from survey_app.domain.ground.in_parts import in_parts
from survey_app.domain.ground.refusals import NotFound, WrongMode
from survey_app.survey.tables import Channel, Survey
from survey_app.web.office.access import allow
from survey_app.web.office.found import settings
from survey_app.web.office.listing import Listing, listing
from survey_app.web.office.pages import pages

AT_ONCE = 50
"""Sheets that are drawn and sent together."""
HERE = "<!-- sheets -->"
"""Where in the page they stand."""


@pages.get("/surveys/<int:survey_id>/posters")
@allow(DESIGN, INSPECT, scoped=True)
def posters(survey_id: int) -> ResponseReturnValue:
    """Send the posters that the address names, one page each.

    Of many, where it names none, somebody chooses first.
    """
    survey = _found(survey_id)
    choice = _choice(listing())
    numbers = chosen_channels(session(), survey_id, choice)
    if len(numbers) > PER_PAGE and "choose" not in request.args:
        return redirect(url_for(".choose_posters", survey_id=survey_id), 303)
    return _sheets(survey, numbers)


@pages.get("/surveys/<int:survey_id>/posters/choose")
@allow(DESIGN, INSPECT, scoped=True)
def choose_posters(survey_id: int) -> str:
    """List the channels, to have the posters of some, of a unit, or of all."""
    survey = _found(survey_id)
    asked = listing(keep=("group",))
    choice = _choice(asked)
    narrowed = dict(asked.fields("page"))
    narrowed.pop("group", None)
    return render_template(
        "office/surveys/choose_posters.html",
        narrowed=narrowed,
        survey=survey,
        groups=survey.group_labels,
        group=choice.rater_group,
        listing=asked,
        page=channels_page(session(), survey_id, choice),
    )


@pages.get("/channels/<int:channel_id>/poster")
@allow(DESIGN, INSPECT, scoped=True)
def poster(channel_id: int) -> Response:
    """Send the poster of one channel."""
    channel = _channel(channel_id)
    return _sheets(_found(channel.survey_id), [channel_id])


@pages.get("/channels/<int:channel_id>/qr.svg")
@allow(DESIGN, INSPECT, scoped=True)
def qr_file(channel_id: int) -> Response:
    """Return the QR code alone as a file."""
    code = _channel(channel_id).code
    drawing = Response(qr.svg(address_of(code)), mimetype="image/svg+xml")
    name = secure_filename(f"{code}.svg")
    drawing.headers["Content-Disposition"] = f"attachment; filename={name}"
    return drawing


def address_of(code: str) -> str:
    """Return what the QR code says, and what stands below it."""
    return qr.on_paper(f"{settings().public_url.rstrip('/')}/s/{code}")


def _found(survey_id: int) -> Survey:
    """Return an open survey; raises NotFound, or WrongMode: ballots have slips."""
    survey = session().get(Survey, survey_id, options=[joinedload(Survey.cycle)])
    if survey is None:
        raise NotFound
    if survey.is_secret:
        raise WrongMode
    return survey


def _channel(channel_id: int) -> Channel:
    """Return a channel that has a poster; raises NotFound or NoPosterHere."""
    channel = session().get(Channel, channel_id)
    if channel is None:
        raise NotFound
    if channel.kind != ChannelKind.POSTER:
        raise NoPosterHere
    return channel


def _choice(listing: Listing) -> ChannelChoice:
    """Return which channels the address means."""
    only = request.args.getlist("channel", int)
    group = request.args.get("group", "")
    return ChannelChoice(listing.asked, group, frozenset(only), ChannelKind.POSTER)


def _sheets(survey: Survey, numbers: list[int]) -> Response:
    """Send a page with one sheet for each channel, `AT_ONCE` of them at a time."""
    with reading(session()) as reader:
        names = names_before_opening(reader, survey)
    only = _read(survey, numbers, names) if len(numbers) == 1 else []
    page = render_template(
        "office/surveys/posters.html",
        survey=survey,
        count=len(numbers),
        only=only[0] if only else None,
        sheets=Markup(HERE),  # noqa: S704 -- our own word
    )
    head, _, rest = page.partition(HERE)
    session().close()  # whoever prints for long holds nobody up

    def sent() -> Iterator[str]:
        yield head
        for some in in_parts(numbers, AT_ONCE):
            yield _drawn(survey, _read(survey, some, names))
        yield rest

    return Response(stream_with_context(sent()))


def _read(
    survey: Survey, numbers: list[int], names: list[Rated]
) -> list[ListedChannel]:
    with reading(session()) as reader:
        return channels_by_number(reader, survey.id, numbers, names)


def _drawn(survey: Survey, channels: list[ListedChannel]) -> str:
    """Return the sheets of these channels."""
    addresses = {channel.id: address_of(channel.code) for channel in channels}
    return render_template(
        "office/surveys/poster_sheets.html",
        survey=survey,
        channels=channels,
        groups=_Groups(survey.group_labels),
        addresses=addresses,
        drawings={key: qr.drawing(one) for key, one in addresses.items()},
        settings=settings(),
    )


class _Groups(dict[str, Bilingual]):
    """Rater group → what it is called; its key where the scheme knows none such."""

    def __missing__(self, key: str) -> Bilingual:
        """Return the key itself."""
        return Bilingual(key, key)
