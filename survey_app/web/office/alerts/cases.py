"""One alert: what was found, how sure it is, and what people did about it."""

from dataclasses import dataclass

from flask import render_template, request

from survey_app.accounts.permissions import SEE_RESULTS
from survey_app.analytics.alert_cases import CaseTold, alert_case
from survey_app.analytics.case_lists import case_page
from survey_app.analytics.case_within import follow_up_within, told_within
from survey_app.analytics.follow_ups import FollowUp, follow_up_of
from survey_app.analytics.objections import objections_about
from survey_app.database import session
from survey_app.domain.alerts.review import Act, State
from survey_app.web.clock import today
from survey_app.web.office.access import allow, scope, username
from survey_app.web.office.found import state_of
from survey_app.web.office.listing import listing
from survey_app.web.office.pages import pages

REVIEWING = (Act.BEGIN, Act.CHECK, Act.HEAR, Act.PLAN, Act.LIFT)
DECIDING = (Act.DECIDE, Act.CLOSE)
ORDERS = ("name", "unit", "raised", "due")
ANSWERING = (Act.CONFIRM, Act.DECLINE)


@dataclass(frozen=True, slots=True)
class CasePage:
    """An alert and its follow-up, as an act's page needs them."""

    told: CaseTold
    follow_up: FollowUp | None


def found_case(alert_id: int) -> CasePage:
    """Return the alert; raises NotFound, and what `alert_case` raises."""
    ours = scope().surveys
    told = told_within(session(), alert_case(session(), alert_id), ours)
    follow_up = follow_up_of(session(), alert_id, told.found)
    return CasePage(told, follow_up_within(follow_up, ours))


@pages.get("/alerts/cases")
@allow(SEE_RESULTS, scoped=True, by_survey=True)
def alert_cases() -> str:
    """List the alerts in one state, or all that are not closed."""
    asks = listing(*ORDERS, keep=("state",), sort="due")
    known = request.args.get("state", "")
    state = State(known) if known in set(State) else None
    page = case_page(session(), asks.asked, today=today(), state=state)
    return render_template(
        "office/alerts/cases.html", listing=asks, page=page, state=state, states=State
    )


@pages.get("/alerts/<int:alert_id>")
@allow(SEE_RESULTS, scoped=True, by_survey=True)
def alert(alert_id: int) -> str:
    """Show everything about one alert."""
    page = found_case(alert_id)
    follow_up = page.follow_up
    return render_template(
        "office/alerts/case.html",
        case=page.told,
        follow_up=follow_up,
        recheck_state=state_of(follow_up.survey) if follow_up else "",
        objections=objections_about(session(), alert_id=alert_id),
        reviewing=[act for act in REVIEWING if act in page.told.possible],
        deciding=[act for act in DECIDING if act in page.told.possible],
        answering=[act for act in ANSWERING if act in page.told.possible],
        me=username(),
    )
