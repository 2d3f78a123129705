"""Whatever keeps a ticket from being taken: one reply, the same work, nothing lost."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text, update
from werkzeug.test import TestResponse

from survey_app.ballot.casting import BallotBoxes
from survey_app.ballot.paper.ballot import Ballot
from survey_app.ballot.tables import CLOSED, Batch
from survey_app.ballot.tickets import CHALLENGED, NEW, USED, VOID_TICKET
from survey_app.database import writing
from survey_app.settings import Settings
from tests.conftest import FixedClock
from tests.support.open_box import Box, Voter, unissued_code
from tests.support.respondents import shown
from tests.support.statements import counted

TODAY = date(2026, 5, 1)


def on_no_slip(box: Box, clock: FixedClock) -> str:
    return unissued_code()


def closed(box: Box, clock: FixedClock) -> str:
    box.set_box(state=CLOSED)
    return box.codes[0]


def late(box: Box, clock: FixedClock) -> str:
    clock.day = date(2026, 6, 1)
    return box.codes[0]


def early(box: Box, clock: FixedClock) -> str:
    clock.day = date(2026, 4, 19)
    return box.codes[0]


def in_state(state: int) -> Callable[[Box, FixedClock], str]:
    def reach(box: Box, clock: FixedClock) -> str:
        box.set_ticket(box.codes[0], state)
        return box.codes[0]

    return reach


def of_a_void_batch(box: Box, clock: FixedClock) -> str:
    with writing(box.ballots).begin() as connection:
        connection.execute(update(Batch).values(state="void"))
    return box.codes[0]


WAYS: dict[str, Callable[[Box, FixedClock], str]] = {
    "unknown": on_no_slip,
    "used": in_state(USED),
    "void": in_state(VOID_TICKET),
    "challenged": in_state(CHALLENGED),
    "of-a-void-batch": of_a_void_batch,
    "closed": closed,
    "late": late,
    "early": early,
}


def told(sent: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Return all that leaves for the browser."""
    return sent.status_code, sent.data, sorted(sent.headers)


@pytest.fixture
def usual(client: FlaskClient, box: Box) -> TestResponse:
    """What an unknown code meets."""
    return Voter(client, unissued_code()).send({})


@pytest.mark.parametrize("why", WAYS)
def test_the_reply_is_the_same_to_the_byte_after_the_same_work(
    app: Flask, box: Box, clock: FixedClock, usual: TestResponse, why: str
) -> None:
    voter = Voter(app.test_client(), WAYS[why](box, clock))
    before = box.rows()

    with (
        counted(app.extensions["survey_engine"]) as asked,
        counted(app.extensions["survey_ballots"]) as also_asked,
    ):
        opened = voter.open()
        cast = voter.send({**box.answers(), "comment": "好"})

    questions = [said for said in also_asked if said.startswith("SELECT")]
    assert told(opened) == told(cast) == told(usual)
    assert opened.status_code == 403
    assert asked == []
    assert len(questions) == 2
    assert questions[0] == questions[1]
    assert box.rows() == before


def test_the_reply_says_that_a_sent_ballot_is_in_the_box(
    client: FlaskClient, box: Box
) -> None:
    voter = Voter(client, box.codes[0])
    voter.send(box.answers())

    again = shown(voter.send(box.answers(), "?lang=en"))

    assert again.title == "This code does not open a ballot"
    assert "has arrived already, it is in the box" in again.text


def test_without_any_box_the_same_is_said_after_the_same_question(
    client: FlaskClient, app: Flask, ballots: Engine
) -> None:
    with counted(app.extensions["survey_ballots"]) as asked:
        sent = Voter(client, unissued_code()).open("?lang=en")

    assert sent.status_code == 403
    assert len([said for said in asked if "ticket" in said]) == 1


def test_a_box_closed_since_the_ballot_was_shown_takes_nothing(
    box: Box, engine: Engine, settings: Settings
) -> None:
    boxes = BallotBoxes(engine, box.ballots, settings.secrets_folder)
    found = boxes.find(box.codes[0], today=TODAY)
    assert found is not None
    picks = {s: {"welcome": "good", "solved": "bad"} for s in box.form.subject_ids}
    before = box.rows()

    box.set_box(state=CLOSED)

    cast = boxes.cast(found, box.codes[0], Ballot(picks), (), today=TODAY)
    assert cast is None
    assert box.rows() == before


