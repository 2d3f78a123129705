"""Single-use codes of a channel: made once, as sheets to cut or as a file to send."""

import csv
import io

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app import qr
from survey_app.accounts.permissions import DESIGN
from survey_app.analytics.listed_channels import ListedChannel
from survey_app.database import writer
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.ground.door_refusals import NoSlipsHere
from survey_app.forms.slips_form import SlipsForm
from survey_app.survey.slips import give_out_slips
from survey_app.survey.tables import Survey
from survey_app.web.office.access import allow
from survey_app.web.office.found import group_labels, settings, signing_key
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.one_channel import channel_found
from survey_app.web.office.surveys.posters import address_of


@pages.get("/channels/<int:channel_id>/slips")
@allow(DESIGN)
def choose_slips(channel_id: int) -> str:
    """Ask how many slips or invitations are made."""
    return _page(*_with_slips(channel_id), SlipsForm())


@pages.post("/channels/<int:channel_id>/slips")
@allow(DESIGN)
def make_slips(channel_id: int) -> ResponseReturnValue:
    """Make slips and send them as sheets; nobody can print them again."""
    form, (channel, survey) = SlipsForm(), _with_slips(channel_id)
    if not form.validate():
        return _page(channel, survey, form), 422
    slips = [(code, address_of(code)) for code in _made(channel_id, form)]
    return render_template(
        "office/surveys/slip_sheets.html",
        survey=survey,
        channel=channel,
        slips=[(code, address, qr.drawing(address)) for code, address in slips],
        groups=group_labels(survey),
        settings=settings(),
    )


@pages.post("/channels/<int:channel_id>/invitations")
@allow(DESIGN)
def make_invitations(channel_id: int) -> ResponseReturnValue:
    """Make addresses and send them as a file; nobody can fetch it again."""
    form, (channel, survey) = SlipsForm(), _with_slips(channel_id)
    if not form.validate():
        return _page(channel, survey, form), 422
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow([_("Address"), _("Code")])
    public = settings().public_url.rstrip("/")
    lines.writerows([f"{public}/s/{code}", code] for code in _made(channel_id, form))
    # The mark in front tells a spreadsheet that the words are in UTF-8.
    file = Response("\ufeff" + written.getvalue(), mimetype="text/csv")
    file.headers["Content-Disposition"] = (
        f"attachment; filename=invitations-{channel.code}.csv"
    )
    return file


def _made(channel_id: int, form: SlipsForm) -> list[str]:
    number = form.number.data or 0
    return give_out_slips(writer(), channel_id, number=number, key=signing_key())


def _with_slips(channel_id: int) -> tuple[ListedChannel, Survey]:
    """Return a channel that needs slips; raises NotFound or NoSlipsHere."""
    channel, survey = channel_found(channel_id)
    if not channel.kind.is_single_use:
        raise NoSlipsHere
    return channel, survey


def _page(channel: ListedChannel, survey: Survey, form: SlipsForm) -> str:
    return render_template(
        "office/surveys/slips.html",
        survey=survey,
        channel=channel,
        form=form,
        invites=channel.kind is ChannelKind.INVITATIONS,
    )
