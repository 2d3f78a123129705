"""The desk: what is to be done today, how things stand, and the year in days.

Everything leads to where it is done. What somebody is told of is what the pages behind
it let him do and see; see analytics/desk.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Engine

from survey_app.accounts.permissions import SEE_TURNOUT, SIGNED_IN
from survey_app.alerts.due import alerts_by_state
from survey_app.analytics.case_lists import case_within
from survey_app.analytics.desk.calendar_file import calendar_file
from survey_app.analytics.desk.dates import (
    DAYS,
    CalendarDay,
    DayKind,
    DeskSpan,
    by_month,
    days,
)
from survey_app.analytics.desk.due import DUE, DueKind
from survey_app.analytics.desk.found import DeskAsked, DeskFound, DueItem
from survey_app.analytics.desk.glance import (
    LastHere,
    NewResult,
    Running,
    last_here,
    new_results,
    running,
)
from survey_app.appraisal.scope import Scope
from survey_app.database import OUT_OF_REACH, ballot_engine, session
from survey_app.domain.ground.refusals import NoBallotDatabase
from survey_app.web.clock import day_of, today, today_began
from survey_app.web.office.access import (
    allow,
    may,
    may_here,
    scope_for,
    scope_to,
    username,
)
from survey_app.web.office.found import settings
from survey_app.web.office.jobs import KINDS
from survey_app.web.office.pages import pages

SOON = 8
"""So many of the next days stand on the desk."""
YEARS = (2000, 2100)
"""The years that a calendar may be asked for."""


@dataclass(frozen=True, slots=True)
class DueLine:
    """One thing to do, as it is drawn."""

    kind: DueKind
    item: DueItem
    about: str
    address: str

    @property
    def is_late(self) -> bool:
        """Whether its last day has passed."""
        return self.item.is_late(today())


@dataclass(frozen=True, slots=True)
class DueBlock:
    """One kind of things to do."""

    kind: DueKind
    lines: tuple[DueLine, ...]
    more: int
    rest: str
    """Where the others are listed; empty to whoever may not call it."""

    @property
    def open(self) -> list[DueLine]:
        """What is not late: that stands above all kinds."""
        return [line for line in self.lines if not line.is_late]


@pages.get("/", strict_slashes=False)
@allow(SIGNED_IN, scoped=True, by_survey=True)
def home() -> str:
    """Show what is to be done, what runs, what is new, and what comes."""
    blocks = _blocks()
    late = [line for block in blocks for line in block.lines if line.is_late]
    since = last_here(session(), username(), began=today_began())
    return render_template(
        "office/desk/desk.html",
        blocks=blocks,
        late=late,
        running=_running(),
        since=since,
        results=_results(since),
        states=_states(),
        coming=_days(today(), date(today().year + 1, 12, 31))[0][:SOON],
        today=today(),
        day_of=day_of,
        address_of=address_of,
    )


@pages.get("/calendar")
@allow(SIGNED_IN, scoped=True, by_survey=True)
def calendar() -> str:
    """List the days of a year by month."""
    year = _year()
    found, is_cut = _days(date(year, 1, 1), date(year, 12, 31))
    return render_template(
        "office/desk/calendar.html",
        year=year,
        months=list(by_month(found)),
        is_cut=is_cut,
        today=today(),
        address_of=address_of,
    )


@pages.get("/calendar.ics")
@allow(SIGNED_IN, scoped=True, by_survey=True)
def calendar_ics() -> Response:
    """Give the days of a year as a file for a calendar program."""
    year, place = _year(), settings()
    found, _is_cut = _days(date(year, 1, 1), date(year, 12, 31))
    entries = [
        (f"{one.kind.key}-{one.key}@{request.host}", one.on, words_of(one))
        for one in found
    ]
    text = calendar_file(place.place_name, entries, today=today())
    response = Response(text, mimetype="text/calendar")
    named = f"attachment; filename=calendar-{year}.ics"
    response.headers["Content-Disposition"] = named
    return response


def words_of(day: CalendarDay) -> str:
    """Return what a day of the calendar says."""
    return _(day.kind.says, about=day.about)


def address_of(day: CalendarDay) -> str:
    """Return where a day leads; empty to whoever may not go there."""
    return url_for(day.kind.page, **day.at) if may(day.kind.page) else ""


def _year() -> int:
    """Return the year that the address asks for, this one where it asks for none."""
    told = request.args.get("year", "")
    is_year = told.isascii() and told.isdigit() and len(told) == 4
    first, last = YEARS
    return min(max(int(told), first), last) if is_year else today().year


def _blocks() -> list[DueBlock]:
    """Return what is due of every kind that this account may do."""
    ballots = _ballots()
    found = [(kind, _found(kind, ballots)) for kind in DUE]
    return [
        DueBlock(
            kind,
            tuple(_line(kind, item) for item in one.items),
            one.more,
            url_for(kind.rest) if may(kind.rest) else "",
        )
        for kind, one in found
        if one.items
    ]


def _found(kind: DueKind, ballots: Engine | None) -> DeskFound:
    doable = [act for act in kind.acts if may(act)]
    if not doable:
        return DeskFound()
    asked = DeskAsked(
        session(), ballots, username(), today(), scope_to(*doable), doable
    )
    return _of_surveys(kind.find(asked), asked.scope)


def _of_surveys(found: DeskFound, scope: Scope) -> DeskFound:
    """Return what is due of these surveys, to whoever works on some alone."""
    ours = scope.surveys
    if ours is None:
        return found
    items = tuple(one for one in found.items if one.survey in ours)
    return DeskFound(items, found.more if items else 0)


def _line(kind: DueKind, item: DueItem) -> DueLine:
    page = item.page or kind.page
    address = url_for(page, **dict[str, Any](item.at)) if may(page) else ""
    job = KINDS.get(item.about) if kind.key == "failed-work" else None
    return DueLine(kind, item, _(job.title) if job else item.about, address)


def _ballots() -> Engine | None:
    """Return the ballot database; None where there is none, or it is silent."""
    try:
        ballots = ballot_engine()
        with ballots.connect():
            return ballots
    except (NoBallotDatabase, *OUT_OF_REACH):
        return None


def _running() -> Running:
    """Return the surveys that run, to whoever may see how many answered."""
    if not may_here(SEE_TURNOUT):
        return Running((), 0)
    return running(session(), today=today(), scope=scope_for(SEE_TURNOUT))


def _results(since: LastHere) -> tuple[NewResult, ...]:
    if not may("office.results"):
        return ()
    return new_results(session(), since, scope_to("office.results"))


def _states() -> Mapping[Any, Any]:
    """Return how many alerts stand where, to whoever may see them."""
    if not may("office.alert_cases"):
        return {}
    within = case_within(scope_to("office.alert_cases"))
    return alerts_by_state(session(), today=today(), condition=within)


def _days(first: date, last: date) -> tuple[list[CalendarDay], bool]:
    return days(session(), list(_kinds_seen()), DeskSpan(first, last, today()))


def _kinds_seen() -> Iterator[tuple[DayKind, Scope]]:
    for kind in DAYS:
        if may(kind.seen):
            yield kind, scope_to(kind.seen)
