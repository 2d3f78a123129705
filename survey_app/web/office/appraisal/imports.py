"""Importing units, cadres, component values and adjustments from a workbook."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import ADJUST, DESIGN
from survey_app.analytics import office_lists
from survey_app.appraisal.roster.import_roster import (
    ImportOutcome,
    import_roster,
    try_roster,
)
from survey_app.appraisal.roster.write_rows import Hand
from survey_app.database import reading, session, writer
from survey_app.domain.ground.refusals import NotAllowed
from survey_app.domain.scheme.components import from_outside
from survey_app.domain.scoring.proposal import kinds_of
from survey_app.forms.roster.roster_apart import roster_sheets_apart as roster_sheets
from survey_app.forms.roster.roster_template import roster_template, sheets_for
from survey_app.forms.sent_file import ImportForm, refused_status
from survey_app.survey.rated import in_use
from survey_app.web.clock import today
from survey_app.web.language import language
from survey_app.web.office.access import allow, current_account
from survey_app.web.office.pages import pages
from survey_app.web.office.workbook_file import workbook

MOST_PLACES, LONGEST_PLACE = 5, 40
"""Cells named in one message, and characters of one: it travels in the cookie."""


@pages.get("/imports")
@allow(DESIGN)
def imports() -> str:
    """Offer the template and ask for a workbook."""
    return _page(ImportForm())


@pages.post("/imports/try")
@allow(DESIGN)
def try_workbook() -> ResponseReturnValue:
    """Say what the workbook would change, or what is wrong: it may also be empty."""
    form = ImportForm()
    if not form.validate():
        return _page(form), refused_status(form.workbook)
    sheets = roster_sheets(form.content())
    outcome = try_roster(writer(), sheets, _hand(), in_use=in_use)
    return _page(form, outcome), 200 if outcome.changes else 422


@pages.post("/imports")
@allow(DESIGN)
def import_workbook() -> ResponseReturnValue:
    """Import the workbook, or say what is wrong with it and change nothing."""
    form = ImportForm()
    if not form.validate():
        return _page(form), refused_status(form.workbook)
    sheets, renaming = roster_sheets(form.content()), bool(form.renaming.data)
    outcome = import_roster(writer(), sheets, _hand(), in_use=in_use, renaming=renaming)
    if outcome.waits or not outcome.changes:
        return _page(form, outcome), 422
    flash(_done(outcome))
    if outcome.proposes:
        flash(
            _(
                "Bonuses and deductions proposed: %(count)s. They count once "
                "somebody else has confirmed them.",
                count=outcome.proposes,
            )
        )
    if outcome.warnings or outcome.notes:
        flash(_aside(outcome))
    return redirect(url_for(".imports"), 303)


@pages.get("/imports/template.xlsx")
@allow(DESIGN)
def roster_workbook() -> Response:
    """Send the empty workbook, with the cycles and components there are."""
    cycles = office_lists.newest_unsettled(session())
    given = [one for cycle in cycles for one in from_outside(cycle.rules)]
    names = [cycle.name for cycle in cycles]
    taken = {one.name: kinds for one in cycles if (kinds := kinds_of(one.rules))}
    content = roster_template(names, given, adjusted=taken, language=language())
    return workbook(content, _("Roster.xlsx"))


def _hand() -> Hand:
    """Return who enters what the workbook says."""
    account = current_account()
    if account is None:
        raise NotAllowed
    may_replace = account.standing.may(ADJUST)
    return Hand(account.username, today(), may_replace=may_replace)


def _done(outcome: ImportOutcome) -> str:
    """Return what was done, in one sentence."""
    return _(
        "Imported: %(added)s added, %(changed)s changed, %(same)s left as they were.",
        added=outcome.number("added"),
        changed=outcome.number("changed"),
        same=outcome.number("same"),
    )


def _aside(outcome: ImportOutcome) -> str:
    """Return where somebody should look once more, after all was imported."""
    places = [one.where[:LONGEST_PLACE] for one in (*outcome.warnings, *outcome.notes)]
    named = " · ".join(places[:MOST_PLACES])
    return _(
        "To look at, or not read: %(places)s. “Check only” says about each what it is.",
        places=named + (" …" if len(places) > MOST_PLACES else ""),
    )


def _page(form: ImportForm, outcome: ImportOutcome | None = None) -> str:
    """Draw the form and, below it, what came of the last workbook."""
    return render_template(
        "office/appraisal/imports.html",
        form=form,
        outcome=outcome,
        sheets=sheets_for(_kinds()),
    )


def _kinds() -> set[str]:
    """Return which kinds of bonuses and deductions any cycle still takes."""
    with reading(session()) as reader:  # the page that checks takes no lock
        schemes = office_lists.unsettled_schemes(reader)
    return {kind for one in schemes for kind in kinds_of(one)}
