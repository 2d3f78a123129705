"""Two machines in front of one PostgreSQL are one platform."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from http.cookiejar import CookieJar
from pathlib import Path
from signal import SIGKILL
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.ballot.tickets import NEW, USED
from survey_app.counted_together import FloodSum
from survey_app.database import borrowed_engine, borrowed_main_engine, writing
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.rehearsal import end_rehearsal
from survey_app.survey.responses import Receipt, Response
from survey_app.survey.tables import OPEN, REHEARSAL, Survey
from tests.conftest import Models
from tests.support.drafts import PLAN, ready
from tests.support.office import MANAGER, bundle
from tests.support.open_box import ANY_DAY, open_box
from tests.support.postgresql import PostgreSQL
from tests.support.respondents import ALWAYS_OPEN, GOOD, Asked, ask_about
from tests.support.server import serving

pytestmark = pytest.mark.postgresql
LIMIT = 80
"""Answers a minute from one place."""


@dataclass(frozen=True)
class Browser:
    """Somebody at an address, who asks now one machine and now the other."""

    place: str = "203.0.113.7"
    cookies: CookieJar = field(default_factory=CookieJar)

    def ask(self, url: str, **fields: str) -> tuple[int, str, str]:
        """Return status, address and text of the page that comes in the end."""
        request = Request(url, urlencode(fields).encode() if fields else None)
        request.add_header("X-Forwarded-For", self.place)
        opener = build_opener(HTTPCookieProcessor(self.cookies))
        try:
            with opener.open(request, timeout=30) as reply:
                return reply.status, reply.url, reply.read().decode()
        except HTTPError as refused:
            with refused:
                return refused.code, url, refused.read().decode()

    def send(self, url: str, **fields: str) -> tuple[int, str, str]:
        """Send a form of the office with the token its pages carry."""
        _, _, page = self.ask(f"{url.partition('/office')[0]}/office/sign-in")
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
        assert token, page
        return self.ask(url, **fields, csrf_token=token[1])


@dataclass(frozen=True)
class Machines:
    """Both, and the database they share."""

    one: str
    two: str
    engine: Engine
    ballots: Engine
    secrets: Path

    def survey(self, state: str = OPEN) -> Asked:
        """Return a survey both ask."""
        with Session(writing(self.engine)) as session:
            return ask_about(session, replace(ALWAYS_OPEN, state=state))

    def rows(self, table: type[Response] | type[Receipt], asked: Asked) -> int:
        """Return how many rows of the survey a table holds."""
        wanted = select(func.count()).where(table.survey_id == asked.survey_id)
        with Session(self.engine) as session:
            return session.scalar(wanted) or 0


@pytest.fixture(scope="module")
def machines(
    postgresql: PostgreSQL,
    postgresql_models: Models,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Machines]:
    secrets_folder = tmp_path_factory.mktemp("secrets")
    with ExitStack() as stack:
        url, boxes = (
            stack.enter_context(postgresql.database(like=model.database or ""))
            for model in (postgresql_models.main, postgresql_models.ballots)
        )
        told: dict[str, str | int] = {
            "trusted_proxies": 1,
            "answers_per_minute": LIMIT,
            "ballot_database_url": boxes,
            "ballot_secrets": str(secrets_folder),
        }
        one, two = (stack.enter_context(serving(url, **told)) for _ in "12")
        engine = stack.enter_context(borrowed_main_engine(one.settings))
        ballots = stack.enter_context(borrowed_engine(boxes))
        yield Machines(one.url, two.url, engine, ballots, secrets_folder)
        for machine in (one, two):
            machine.running.end(SIGKILL)  # nothing waits for a peaceful end


def answer(machine: str, asked: Asked, **fields: str) -> tuple[int, str, str]:
    """Send a complete form to a machine, of a rehearsal where a field says so."""
    own = asked.new_submission(REHEARSAL if "rehearsal" in fields else OPEN)
    form = {**GOOD, "submission": own, **fields}
    return Browser().ask(f"{machine}/s/{asked.code}", **form)


def test_what_is_sent_to_both_counts_once_and_both_say_so(machines: Machines) -> None:
    asked = machines.survey()
    submission = asked.new_submission()

    status, thanks, _ = answer(machines.one, asked, submission=submission)
    again, _, page = answer(machines.two, asked, submission=submission)

    assert (status, again) == (200, 200)
    receipt = thanks.removeprefix(machines.one)
    assert receipt.removeprefix("/r/") in page
    assert Browser().ask(machines.two + receipt)[0] == 200
    assert machines.rows(Response, asked) == machines.rows(Receipt, asked) == 1


def test_what_one_has_closed_the_other_takes_no_answer_for(machines: Machines) -> None:
    """Although it remembers the channel as it was a moment ago."""
    asked = machines.survey()
    assert answer(machines.two, asked)[0] == 200
    with Session(writing(machines.engine)) as session:
        session.get_one(Survey, asked.survey_id).state = "closed"
        session.commit()

    assert answer(machines.two, asked)[0] == 410
    assert machines.rows(Response, asked) == 1


def test_a_rehearsal_that_ended_on_one_is_over_on_the_other(machines: Machines) -> None:
    asked = machines.survey(REHEARSAL)
    tried = {"rehearsal": "1"}
    assert answer(machines.two, asked, **tried)[0] == 200
    with Session(writing(machines.engine)) as session:
        end_rehearsal(session, asked.survey_id, new_codes=False, key=b"")

    # As it remembers a rehearsal, or looks anew and finds a draft.
    assert answer(machines.two, asked, **tried)[0] in {409, 403}
    assert machines.rows(Response, asked) == 0


def test_signed_in_on_one_is_signed_in_on_both(machines: Machines) -> None:
    with Session(writing(machines.engine)) as session:
        password = make_account(session, "the manager", roles=bundle(MANAGER))
    official = Browser("203.0.114.1")
    said = {"username": "the manager", "password": password}
    official.send(f"{machines.one}/office/sign-in", **said)

    assert "/sign-in" not in official.ask(f"{machines.two}/office/")[1]
    official.send(f"{machines.two}/office/sign-out")
    assert "/sign-in" in official.ask(f"{machines.one}/office/")[1]


def test_a_slip_is_good_once_on_both_together(machines: Machines) -> None:
    with Session(writing(machines.engine)) as session:
        box = open_box(session, machines.ballots, machines.secrets, ANY_DAY)
    slip = {"code": box.codes[0]}
    shown, _, page = Browser().ask(f"{machines.two}/b", **slip)
    assert shown == 200
    assert "submit" in page

    cast, _, receipt = Browser().ask(f"{machines.one}/b", **slip, **box.answers())
    again, _, _ = Browser().ask(f"{machines.two}/b", **slip, **box.answers("bad"))

    assert cast == 200, receipt
    assert again == 403
    states = sorted(state for state, _, _ in box.rows().values())
    assert states == [NEW, NEW, USED]


def test_a_job_asked_for_on_one_is_seen_to_be_done_on_the_other(
    machines: Machines,
) -> None:
    """By the worker of either; both have one."""
    with Session(writing(machines.engine)) as session:
        made = ready(session, PLAN)
        open_survey(session, made.survey_id, today=PLAN.opens_on)
        password = make_account(session, "the closer", roles=bundle(MANAGER))
    official = Browser("203.0.115.1")
    said = {"username": "the closer", "password": password}
    official.send(f"{machines.one}/office/sign-in", **said)

    close = f"/office/surveys/{made.survey_id}/close"
    _, where, _ = official.send(machines.one + close)
    path = where.removeprefix(machines.one)

    assert path.startswith("/office/jobs/"), where
    deadline = time.monotonic() + 60
    while path.startswith("/office/jobs/") and time.monotonic() < deadline:
        _, where, _ = official.ask(machines.two + path)
        path = where.removeprefix(machines.two)
        time.sleep(0.1)  # as the page itself does, only sooner
    with Session(machines.engine) as session:
        assert session.get_one(Survey, made.survey_id).state == "closed"


def test_whoever_guesses_passwords_is_slowed_by_both_together(
    machines: Machines,
) -> None:
    guesser = Browser("198.51.100.9")

    said = [
        guesser.send(f"{machine}/office/sign-in", username="x", password="y" * 12)[0]
        for machine in (machines.one, machines.two) * 10
    ]
    both = [
        guesser.send(f"{machine}/office/sign-in", username="x", password="y" * 12)[0]
        for machine in (machines.one, machines.two)
    ]

    assert 429 not in said
    assert both == [429, 429]


def test_a_place_that_floods_one_is_held_up_by_the_other(machines: Machines) -> None:
    """No process of the other one reaches the limit by itself."""
    for _ in range(3):  # the minute may end in between: then once more
        asked = machines.survey()
        for _ in range(LIMIT - 1):
            answer(machines.one, asked)
        known = told_of(machines, more_than=0)
        said = {answer(machines.two, asked)[0] for _ in range(LIMIT // 2)}
        told_of(machines, more_than=known)
        said |= {answer(machines.two, asked)[0] for _ in range(LIMIT // 2 - 1)}
        if 429 in said:
            break
    else:
        pytest.fail("both let in what each of them may")


def told_of(machines: Machines, *, more_than: int) -> int:
    """Return what the machines told each other; they do so within a second."""
    deadline = time.monotonic() + 5
    told = 0
    while told <= more_than and time.monotonic() < deadline:
        with Session(machines.engine) as session:
            told = session.scalar(select(func.sum(FloodSum.count))) or 0
        time.sleep(0.05)  # nothing signals what other processes do
    return told
