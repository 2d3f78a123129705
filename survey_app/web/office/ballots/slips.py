"""Issuing a batch: its slips are the answer to one request, and kept nowhere."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from survey_app import qr
from survey_app.accounts.permissions import ISSUE
from survey_app.accounts.second_person import doubt_about
from survey_app.ballot.held_box import posted_holders
from survey_app.ballot.issue_batch import IssuedSlips, issue_batch
from survey_app.ballot.paper.ticket import printed_ticket
from survey_app.ballot.tables import Batch
from survey_app.database import ballot_engine, session, writer
from survey_app.domain.ground.refusals import NotReadyToOpen
from survey_app.survey.tables import Survey
from survey_app.web.office.access import allow, username
from survey_app.web.office.ballots.found import (
    found_batch,
    group_namer,
    letters_of,
    merged_into,
    merges_of,
    secret_draft,
    secrets_folder,
    units_of,
)
from survey_app.web.office.drawn import drawn
from survey_app.web.office.found import settings
from survey_app.web.office.missing import still_to_do
from survey_app.web.office.pages import pages


@dataclass(frozen=True, slots=True)
class Slip:
    """One code as it is printed."""

    printed: str
    """Five groups of five."""
    drawing: qr.Drawing


@pages.get("/surveys/<int:survey_id>/batches/<batch_id>/issue")
@allow(ISSUE)
def confirm_issuing(survey_id: int, batch_id: str) -> str:
    """Say what issuing does and who may do it."""
    return _confirm_page(secret_draft(survey_id), found_batch(survey_id, batch_id))


@pages.post("/surveys/<int:survey_id>/batches/<batch_id>/issue")
@allow(ISSUE)
def issue_slips(survey_id: int, batch_id: str) -> ResponseReturnValue:
    """Issue the batch; this answer is the only place where its codes are readable."""
    survey, batch = secret_draft(survey_id), found_batch(survey_id, batch_id)
    try:
        issued = issue_batch(
            writer(), ballot_engine(), batch.id,
            account=username(), secrets_folder=secrets_folder(),
        )  # fmt: skip
    except NotReadyToOpen as refusal:
        missing = still_to_do(survey, refusal.missing)
        return _confirm_page(survey, batch, missing), 422
    # The verb let go of its locks, and with them of what the survey had read.
    return _slips_page(secret_draft(survey_id), batch, issued)


def address_of(code: str) -> str:
    """Return what the slip's QR code says.

    The code stands behind the #: browsers do not send that part to anybody.
    """
    return qr.on_paper(f"{settings().public_url.rstrip('/')}/b#{code}")


def _confirm_page(survey: Survey, batch: Batch, missing: object = ()) -> str:
    """Draw the question, or what is missing."""
    return render_template(
        "office/ballots/issue_batch.html",
        survey=survey,
        batch=batch,
        missing=missing,
        mine=batch.requested_by == username(),
        doubt=_doubt(batch),
        **_named(survey, batch),
    )


def _doubt(batch: Batch) -> str:
    """Return the name of the refusal that whoever is here would meet, or nothing."""
    doubt = doubt_about(
        session(),
        first=batch.requested_by,
        second=username(),
        since=batch.passwords_given,
    )
    return type(doubt).__name__ if doubt else ""


def _slips_page(
    survey: Survey, batch: Batch, issued: IssuedSlips
) -> ResponseReturnValue:
    """Draw every slip of the batch, each when its sheet is sent."""
    slips = (
        Slip(printed_ticket(code), qr.drawing(address_of(code)))
        for code in issued.codes
    )
    return drawn(
        "office/ballots/slips.html",
        "slips",
        slips,
        count=len(issued.codes),
        survey=survey,
        issued=len(issued.codes),
        eligible=issued.eligible,
        typed_address=f"{settings().public_url.rstrip('/')}/b",
        settings=settings(),
        bodies=[name for name, _key in posted_holders(session(), survey.id)],
        **_named(survey, batch),
    )


def _named(survey: Survey, batch: Batch) -> dict[str, object]:
    """Return unit, letter and label of a batch as slips and pages write them."""
    groups = merged_into(survey.group_labels, merges_of(survey.id), batch)
    letters = letters_of(survey)
    return {
        "unit": units_of(survey).get(batch.unit_id, ""),
        "letter": "".join(letters.get(key, "") for key in groups),
        "group": group_namer(survey)(groups),
    }
