"""Bonuses and deductions of a cycle: the list, entering, confirming, withdrawing."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import ADJUST, CONFIRM, SEE_RESULTS
from survey_app.analytics.adjustments import (
    adjustment_page,
    in_each_state,
    waiting_imports,
)
from survey_app.appraisal import adjustments as verbs
from survey_app.appraisal.adjustments import STATES
from survey_app.appraisal.cycle import Cycle
from survey_app.database import session, writer
from survey_app.domain.ground.cycle_refusals import AdjustmentStands
from survey_app.domain.ground.refusals import (
    NotFound,
    OwnerNotConfirmed,
    PasswordGivenSince,
    PasswordStillGiven,
    TwoAccountsNeeded,
)
from survey_app.domain.scoring.proposal import KINDS, cap_of, kinds_of
from survey_app.forms.adjustment_form import AdjustmentForm
from survey_app.web.clock import today
from survey_app.web.language import said
from survey_app.web.office.access import allow, scope, sees_all, username
from survey_app.web.office.appraisal.choosing import (
    likely_code,
    offered,
    whoever_is_meant,
)
from survey_app.web.office.found import found_cycle
from survey_app.web.office.listing import listing
from survey_app.web.office.pages import pages


@pages.get("/cycles/<int:cycle_id>/adjustments")
@allow(SEE_RESULTS, scoped=True)
def adjustments(cycle_id: int) -> str:
    """List what was proposed, what counts and what was taken away again."""
    return _list_page(adjusting_cycle(cycle_id), "")


@pages.get("/cycles/<int:cycle_id>/adjustments/new")
@allow(ADJUST, scoped=True)
def new_adjustment(cycle_id: int) -> str:
    """Ask whose it is, which kind, how many points, why, and where that stands."""
    cycle = adjusting_cycle(cycle_id)
    return _form_page(cycle, _form(cycle, likely_code(cycle)))


@pages.post("/cycles/<int:cycle_id>/adjustments/new")
@allow(ADJUST, scoped=True)
def enter_adjustment(cycle_id: int) -> ResponseReturnValue:
    """Keep it; it counts once another account has confirmed it."""
    cycle = adjusting_cycle(cycle_id)
    form = _form(cycle)
    if not form.validate():
        return _form_page(cycle, form), 422
    try:
        verbs.propose_adjustment(
            writer(), cycle_id, form.proposal(), account=username(), today=today()
        )
    except AdjustmentStands:
        form.points.errors = [
            _("The same points for the same reason from the same source stand already.")
        ]
        return _form_page(adjusting_cycle(cycle_id), form), 422
    flash(_("Entered. It counts once another person has compared it with the source."))
    return redirect(url_for(".adjustments", cycle_id=cycle_id), 303)


@pages.post("/cycles/<int:cycle_id>/adjustments/<int:adjustment_id>/confirm")
@allow(CONFIRM, scoped=True)
def confirm_adjustment(cycle_id: int, adjustment_id: int) -> ResponseReturnValue:
    """Let it count, where another account entered it."""

    def confirm() -> str:
        verbs.confirm_adjustment(
            writer(), cycle_id, adjustment_id, account=username(), today=today()
        )
        return _("Confirmed: it counts.")

    return _confirmed(cycle_id, confirm)


@pages.post("/cycles/<int:cycle_id>/adjustments/imports/<int:import_no>/confirm")
@allow(CONFIRM)
def confirm_import(cycle_id: int, import_no: int) -> ResponseReturnValue:
    """Let all rows of one workbook count that wait still."""

    def confirm() -> str:
        count = verbs.confirm_import(
            writer(), cycle_id, import_no, account=username(), today=today()
        )
        return _("Confirmed: %(count)s of the workbook count.", count=count)

    return _confirmed(cycle_id, confirm)


@pages.post("/cycles/<int:cycle_id>/adjustments/<int:adjustment_id>/withdraw")
@allow(ADJUST, CONFIRM, scoped=True)
def withdraw_adjustment(cycle_id: int, adjustment_id: int) -> ResponseReturnValue:
    """Let it never count; it stays on the list."""
    verbs.withdraw_adjustment(
        writer(), cycle_id, adjustment_id, account=username(), today=today()
    )
    flash(_("Withdrawn. It stays on the list and never counted."))
    return _back(cycle_id)


@pages.post("/cycles/<int:cycle_id>/adjustments/imports/<int:import_no>/withdraw")
@allow(ADJUST, CONFIRM)
def withdraw_import(cycle_id: int, import_no: int) -> ResponseReturnValue:
    """Let no row of one workbook count that waits still."""
    count = verbs.withdraw_import(
        writer(), cycle_id, import_no, account=username(), today=today()
    )
    flash(_("Withdrawn: %(count)s of the workbook.", count=count))
    return _back(cycle_id)


def _confirmed(cycle_id: int, confirm: Callable[[], str]) -> ResponseReturnValue:
    """Confirm, or say on the list why this account may not."""
    try:
        done = confirm()
    except TwoAccountsNeeded:
        told = _("Whoever entered it does not confirm it: another person does.")
    except (PasswordStillGiven, PasswordGivenSince):
        told = _(
            "One of the two accounts got its password from the other, so one person "
            "could be both. Let a third person confirm it."
        )
    except OwnerNotConfirmed:
        told = _(
            "Nobody had confirmed yet that the two accounts are two people when it was "
            "entered. Withdraw it, let a third person confirm the owners under "
            "“Accounts”, and enter it anew."
        )
    else:
        flash(done)
        return _back(cycle_id)
    return _list_page(adjusting_cycle(cycle_id), told), 403


def _back(cycle_id: int) -> ResponseReturnValue:
    """Return to the page of the list somebody came from."""
    asked: dict[str, Any] = {"cycle_id": cycle_id, **_asked()}
    return redirect(url_for(".adjustments", **asked), 303)


def _asked() -> dict[str, str]:
    """Return which part of the list is asked for."""
    named = ("state", "q", "unit", "page")
    told = {name: request.args.get(name, "") for name in named}
    return {name: text for name, text in told.items() if text}


def adjusting_cycle(cycle_id: int) -> Cycle:
    """Return the cycle, if its scheme takes any kind; raises NotFound."""
    cycle = found_cycle(cycle_id)
    if not kinds_of(cycle.rules):
        raise NotFound
    return cycle


def _form(cycle: Cycle, likely: str = "") -> AdjustmentForm:
    scheme = cycle.rules
    meant = whoever_is_meant(cycle, {scheme.subject.value})
    return AdjustmentForm(scheme, meant, said, likely)


def _list_page(cycle: Cycle, refused: str) -> str:
    asks, asked = listing(keep=("state",), endpoint=".adjustments"), _asked()
    state = asked.get("state", "")
    is_known = state in STATES
    page = adjustment_page(
        session(), cycle, asks.asked, state=state if is_known else ""
    )
    return render_template(
        "office/appraisal/adjustments.html",
        cycle=cycle,
        listing=asks,
        page=page,
        in_state=in_each_state(session(), cycle.id, scope()),
        imports=waiting_imports(session(), cycle.id) if sees_all() else (),
        asked=asked,
        refused=refused,
        me=username(),
    )


def _form_page(cycle: Cycle, form: AdjustmentForm) -> str:
    scheme = cycle.rules
    kinds = [
        (kind, KINDS[kind], cap_of(scheme.adjustments, kind))
        for kind in kinds_of(scheme)
    ]
    return render_template(
        "office/appraisal/adjustment.html",
        cycle=cycle,
        form=form,
        kinds=kinds,
        offered=offered(cycle, {scheme.subject.value}, form.subject),
    )
