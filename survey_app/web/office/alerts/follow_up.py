"""The survey of a follow-up, made from its alert as a draft."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import REVIEW
from survey_app.alerts.follow_up import RecheckPlan, cycles_for_recheck, make_recheck
from survey_app.database import session, writer
from survey_app.domain.ground.alert_refusals import AlertChanged
from survey_app.forms.alert_forms import RecheckForm
from survey_app.web.office.access import allow
from survey_app.web.office.alerts.acting import acting
from survey_app.web.office.alerts.cases import CasePage, found_case
from survey_app.web.office.found import signing_key
from survey_app.web.office.pages import pages


@pages.get("/alerts/<int:alert_id>/follow-up")
@allow(REVIEW, scoped=True)
def new_recheck(alert_id: int) -> str:
    """Ask when the follow-up's survey takes answers, and in which cycle it is."""
    page = found_case(alert_id)
    form = _form(page)
    form.version.data = str(page.told.head.version)
    return _page(page, form)


@pages.post("/alerts/<int:alert_id>/follow-up")
@allow(REVIEW, scoped=True)
def make_follow_up(alert_id: int) -> ResponseReturnValue:
    """Make the draft; the office opens it like any other."""
    page = found_case(alert_id)
    form = _form(page)
    if not form.validate():
        return _page(page, form), 422
    first, last = form.days()
    plan = RecheckPlan(int(form.cycle.data), str(form.title.data), first, last)
    try:
        make_recheck(writer(), alert_id, acting(form), plan, key=signing_key())
    except AlertChanged as refused:
        page = found_case(alert_id)
        form.version.data = str(page.told.head.version)
        return _page(page, form, refused.since), 409
    flash(_("The follow-up survey is a draft now. Look at it, and open it in time."))
    return redirect(url_for(".alert", alert_id=alert_id), 303)


def _form(page: CasePage) -> RecheckForm:
    head = page.told.head
    title = _("Follow-up: %(subject)s", subject=head.subject)[:50]
    return RecheckForm(cycles_for_recheck(session(), head.id), title)


def _page(page: CasePage, form: RecheckForm, since: object = ()) -> str:
    return render_template(
        "office/alerts/follow_up.html", case=page.told, form=form, since=since
    )