def test_closing_waits_for_a_ballot_on_its_way(
    box: Box, engine: Engine, settings: Settings
) -> None:
    """The box's row is held while a ballot is being kept."""
    boxes = BallotBoxes(engine, box.ballots, settings.secrets_folder)
    found = boxes.find(box.codes[0], today=TODAY)
    assert found is not None
    picks = {s: {"welcome": "good", "solved": "bad"} for s in box.form.subject_ids}
    refused: list[str] = []

    def close(*told: object) -> None:
        if str(told[2]).startswith("UPDATE ticket"):
            with box.ballots.connect() as other:
                other.exec_driver_sql(HURRY[other.dialect.name])
                try:
                    other.exec_driver_sql("UPDATE ballot_box SET state = 'closed'")
                except Exception as error:  # noqa: BLE001 -- two databases, two kinds
                    refused.append(str(error))
                other.rollback()
                other.exec_driver_sql(CALM[other.dialect.name])
                other.commit()

    event.listen(box.ballots, "after_cursor_execute", close)
    cast = boxes.cast(found, box.codes[0], Ballot(picks), (), today=TODAY)
    event.remove(box.ballots, "after_cursor_execute", close)

    assert cast is not None
    assert len(refused) == 1
    assert "lock" in refused[0]


HURRY = {"sqlite": "PRAGMA busy_timeout=0", "postgresql": "SET lock_timeout='50ms'"}
CALM = {"sqlite": "PRAGMA busy_timeout=5000", "postgresql": "SET lock_timeout='5s'"}


def test_without_a_database_the_ballot_stays_in_the_page(
    client: FlaskClient, box: Box
) -> None:
    voter = Voter(client, box.codes[0])
    voter.open()
    rename(box, "ticket", "away")

    sent = voter.send({**box.answers("bad"), "comment": "一\r\n二"}, "?lang=en")

    hidden = [
        (e.get("name") or "", e.get("value") or "") for e in shown(sent).all("input")
    ]
    assert (sent.status_code, sent.headers["Retry-After"]) == (503, "5")
    assert "Everything you filled in is still in this page." in shown(sent).text
    assert "no-transform" in sent.headers["Cache-Control"]
    rename(box, "away", "ticket")
    assert client.post("/b", data=dict(hidden)).status_code == 422  # for whom it is
    about = {"about": str(box.form.subject_ids[0])}
    assert client.post("/b", data={**dict(hidden), **about}).status_code == 200
    assert box.row(voter.code)[0] == USED


def rename(box: Box, old: str, new: str) -> None:
    with box.ballots.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


@pytest.mark.parametrize("asked", ["only the code", "another look"])
def test_who_sent_no_ballot_is_not_told_that_it_had_arrived(
    client: FlaskClient, box: Box, asked: str
) -> None:
    voter = Voter(client, box.codes[0])
    voter.open()
    more = {"only the code": {}, "another look": box.answers() | {"redraw": "1"}}[asked]
    rename(box, "ticket", "away")
    sent = voter.send(more, "?lang=en")
    page = shown(sent)
    rename(box, "away", "ticket")

    assert sent.status_code == 503
    assert "Nothing was put into the box by this" in page.text
    assert "tell the people who gave out the slips" in page.text
    assert "had arrived" not in page.text
    # What only wanted to be seen again is not cast by pressing the button.
    assert ('name="redraw"' in sent.text) is (asked == "another look")
    assert voter.send(more).status_code == 200
    assert box.row(voter.code)[0] == NEW


def test_while_the_box_cannot_be_written_the_ballot_stays_in_the_page(
    client: FlaskClient, app: Flask, box: Box
) -> None:
    voter = Voter(client, box.codes[0])
    voter.open()

    def fail(*told: object) -> None:
        if str(told[2]).startswith("UPDATE ticket"):
            told[1].execute("no such statement")  # type: ignore[attr-defined]  # a cursor

    served = app.extensions["survey_ballots"]
    event.listen(served, "before_cursor_execute", fail)
    sent = voter.send(box.answers("bad"), "?lang=en")
    event.remove(served, "before_cursor_execute", fail)

    page = shown(sent)
    assert (sent.status_code, sent.headers["Retry-After"]) == (503, "5")
    assert "Your ballot was not kept" in page.text
    assert "had arrived" not in page.text
    assert len(page.picked) == len(box.answers())
    assert box.row(voter.code)[0] == NEW
    assert voter.send(box.answers()).status_code == 200
