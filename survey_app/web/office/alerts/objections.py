"""Objections (申请复核): filed by who is rated or for him, and answered."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import (
    DECIDE,
    REPORT_UNIT,
    REVIEW,
    SEE_OWN,
    SEE_RESULTS,
)
from survey_app.alerts import objections as verbs
from survey_app.alerts.objections import ObjectionAsked
from survey_app.alerts.tables import CHANGED
from survey_app.analytics.objections import (
    ObjectionTold,
    objection_of,
    objection_page,
    rated_name,
)
from survey_app.database import reading, session, writer
from survey_app.domain.ground.refusals import NotFound
from survey_app.forms.alert_forms import ObjectionAnswerForm, ObjectionForm
from survey_app.web.clock import today
from survey_app.web.office.access import (
    allow,
    current_account,
    may,
    scope_for,
    username,
)
from survey_app.web.office.found import cycle_or_series
from survey_app.web.office.listing import listing
from survey_app.web.office.pages import pages


@pages.get("/objections")
@allow(SEE_RESULTS, scoped=True)
def objections() -> str:
    """List the objections, what is due first on top."""
    asks = listing()
    return render_template(
        "office/alerts/objections.html",
        listing=asks,
        page=objection_page(session(), asks.asked),
        today=today(),
    )


@pages.get("/objections/new/<int:cycle_id>/<int:subject_id>")
@allow(REVIEW, SEE_OWN, REPORT_UNIT, scoped=True)
def new_objection(cycle_id: int, subject_id: int) -> str:
    """Ask what shall be looked at again."""
    return _filing_page(cycle_id, subject_id, _filing_form(subject_id))


@pages.post("/objections/new/<int:cycle_id>/<int:subject_id>")
@allow(REVIEW, SEE_OWN, REPORT_UNIT, scoped=True)
def file_objection(cycle_id: int, subject_id: int) -> ResponseReturnValue:
    """Keep it; it is answered within the scheme's days."""
    form = _filing_form(subject_id)
    if not form.validate():
        return _filing_page(cycle_id, subject_id, form), 422
    asked = ObjectionAsked(
        cycle_id, subject_id, str(form.text.data), alert_id=_alert_asked(form),
        on_paper_of=str(form.on_paper_of.data or "") if form.on_paper_of else "",
        came_on=form.came_on.data if form.came_on else None,
    )  # fmt: skip
    number = verbs.file_objection(writer(), asked, account=username(), today=today())
    flash(_("The request for a re-check is filed."))
    if not may("office.objection"):
        return redirect(url_for(".home"), 303)
    return redirect(url_for(".objection", objection_id=number), 303)


@pages.get("/objections/<int:objection_id>")
@allow(SEE_RESULTS, scoped=True)
def objection(objection_id: int) -> str:
    """Show one objection, and ask for the answer while there is none."""
    return _answer_page(objection_of(session(), objection_id), ObjectionAnswerForm())


@pages.post("/objections/<int:objection_id>")
@allow(REVIEW, DECIDE, scoped=True)
def answer_objection(objection_id: int) -> ResponseReturnValue:
    """Keep the answer; it stays with the result."""
    found, form = objection_of(session(), objection_id), ObjectionAnswerForm()
    if not form.validate():
        return _answer_page(found, form), 422
    verbs.answer_objection(
        writer(), objection_id, answer=str(form.answer.data),
        changes=form.verdict.data == CHANGED, account=username(), today=today(),
    )  # fmt: skip
    flash(_("The answer is kept; it stays with the result."))
    return redirect(url_for(".objection", objection_id=objection_id), 303)


def _alert_asked(form: ObjectionForm) -> int | None:
    """Return the alert the address names; None: it is about the score sheet.

    Only to the office: whoever asks for himself is told of no alert by its number, for
    that there is one may be more than his own notice tells. Raises NotFound.
    """
    told = request.args.get("alert", "")
    is_number = told.isascii() and told.isdigit() and len(told) < 10
    if is_number and form.on_paper_of is None:
        raise NotFound
    return int(told) if is_number else None


def _filing_form(subject_id: int) -> ObjectionForm:
    """Return the form; only the office of this unit enters what came on paper.

    Not whoever it is about: the day his paper came is not his to say.
    """
    account = current_account()
    if account is None or subject_id in account.standing.own_subjects:
        return ObjectionForm(today(), for_oneself=True)
    try:
        with reading(session()) as reader:
            scope_for(REVIEW).require_subject(reader, subject_id)
    except NotFound:
        return ObjectionForm(today(), for_oneself=True)
    return ObjectionForm(today(), for_oneself=False)


def _filing_page(cycle_id: int, subject_id: int, form: ObjectionForm) -> str:
    """Draw the form; raises NotFound, also for an alert of somebody else."""
    cycle, alert_id = cycle_or_series(cycle_id), _alert_asked(form)
    return render_template(
        "office/alerts/object.html",
        cycle=cycle,
        name=rated_name(session(), subject_id),
        subject_id=subject_id,
        alert_id=alert_id,
        form=form,
        last=verbs.last_day(session(), cycle, subject_id, alert_id),
        days=cycle.rules.review,
        today=today(),
    )


def _answer_page(found: ObjectionTold, form: ObjectionAnswerForm) -> str:
    return render_template(
        "office/alerts/objection.html", found=found, form=form, today=today()
    )
