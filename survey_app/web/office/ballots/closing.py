"""Closing a secret ballot with the signatures on paper, and its reconciliation."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.tables import MANAGER, ORGANIZER
from survey_app.ballot.close_ballot import close_ballot, reconciliations
from survey_app.ballot.closed_box import closing_in
from survey_app.ballot.held_box import manifest_in
from survey_app.ballot.tables import ISSUING
from survey_app.database import ballot_engine, writer
from survey_app.domain.counting.batch_counts import NAMES
from survey_app.domain.ground.refusals import (
    BoxNotReady,
)
from survey_app.forms.ballot_office_forms import (
    SignatureList,
    SignaturesForm,
    signatures_form,
)
from survey_app.survey.draft import require_open
from survey_app.survey.tables import CLOSED, Survey
from survey_app.web.clock import today
from survey_app.web.language import words
from survey_app.web.office.access import allow
from survey_app.web.office.ballots.found import found_box, found_secret, secrets_folder
from survey_app.web.office.ballots.page import BatchLine, batch_lines
from survey_app.web.office.drawn import drawn
from survey_app.web.office.found import settings, state_of
from survey_app.web.office.pages import pages


def confirm_page(survey: Survey) -> str:
    """Ask for the signatures of every batch, and say what closing does."""
    _require_open(survey)
    return _page(survey, _form(survey))


def close_and_count(survey: Survey) -> ResponseReturnValue:
    """Close the ballot and show whether every batch adds up."""
    _require_open(survey)
    form, survey_id = _form(survey), survey.id
    if not form.validate():
        return _page(survey, form), 422
    close_ballot(
        writer(), ballot_engine(), survey_id,
        signed=form.numbers(), secrets_folder=secrets_folder(),
    )  # fmt: skip
    flash(_("The ballot is closed. No envelope has been decrypted yet."))
    return redirect(url_for(".reconciliation", survey_id=survey_id), 303)


@pages.get("/surveys/<int:survey_id>/reconciliation")
@allow(MANAGER, ORGANIZER)
def reconciliation(survey_id: int) -> ResponseReturnValue:
    """Show what became of the tickets of every batch, as a page to print."""
    survey = found_secret(survey_id)
    box = found_box(survey_id)
    if survey.state != CLOSED or box is None:
        raise BoxNotReady
    counted = reconciliations(ballot_engine(), survey_id)
    return drawn(
        "office/ballots/reconciliation.html",
        "lines",
        [one for one in batch_lines(survey) if one.batch.id in counted],
        count=len(counted),
        survey=survey,
        counted=counted,
        slip_names=NAMES,
        manifest=manifest_in(box),
        posted=closing_in(box),
        settings=settings(),
    )


def _require_open(survey: Survey) -> None:
    """Raise what `require_open` does, or BoxNotReady, where nothing can be closed."""
    require_open(survey)
    box = found_box(survey.id)
    if box is None or box.state == ISSUING:
        raise BoxNotReady


def _issued(survey: Survey) -> list[BatchLine]:
    """Return the batches that were posted at the opening."""
    box = found_box(survey.id)
    posted = {batch.batch_id for batch in manifest_in(box).batches}
    return [line for line in batch_lines(survey) if line.batch.id in posted]


def _form(survey: Survey) -> SignaturesForm:
    """Return one number per batch, none of them filled in."""
    return signatures_form(
        {
            line.batch.id: SignatureList(
                f"{line.unit} · {line.letter} {words(line.group)}", line.batch.eligible
            )
            for line in _issued(survey)
        }
    )


def _page(survey: Survey, form: SignaturesForm) -> str:
    early = today() <= survey.closes_on
    return render_template(
        "office/ballots/close_ballot.html",
        survey=survey,
        form=form,
        early=early,
        state=state_of(survey),
    )
