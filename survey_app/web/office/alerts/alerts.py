"""The alert list: what the counts give reason to verify."""

from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.accounts.permissions import REVIEW, SEE_RESULTS
from survey_app.alerts import raising
from survey_app.alerts.due import alerts_by_state
from survey_app.analytics.case_lists import (
    LastRound,
    Openable,
    case_within,
    cases_of_rows,
    openable,
)
from survey_app.analytics.kept.alert_list import (
    AlertList,
    AlertsAsked,
    ListedAlert,
    alert_list,
)
from survey_app.analytics.kept.alerts import CROSSED, NEAR, UNKNOWN
from survey_app.database import session, writer
from survey_app.domain.alerts.alert import Evidence
from survey_app.domain.alerts.review import State
from survey_app.forms.act_forms import ReasonForm
from survey_app.web.clock import today
from survey_app.web.office.access import allow, scope, username
from survey_app.web.office.listing import listing
from survey_app.web.office.pages import pages

PAGES = {CROSSED: "page", NEAR: "near", UNKNOWN: "unknown"}
"""Part of the list → what its page is called in the address."""
ORDERS = ("name", "unit", "raised", "due")
KEPT = ("cycle", "survey", "state", "strength")
"""What the address says of all three parts."""
STRENGTHS = tuple(sorted(set(Evidence) - {Evidence.CLEAR}, key=lambda e: -e.strength))
"""By which the list can be narrowed, the strongest first."""
Told = TypeVar("Told", bound=StrEnum)


@pages.get("/alerts")
@allow(SEE_RESULTS, scoped=True, by_survey=True)
def alerts() -> ResponseReturnValue:
    """List the alerts of the surveys whose counts are final, the strongest first.

    409 where one of them is not as it was settled; the others are listed all the same.
    """
    lists = {
        part: listing(
            *ORDERS,
            page_name=name,
            anchor=part,
            keep=(*KEPT, *(p for p in PAGES.values() if p != name)),
        )
        for part, name in PAGES.items()
    }
    cycle, survey = _number("cycle"), _number("survey")
    state, strength = _told("state", State), _told("strength", Evidence)
    own = {part: one.asked for part, one in lists.items()}
    asked = AlertsAsked(own, cycle, survey, state, strength)
    found = alert_list(session(), asked, today=today(), scope=scope())
    page = render_template(
        "office/alerts/alerts.html",
        found=found,
        cases=_cases(found),
        states=alerts_by_state(
            session(),
            today=today(),
            cycle_id=cycle,
            condition=case_within(scope()),
        ),
        lists=lists,
        finder=replace(lists[CROSSED], kept=(), anchor=""),
        orders=replace(lists[CROSSED], kept=_kept(), anchor=""),
        state=state,
        strength=strength,
        strengths=STRENGTHS,
        every_state=State,
        cycle_id=cycle,
        survey_id=survey,
    )
    return page, 409 if found.changed or found.differing else 200


def _cases(found: AlertList) -> dict[ListedAlert, LastRound]:
    """Return alert of this page → its case as it stands, where there is one."""
    cycles = {one.id: one.cycle_id for one in found.surveys}
    rows = [row for page in found.parts.values() for row in page.rows]
    places = {
        row: (
            cycles[row.survey_id], row.subject_id, row.told.alert.rule,
            row.told.alert.question, row.told.alert.group,
        )
        for row in rows
    }  # fmt: skip
    known = cases_of_rows(session(), list(places.values()), scope())
    return {row: known[place] for row, place in places.items() if place in known}


def _kept() -> tuple[tuple[str, str], ...]:
    """Return what the address says besides search, unit, order and pages."""
    told = ((name, request.args.get(name, "")) for name in KEPT)
    return tuple((name, value) for name, value in told if value)


def _told(field: str, known: type[Told]) -> Told | None:
    """Return what the address asks for, if that can be; else None, that is all."""
    told = request.args.get(field, "")
    return known(told) if told in set(known) else None


def _number(field: str) -> int | None:
    """Return the number of a cycle or survey; None where the address names none."""
    told = request.args.get(field, "")
    is_number = told.isascii() and told.isdigit() and len(told) < 10
    return int(told) if is_number else None


@pages.get("/alerts/open/<int:survey_id>/<int:subject_id>/<int:number>")
@allow(REVIEW, scoped=True)
def open_by_hand(survey_id: int, subject_id: int, number: int) -> str:
    """Ask why something that is no alert by itself shall be looked into."""
    found = openable(session(), survey_id, subject_id, number)
    return _opening_page(found, ReasonForm())


@pages.post("/alerts/open/<int:survey_id>/<int:subject_id>/<int:number>")
@allow(REVIEW, scoped=True)
def raise_by_hand(survey_id: int, subject_id: int, number: int) -> ResponseReturnValue:
    """Open a case of it; where there is one already, lead to that."""
    found, form = openable(session(), survey_id, subject_id, number), ReasonForm()
    if not form.validate():
        return _opening_page(found, form), 422
    alert_id = raising.raise_by_hand(
        writer(), survey_id, found.found, account=username(),
        reason=str(form.reason.data), today=today(),
    )  # fmt: skip
    return redirect(url_for(".alert", alert_id=alert_id), 303)


def _opening_page(found: Openable, form: ReasonForm) -> str:
    return render_template("office/alerts/open.html", found=found, form=form)
