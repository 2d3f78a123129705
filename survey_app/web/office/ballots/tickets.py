"""While a ballot is open: voiding unused slips, and challenges of auditors."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import ISSUE
from survey_app.ballot.paper.ticket import ticket_code_of
from survey_app.ballot.tables import OPEN
from survey_app.ballot.while_open import Voided, challenge_ticket, void_tickets
from survey_app.database import ballot_engine
from survey_app.domain.ground.refusals import BoxNotReady, TicketNotTaken
from survey_app.forms.ballot_office_forms import ChallengeForm, LinesForm
from survey_app.survey.tables import Survey
from survey_app.web.office.access import allow
from survey_app.web.office.ballots.found import found_box, found_secret, secrets_folder
from survey_app.web.office.pages import pages


@pages.get("/surveys/<int:survey_id>/void-tickets")
@allow(ISSUE)
def unused_slips(survey_id: int) -> str:
    """Ask for the codes of unused slips."""
    return _void_page(_open_ballot(survey_id), LinesForm())


@pages.post("/surveys/<int:survey_id>/void-tickets")
@allow(ISSUE)
def void_slips(survey_id: int) -> ResponseReturnValue:
    """Void them, and say how many; of wrong lines the numbers, of others no reason.

    No code is shown again, a mistyped one neither: its slip is read in once more.
    """
    survey, form = _open_ballot(survey_id), LinesForm()
    lines = form.numbered()
    mistyped = [n for n, line in lines if ticket_code_of(line) is None]
    codes = [line for _n, line in lines]
    done = void_tickets(
        ballot_engine(), survey_id, codes=codes, secrets_folder=secrets_folder()
    )
    form.lines.data = ""
    return _void_page(survey, form, done=done, mistyped=mistyped)


@pages.get("/surveys/<int:survey_id>/challenge")
@allow(ISSUE)
def challenge(survey_id: int) -> str:
    """Ask an auditor for code, nonce and tracker."""
    survey = _open_ballot(survey_id)
    return render_template(
        "office/ballots/challenge.html",
        survey=survey,
        form=ChallengeForm(),
        failed=False,
    )


@pages.post("/surveys/<int:survey_id>/challenge")
@allow(ISSUE)
def set_aside(survey_id: int) -> ResponseReturnValue:
    """Set the ballot aside for the public check, or say that it was not taken."""
    survey, form = _open_ballot(survey_id), ChallengeForm()
    valid = form.validate()
    try:
        if not valid:
            raise TicketNotTaken
        challenge_ticket(
            ballot_engine(),
            survey_id,
            code=str(form.code.data),
            nonce=str(form.nonce.data),
            tracker=str(form.tracker.data),
            secrets_folder=secrets_folder(),
        )
    except TicketNotTaken:
        page = render_template(
            "office/ballots/challenge.html", survey=survey, form=form, failed=valid
        )
        return page, 422
    flash(
        _("The ballot is set aside: it will be decrypted in public, and not counted.")
    )
    return redirect(url_for(".challenge", survey_id=survey_id), 303)


def _open_ballot(survey_id: int) -> Survey:
    """Return the survey whose box takes ballots; raises BoxNotReady otherwise."""
    survey, box = found_secret(survey_id), found_box(survey_id)
    if box is None or box.state != OPEN:
        raise BoxNotReady
    return survey


def _void_page(
    survey: Survey, form: LinesForm, *, done: Voided | None = None,
    mistyped: list[int] | None = None,
) -> str:  # fmt: skip
    return render_template(
        "office/ballots/void_tickets.html",
        survey=survey,
        form=form,
        done=done,
        mistyped=mistyped or [],
    )
