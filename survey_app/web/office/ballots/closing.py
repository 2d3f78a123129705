"""Closing a secret ballot with the signatures on paper, and its reconciliation.

The signatures are noted page by page, whole units on each; one button closes the ballot
once every list is there.
"""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import COUNT, DESIGN, INSPECT, ISSUE
from survey_app.analytics.ballot_desk import (
    BallotUnit,
    BoxNow,
    batches_of,
    units_named,
    units_page,
)
from survey_app.analytics.paging import ListPage
from survey_app.ballot.close_ballot import close_ballot, reconciliations
from survey_app.ballot.closed_box import closing_in
from survey_app.ballot.held_box import ISSUED, manifest_in
from survey_app.ballot.signed_lists import (
    lists_missing,
    lists_noted,
    note_signatures,
    noted_signatures,
)
from survey_app.ballot.tables import ISSUING, OPEN
from survey_app.database import ballot_engine, writer
from survey_app.domain.counting.batch_counts import NAMES
from survey_app.domain.ground.refusals import BoxNotReady
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
from survey_app.web.office.ballots.found import (
    found_box,
    found_secret,
    found_state,
    secrets_folder,
)
from survey_app.web.office.ballots.page import batch_lines, lines_of
from survey_app.web.office.drawn import drawn
from survey_app.web.office.found import looking, settings, state_of
from survey_app.web.office.listing import Listing, listing
from survey_app.web.office.pages import pages

LISTS = 50
"""About so many paper lists stand on a page: whole units, at least one."""
NAMED = 50
"""So many of the missing lists are named."""


@dataclass(frozen=True, slots=True)
class ListsPage:
    """The paper lists that the address asks for, with their numbers."""

    survey_id: int
    listing: Listing
    page: ListPage[BallotUnit]
    form: SignaturesForm

    @property
    def is_long(self) -> bool:
        """Whether there are lists beyond this page."""
        return self.page.pages > 1 or self.listing.is_narrowed

    @property
    def saved_at(self) -> str:
        """Where this page is sent to note its numbers."""
        return url_for(".save_signatures", **self._fields(), survey_id=self.survey_id)

    @property
    def closed_at(self) -> str:
        """Where it is sent to close the ballot."""
        return url_for(".close_survey", **self._fields(), survey_id=self.survey_id)

    def _fields(self) -> dict[str, Any]:
        return dict(self.listing.fields())

    @property
    def next(self) -> str:
        """The address that follows when this page is noted; the first after the last.

        Whoever searched for a unit is led back to all of them.
        """
        if self.listing.is_narrowed:
            return self.listing.whole
        number = self.page.number
        return self.listing.page(number + 1 if number < self.page.pages else 1)


@dataclass(frozen=True, slots=True)
class MissingList:
    """A paper list whose number is needed, and where it is entered."""

    label: str
    address: str


def confirm_page(survey: Survey) -> str:
    """Ask for the signatures of a page of batches, and say what closing does."""
    box = _closable(survey)
    return _page(survey, None if _has_begun(box) else _lists(survey))


def close_and_count(survey: Survey) -> ResponseReturnValue:
    """Close the ballot and show whether every batch adds up.

    The numbers on the page are noted first. Where others are missing they are named,
    and where the closing stopped half-way it goes on with what it began with.
    """
    box, survey_id = _closable(survey), survey.id
    if not _has_begun(box):
        lists = _lists(survey)
        if not _is_noted(survey, lists) or _names_missing(survey, lists):
            return _page(survey, lists, closing=True), 422
    close_ballot(
        writer(), ballot_engine(), survey_id,
        signed=noted_signatures(ballot_engine(), survey_id),
        secrets_folder=secrets_folder(),
    )  # fmt: skip
    flash(_("The ballot is closed. No envelope has been decrypted yet."))
    return redirect(url_for(".reconciliation", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/close/signatures")
@allow(DESIGN)
def save_signatures(survey_id: int) -> ResponseReturnValue:
    """Note the numbers of a page and go on to the next one."""
    survey = found_secret(survey_id)
    if _has_begun(_closable(survey)):
        raise BoxNotReady
    lists = _lists(survey)
    if not _is_noted(survey, lists):
        return _page(survey, lists), 422
    noted, every = lists_noted(ballot_engine(), survey_id)
    flash(
        _("Saved: %(noted)s of %(every)s lists are entered.", noted=noted, every=every)
    )
    return redirect(lists.next, 303)


@pages.get("/surveys/<int:survey_id>/reconciliation")
@allow(ISSUE, COUNT, DESIGN, INSPECT)
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


def _closable(survey: Survey) -> BoxNow:
    """Return how far the box is; raises as `require_open` does, or BoxNotReady."""
    require_open(survey)
    box = found_state(survey.id)
    if box is None or box.state == ISSUING:
        raise BoxNotReady
    return box


def _has_begun(box: BoxNow) -> bool:
    """Return whether the closing began, so that the numbers stay as they were."""
    return box.is_closing or box.state != OPEN


def _lists(survey: Survey) -> ListsPage:
    """Return the page of paper lists that the address asks for, as it was noted."""
    asks = listing(endpoint="office.confirm_closing")
    size = max(1, LISTS // max(1, len(survey.group_labels)))
    with looking() as reader:
        page = units_page(reader, survey.id, asks.asked, size=size)
    names = {one.id: one.name for one in page.rows}
    batches = batches_of(ballot_engine(), survey.id, units=names)
    issued = [one for one in batches if one.state == ISSUED]
    lists = {
        line.batch.id: SignatureList(
            f"{line.unit} · {line.letter} {words(line.group)}",
            line.batch.eligible,
            line.batch.signed,
        )
        for line in lines_of(survey, issued, names)
    }
    return ListsPage(survey.id, asks, page, signatures_form(lists))


def _is_noted(survey: Survey, lists: ListsPage) -> bool:
    """Note what was sent; whether all of it can be; else its fields say why."""
    if not lists.form.validate():
        return False
    note_signatures(ballot_engine(), survey.id, lists.form.sent())
    return True


def _names_missing(survey: Survey, lists: ListsPage) -> bool:
    """Return whether lists are missing; fields on this page then say so."""
    missing = lists_missing(ballot_engine(), survey.id, most=NAMED)
    lists.form.ask_for([one.id for one in missing])
    return bool(missing)


def _missing(survey: Survey) -> list[MissingList]:
    """Return the first of the lists that are missing, each with its address."""
    batches = lists_missing(ballot_engine(), survey.id, most=NAMED)
    with looking() as reader:
        units = units_named(reader, survey.id, {one.unit_id for one in batches})
    names = {one.id: one.name for one in units.values()}
    return [
        MissingList(
            f"{line.unit} · {line.letter} {words(line.group)}",
            url_for(
                ".confirm_closing",
                survey_id=survey.id,
                q=units[line.batch.unit_id].code,
            ),
        )
        for line in lines_of(survey, batches, names)
    ]


def _page(survey: Survey, lists: ListsPage | None, *, closing: bool = False) -> str:
    """Draw the page; `lists` is None where the numbers cannot change any more."""
    noted, every = lists_noted(ballot_engine(), survey.id)
    return render_template(
        "office/ballots/close_ballot.html",
        survey=survey,
        lists=lists,
        noted=noted,
        every=every,
        missing=_missing(survey) if closing and noted < every else [],
        early=today() <= survey.closes_on,
        state=state_of(survey),
    )
