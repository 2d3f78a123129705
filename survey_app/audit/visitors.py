"""Everybody who can load a page: one throw-away account of each role, and a stranger.

They come in through the front door, so that what they are shown is what is shown.
"""

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from zipfile import ZipFile

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.accounts.make_account import make_account
from survey_app.accounts.permissions import (
    APPRAISED,
    AUDITOR,
    COUNTER,
    KEEPER,
    LIAISON,
    ROLES,
    Grant,
)
from survey_app.analytics.kept.made_from import CYCLE_BOOK, RESULTS, SURVEY_DATA
from survey_app.analytics.kept.workbooks import make_results
from survey_app.analytics.papers.make_files import make_cycle_book, make_survey_data
from survey_app.appraisal.people import Subject
from survey_app.audit.addresses import Address
from survey_app.audit.asked_tables import Statements, asks_any
from survey_app.domain.ground.refusals import Refusal
from survey_app.jobs.jobs import Job, untold
from survey_app.jobs.run_job import Handler, Workplace
from survey_app.jobs.tables import RUNNING
from survey_app.survey.tables import SurveySubject

STRANGER = "stranger"
POOLED = "office"
ALONE = (COUNTER, AUDITOR, KEEPER)
"""Roles that stand beside none of the others."""
FILES: Mapping[str, tuple[str, str, Handler]] = {
    "office.results_workbook": (r"/surveys/(\d+)/", RESULTS, make_results),
    "office.results_data": (r"/surveys/(\d+)/", SURVEY_DATA, make_survey_data),
    "office.paper_file": (
        r"/cycles/(\d+)/papers/workbook/",
        CYCLE_BOOK,
        make_cycle_book,
    ),
}
"""What is handed out there is made beside the requests: about what, its kind, by whom.
A PDF says what the page of its paper says, and is not made."""
NO_FILE: tuple[str, str, Handler] = ("(?!)", "", make_results)
Passwords = Mapping[str, tuple[str, str]]
"""Role → user name and password."""
Place = tuple[str, Address]
"""Who looks, and where."""
Seen = dict[Place, str]
"""Everything that came back, as text."""

FORGERY_TOKEN = re.compile(rb'(name="csrf_token" value=")[^"]*')
SUBMISSION = re.compile(rb'(name="submission" value=")[^"]*')
OF_ONESELF = {"office.own_results", "office.new_objection"}
OF_A_UNIT = {"office.surveys", "office.turnout", "office.new_objection"}
"""What is asked by each of the appraised, and of those who speak for a unit: all else
stays shut to them, which the table of doors says."""

NEWEST_ENTRY = re.compile(r"\d+ (?:· |<code>)[0-9a-f]{64}")
"""Where the record stood when a paper was made: further with every look."""
TOLD_BY_THE_CLOCK = {"Date", "Set-Cookie", "Content-Length", "Last-Modified", "ETag"}
"""Headers that differ between two loadings of the same page."""


def throw_away_accounts(session: Session) -> Passwords:
    """Make the accounts that look, in the copy; nobody else ever knows them.

    All roles that one person may hold together are held by one who is shown whatever
    any of them is; then whoever counts, audits or keeps; everybody who is rated; and
    for every unit whoever speaks for it.
    """
    made: dict[str, tuple[str, str]] = {}
    for who, grants in _everybody(session):
        name = f"audit-{who}-{secrets.token_hex(4)}"
        made[who] = (name, make_account(session, name, roles=grants))
    return made


def _everybody(session: Session) -> Iterator[tuple[str, list[Grant]]]:
    """Yield who looks, and the roles held."""
    together = [r for r in ROLES if r not in {*ALONE, APPRAISED, LIAISON}]
    yield POOLED, [Grant(role) for role in together]
    yield from ((role, [Grant(role)]) for role in ALONE)
    rated = session.scalars(
        select(SurveySubject.subject_id).distinct().order_by(SurveySubject.subject_id)
    ).all()
    for one in rated:
        yield f"{APPRAISED}-{one}", [Grant(APPRAISED, subject_id=one)]
    units = select(Subject.unit_id).where(Subject.id.in_(rated)).distinct()
    for unit in session.scalars(units.order_by(Subject.unit_id)).all():
        yield f"{LIAISON}-{unit}", [Grant(LIAISON, unit_id=unit)]


