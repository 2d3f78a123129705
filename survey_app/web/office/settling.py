"""The page of one cycle: what is missing, settling it, and its corrections."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.analytics import office_lists
from survey_app.analytics.corrections import corrections_of
from survey_app.analytics.scores import sheets_of
from survey_app.database import session
from survey_app.forms.correction_forms import SettleForm
from survey_app.models.account import MANAGER, READER
from survey_app.models.cycle import Cycle
from survey_app.services.settle_cycle import settle_cycle as settle
from survey_app.services.settle_cycle import surveys_open
from survey_app.web.clock import today
from survey_app.web.office.access import allow
from survey_app.web.office.found import found_cycle, scheme_of
from survey_app.web.office.pages import pages
from survey_app.web.office.secret_found import username


@pages.get("/cycles/<int:cycle_id>")
@allow(MANAGER, READER)
def cycle(cycle_id: int) -> str:
    """Show how far the cycle is, and what was corrected in it."""
    return _page(found_cycle(cycle_id), SettleForm())


@pages.post("/cycles/<int:cycle_id>/settle")
@allow(MANAGER)
def settle_cycle(cycle_id: int) -> ResponseReturnValue:
    """Settle the cycle for good."""
    found, form = found_cycle(cycle_id), SettleForm()
    if not form.validate():
        return _page(found, form), 422
    settle(session(), cycle_id, account=username(), today=today())
    flash(_("The appraisal cycle “%(name)s” is settled.", name=found.name))
    return redirect(url_for(".cycle", cycle_id=cycle_id), 303)


def _page(found: Cycle, form: SettleForm) -> str:
    scheme = scheme_of(found.scheme)
    sheets = sheets_of(session(), found, scheme=scheme)
    return render_template(
        "office/settling.html",
        cycle=found,
        form=form,
        open_surveys=surveys_open(session(), found.id),
        drafts=office_lists.drafts_of_cycle(session(), found.id),
        sheets=sheets,
        blocked=[sheet for sheet in sheets if sheet.blocked],
        corrections=corrections_of(session(), found, scheme),
        me=username(),
    )
