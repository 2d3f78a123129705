"""Each act about an alert on a page of its own: asked, done, or told what changed."""

from collections.abc import Callable, Mapping, Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import CONFIRM, DECIDE, LEAD, REVIEW
from survey_app.alerts import acts as verbs
from survey_app.alerts.doing import Acting
from survey_app.database import writer
from survey_app.domain.alerts.review import Act, ClosedAs
from survey_app.domain.ground.alert_refusals import (
    ActSince,
    AlertActImpossible,
    AlertChanged,
)
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.scheme.review_rules import Measure
from survey_app.forms.alert_forms import (
    ActForm,
    MeasureForm,
    OutcomeForm,
    PlanForm,
    PointForm,
)
from survey_app.web.clock import today
from survey_app.web.office.access import allow, current_account, username
from survey_app.web.office.alerts.cases import (
    ANSWERING,
    DECIDING,
    REVIEWING,
    CasePage,
    found_case,
)
from survey_app.web.office.pages import pages


@pages.get("/alerts/<int:alert_id>/review/<review_act>")
@allow(REVIEW, scoped=True, by_survey=True)
def review_act(alert_id: int, review_act: str) -> str:
    """Ask what was verified, said or planned."""
    return _asked(alert_id, _known(review_act, REVIEWING))


@pages.post("/alerts/<int:alert_id>/review/<review_act>")
@allow(REVIEW, scoped=True, by_survey=True)
def do_review_act(alert_id: int, review_act: str) -> ResponseReturnValue:
    """Keep it."""
    return _done(alert_id, _known(review_act, REVIEWING))


@pages.get("/alerts/<int:alert_id>/decide/<deciding_act>")
@allow(DECIDE, scoped=True, by_survey=True)
def deciding_act(alert_id: int, deciding_act: str) -> str:
    """Ask which measure was decided, or as what the alert is closed."""
    return _asked(alert_id, _known(deciding_act, DECIDING))


@pages.post("/alerts/<int:alert_id>/decide/<deciding_act>")
@allow(DECIDE, scoped=True, by_survey=True)
def do_deciding_act(alert_id: int, deciding_act: str) -> ResponseReturnValue:
    """Keep it, or let it wait for its second person."""
    return _done(alert_id, _known(deciding_act, DECIDING))


@pages.get("/alerts/<int:alert_id>/second/<second_act>")
@allow(CONFIRM, LEAD, scoped=True, by_survey=True)
def second_act(alert_id: int, second_act: str) -> str:
    """Ask the second person."""
    return _asked(alert_id, _known(second_act, ANSWERING))


@pages.post("/alerts/<int:alert_id>/second/<second_act>")
@allow(CONFIRM, LEAD, scoped=True, by_survey=True)
def do_second_act(alert_id: int, second_act: str) -> ResponseReturnValue:
    """Let the act that waits happen, or not."""
    return _done(alert_id, _known(second_act, ANSWERING))


def _known(named: str, acts: tuple[Act, ...]) -> Act:
    if named not in acts:
        raise NotFound
    return Act(named)


def _asked(alert_id: int, act: Act) -> str:
    page = found_case(alert_id)
    if act not in page.told.possible:
        raise AlertActImpossible
    form = _form(page, act)
    form.version.data = str(page.told.head.version)
    return _act_page(page, act, form)


def _done(alert_id: int, act: Act) -> ResponseReturnValue:
    """Do what was sent, or show it again with what is wrong, or what changed."""
    page = found_case(alert_id)
    form = _form(page, act)
    if not form.validate():
        return _act_page(page, act, form), 422
    try:
        _do(writer(), page, act, form)
    except AlertChanged as refused:
        page = found_case(alert_id)
        form.version.data = str(page.told.head.version)
        return _act_page(page, act, form, refused.since), 409
    flash(_("Done; it stands in the history below."))
    return redirect(url_for(".alert", alert_id=alert_id), 303)


def leads() -> bool:
    """Return whether this account acts for the leading group."""
    account = current_account()
    return account is not None and account.standing.may(LEAD)


def acting(form: ActForm) -> Acting:
    """Return who acts now, and on which version of the alert."""
    return Acting(username(), today(), form.seen(), str(form.reason.data))


def _form(page: CasePage, act: Act) -> ActForm:
    """Return the form of an act; no measure is ever filled in."""
    told, rules = page.told, page.told.rules
    if act is Act.CHECK:
        lacking = [one.point.key for one in told.checks if not one.notes]
        points = [one.point.key for one in told.checks]
        return PointForm(points, lacking[0] if lacking else "")
    if act is Act.DECIDE:
        return MeasureForm(one.measure.value for one in told.measures)
    if act is Act.PLAN:
        return PlanForm(today(), told.head.due_on or rules.follow_up_on(today()))
    if act is Act.CLOSE:
        proposed = page.follow_up.proposes if page.follow_up else None
        fits = proposed in told.outcomes
        return OutcomeForm(told.outcomes, proposed.value if proposed and fits else "")
    return ActForm()


def _do(session: Session, page: CasePage, act: Act, form: ActForm) -> None:
    """Do one act; raises what its verb raises."""
    alert_id, who = page.told.head.id, acting(form)
    if isinstance(form, PointForm):
        verbs.note_check(session, alert_id, who, point=str(form.point.data))
    elif isinstance(form, MeasureForm):
        verbs.decide(session, alert_id, who, measure=Measure(form.measure.data))
    elif isinstance(form, PlanForm):
        assert form.due_on.data is not None  # noqa: S101 -- it was validated
        recheck = page.told.head.recheck_id
        verbs.plan_follow_up(
            session, alert_id, who, on=form.due_on.data, survey_id=recheck
        )
    elif isinstance(form, OutcomeForm):
        verbs.close(session, alert_id, who, outcome=ClosedAs(form.outcome.data))
    elif act is Act.CONFIRM:
        verbs.confirm(session, alert_id, who, leads=leads())
    else:
        PLAIN[act](session, alert_id, who)


PLAIN: Mapping[Act, Callable[[Session, int, Acting], int]] = {
    Act.BEGIN: verbs.begin_verification,
    Act.HEAR: verbs.record_hearing,
    Act.LIFT: verbs.close_by_correction,
    Act.DECLINE: verbs.decline,
}
"""Acts that say nothing but their reason."""


def _act_page(
    page: CasePage, act: Act, form: ActForm, since: Sequence[ActSince] = ()
) -> str:
    """Draw the form of an act; after a change with what changed, nothing lost."""
    return render_template(
        "office/alerts/act.html",
        case=page.told,
        follow_up=page.follow_up,
        act=act,
        form=form,
        since=since,
        is_possible=act in page.told.possible,
    )
