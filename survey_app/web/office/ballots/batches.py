"""Requesting tickets for one unit: numbers of people, never names."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import ISSUE, REQUEST_TICKETS
from survey_app.accounts.possible_seconds import InDoubt, seconds_in_doubt
from survey_app.ballot.batches import request_again as renew_batch
from survey_app.ballot.batches import request_unit, void_batch
from survey_app.ballot.merge_offer import MergeOffer, merge_offer
from survey_app.database import ballot_engine, session, writer
from survey_app.domain.ground.refusals import NotFound
from survey_app.forms.ballot_office_forms import NumbersForm, numbers_form
from survey_app.survey.tables import MERGE, Survey
from survey_app.web.language import words
from survey_app.web.office.access import allow, username
from survey_app.web.office.ballots.found import (
    found_batch,
    group_namer,
    letters_of,
    secret_draft,
    units_of,
)
from survey_app.web.office.ballots.page import batch_line
from survey_app.web.office.found import group_labels, looking
from survey_app.web.office.pages import pages


@pages.get("/surveys/<int:survey_id>/units/<int:unit_id>/tickets")
@allow(REQUEST_TICKETS, scoped=True)
def unit_numbers(survey_id: int, unit_id: int) -> str:
    """Ask how many people of the unit belong to each rater group."""
    survey = secret_draft(survey_id)
    return _page(survey, unit_id, _form(survey))


@pages.post("/surveys/<int:survey_id>/units/<int:unit_id>/tickets")
@allow(REQUEST_TICKETS, scoped=True)
def request_tickets(survey_id: int, unit_id: int) -> ResponseReturnValue:
    """Request the unit's batches; where a group is too small, offer merging first."""
    survey = secret_draft(survey_id)
    form = _form(survey)
    if not form.validate():
        return _page(survey, unit_id, form), 422
    numbers = form.numbers()
    offer = merge_offer(session(), survey_id, eligible=numbers)
    if not _is_agreed(survey, offer):
        return _page(survey, unit_id, form, offer), 422
    made = request_unit(
        writer(), ballot_engine(), survey_id,
        unit_id=unit_id, eligible=numbers, account=username(),
    )  # fmt: skip
    flash(
        _("Batches requested: %(count)s. Another account issues them.", count=len(made))
    )
    return redirect(url_for(".survey", survey_id=survey_id, _anchor="batches"), 303)


@pages.post("/surveys/<int:survey_id>/batches/<batch_id>/again")
@allow(REQUEST_TICKETS)
def request_again(survey_id: int, batch_id: str) -> ResponseReturnValue:
    """Request a voided batch anew, for as many people."""
    void = found_batch(survey_id, batch_id)
    renew_batch(
        writer(),
        ballot_engine(),
        void.id,
        eligible=void.eligible,
        account=username(),
    )
    flash(_("The batch is requested anew. Another account issues it."))
    return redirect(url_for(".survey", survey_id=survey_id, _anchor="batches"), 303)


@pages.get("/surveys/<int:survey_id>/batches/<batch_id>/void")
@allow(REQUEST_TICKETS, ISSUE)
def confirm_voiding(survey_id: int, batch_id: str) -> str:
    """Say what voiding a batch does, and ask."""
    survey = secret_draft(survey_id)
    line = batch_line(survey, found_batch(survey_id, batch_id))
    return render_template("office/ballots/void_batch.html", survey=survey, line=line)


@pages.post("/surveys/<int:survey_id>/batches/<batch_id>/void")
@allow(REQUEST_TICKETS, ISSUE)
def void_one_batch(survey_id: int, batch_id: str) -> ResponseReturnValue:
    """Void the batch: its codes lead nowhere from now on."""
    void_batch(writer(), ballot_engine(), found_batch(survey_id, batch_id).id)
    flash(_("The batch is void. Destroy whatever was printed of it."))
    return redirect(url_for(".survey", survey_id=survey_id, _anchor="batches"), 303)


def _form(survey: Survey) -> NumbersForm:
    """Return one field per rater group; an empty one stands for nobody."""
    letters, groups = letters_of(survey), group_labels(survey)
    labels = {key: f"{letters[key]} {words(label)}" for key, label in groups.items()}
    return numbers_form(labels)


def _is_agreed(survey: Survey, offer: MergeOffer) -> bool:
    """Return whether the numbers stand as they are, or their merging was agreed to."""
    if not offer.asked:
        return False
    if not offer.is_needed:
        return True
    agreed = request.form.get("agreed") == shown_as(offer)
    return survey.small_groups == MERGE and offer.is_enough and agreed


def shown_as(offer: MergeOffer) -> str:
    """Return what was agreed to: numbers changed after that are shown once more."""
    return ";".join(f"{'+'.join(one.of)}={one.eligible}" for one in offer.merged)


def _page(
    survey: Survey, unit_id: int, form: NumbersForm, offer: MergeOffer | None = None
) -> str:
    """Draw the numbers and, below them, what either rule makes of them."""
    unit = units_of(survey).get(unit_id)
    if unit is None:
        raise NotFound
    return render_template(
        "office/surveys/unit_numbers.html",
        survey=survey,
        unit=unit,
        form=form,
        offer=offer,
        letters=letters_of(survey),
        name_of=group_namer(survey),
        merging=survey.small_groups == MERGE,
        agreement=shown_as(offer) if offer else "",
        doubted=_doubted(),
    )


def _doubted() -> tuple[InDoubt, ...] | None:
    """Return who may issue, where nobody of them could be the second person now."""
    with looking() as reader:
        return seconds_in_doubt(reader, username(), permission=ISSUE)