class Visitors:
    """A browser for every role, signed in, and one for a stranger."""

    def __init__(self, app: Flask, accounts: Passwords) -> None:
        told = app.extensions
        self._run = Statements(told["survey_engine"])
        self._work = Workplace(
            told["survey_settings"], told["survey_engine"], told["survey_ballots"]
        )
        self._asked: dict[Place, tuple[str, ...]] = {}
        self._made: dict[Address, tuple[str, ...]] = {}
        """What was asked to make the file of an address."""
        self._clients = {STRANGER: app.test_client()} | {
            role: _signed_in(app, *account) for role, account in accounts.items()
        }

    def see(self, addresses: Iterable[Address]) -> Seen:
        """Return what everybody is shown at every address.

        Pages outside the office know no role: there the stranger stands for all. Of the
        many who are appraised or speak for a unit each looks where only he is let in.
        """
        return self.see_again(
            (role, address)
            for address in addresses
            for role in self._clients
            if _goes(role, address)
        )

    def see_again(self, places: Iterable[Place]) -> Seen:
        """Return what these roles are shown at these addresses now.

        Files first: pages say whether there are some.
        """
        seen = list(places)
        for address in dict.fromkeys(address for _, address in seen):
            self._run.taken()
            self._make(address)
            self._made[address] = self._run.taken()
        return {place: self._look(*place) for place in seen}

    def asked(self, place: Place, tables: frozenset[str]) -> bool:
        """Return whether any of these tables was asked when this was last loaded."""
        return asks_any(self._asked[place], tables)

    def _look(self, role: str, address: Address) -> str:
        self._run.taken()
        told = _told(self._clients[role].get(address.path))
        self._asked[role, address] = (*self._made[address], *self._run.taken())
        return told

    def _make(self, address: Address) -> None:
        """Let there be a file of what the counts say now, as somebody would ask."""
        about, kind, make = FILES.get(address.endpoint, NO_FILE)
        found = re.search(about, address.path)
        if found is None:
            return
        job = Job(0, kind, int(found[1]), "zh", RUNNING, 0, 0, "", "")
        with suppress(Refusal):
            make(self._work, job, untold)


def _goes(role: str, address: Address) -> bool:
    """Return whether somebody looks at an address at all."""
    if not address.is_office:
        return role == STRANGER
    kind, _, number = role.rpartition("-")
    if kind == APPRAISED:
        return address.endpoint == "office.own" or (
            address.endpoint in OF_ONESELF and address.path.endswith(f"/{number}")
        )
    return kind != LIAISON or address.endpoint in OF_A_UNIT


def is_refused(told: str) -> bool:
    """Return whether somebody was turned away at the door, whatever lies behind it.

    Not allowed, not signed in, or the survey is not at this step: counts change none.
    """
    status, _, rest = told.partition("\n")
    to_sign_in = "\nLocation: /office/sign-in" in rest
    return status[:3] in {"403", "409"} or (status[:3] == "303" and to_sign_in)


def _signed_in(app: Flask, username: str, password: str) -> FlaskClient:
    """Return a browser in which this account has signed in."""
    client = app.test_client()
    page = client.get("/office/sign-in").data
    token = re.search(rb'name="csrf_token" value="([^"]*)"', page)
    answer = client.post(
        "/office/sign-in",
        data={
            "username": username,
            "password": password,
            "csrf_token": token[1].decode() if token else "",
        },
    )
    if answer.status_code != 303:
        raise RuntimeError("the audit's own account was not let in")
    return client


def _told(response: TestResponse) -> str:
    """Return all that a response says, without what differs at every loading."""
    headers = sorted(
        f"{name}: {value}"
        for name, value in response.headers
        if name not in TOLD_BY_THE_CLOCK
    )
    return "\n".join((response.status, *headers, "", _text(response.data)))


def _text(body: bytes) -> str:
    """Return a page as text, and a workbook as the text of its parts.

    A workbook says when it was packed and written; its cells do not.
    """
    if body.startswith(b"PK\x03\x04"):
        with ZipFile(BytesIO(body)) as book:
            return NEWEST_ENTRY.sub(
                "",
                "\n".join(
                    f"{part}\n{book.read(part).decode('utf-8', 'replace')}"
                    for part in sorted(book.namelist())
                    if part != "docProps/core.xml"
                ),
            )
    for volatile in (FORGERY_TOKEN, SUBMISSION):
        body = volatile.sub(rb"\1", body)
    return NEWEST_ENTRY.sub("", body.decode("utf-8", "replace"))
