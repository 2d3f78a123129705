"""A connection that breaks in the middle of a commit: kept, not kept, or nobody knows.

The server itself is made to break it: in a trigger that runs at the commit, before
anything is kept, and while the commit waits for a standby that never comes, after it
was kept and before anybody is told. SQLite's commit fails while somebody is reading.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text

from survey_app.ballot.paper.ticket import printed_tracker, tracker_of
from survey_app.ballot.tickets import NEW, USED
from tests.support.open_box import Box, Voter
from tests.support.postgresql import PostgreSQL
from tests.support.respondents import shown

on_postgresql = pytest.mark.parametrize(
    "database_url",
    [pytest.param("postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

AT_COMMIT = """
CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER break_off AFTER UPDATE ON ticket
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION break_off()
"""
WAITING = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE wait_event = 'SyncRep' AND datname = %s"
)


@pytest.fixture
def voter(client: FlaskClient, box: Box) -> Voter:
    voter = Voter(client, box.codes[0])
    voter.open()
    return voter


@on_postgresql
def test_what_was_not_committed_is_not_kept_and_can_be_sent_again(
    voter: Voter, box: Box
) -> None:
    with box.ballots.begin() as connection:
        connection.execute(text(AT_COMMIT))

    sent = voter.send(box.answers(), "?lang=en")

    assert sent.status_code == 503
    assert "Your ballot was not kept" in shown(sent).text
    assert box.row(voter.code)[0] == NEW
    with box.ballots.begin() as connection:
        connection.execute(text("DROP TRIGGER break_off ON ticket"))
    assert voter.send(box.answers()).status_code == 200


@pytest.fixture
def lonely(postgresql: PostgreSQL, app: Flask) -> Iterator[psycopg.Connection[Any]]:
    """A server on which ballots wait for a standby, and a connection beside them."""
    with psycopg.connect(postgresql.url, autocommit=True) as beside:
        beside.execute("ALTER SYSTEM SET synchronous_commit = 'local'")
        beside.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        beside.execute("SELECT pg_reload_conf()")

        def wait(connection: Any, _: object) -> None:
            connection.cursor().execute("SET synchronous_commit = 'on'")
            connection.commit()

        served: Engine = app.extensions["survey_ballots"]
        event.listen(served, "connect", wait)
        yield beside
        beside.execute("ALTER SYSTEM RESET synchronous_standby_names")
        beside.execute("ALTER SYSTEM RESET synchronous_commit")
        beside.execute("SELECT pg_reload_conf()")


@contextmanager
def broken_off(
    beside: psycopg.Connection[Any], box: Box, *, first: str = ""
) -> Iterator[list[int]]:
    """End the connection whose commit waits; `first` is done while it still waits."""
    ended: list[int] = []
    over = threading.Event()
    waits = (
        "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = %s"
    )
    database = [box.ballots.url.database]

    def end() -> None:
        while not over.is_set():
            if beside.execute(waits, database).fetchone():
                if first:
                    beside.execute(first.encode())
                beside.execute(WAITING, database)
                ended.append(1)
                return

    thread = threading.Thread(target=end)
    thread.start()
    yield ended
    over.set()
    thread.join()


@on_postgresql
def test_what_was_committed_is_kept_although_nobody_was_told(
    lonely: psycopg.Connection[Any], voter: Voter, box: Box
) -> None:
    with broken_off(lonely, box) as ended:
        sent = voter.send(box.answers(), "?lang=en")

    assert ended == [1]
    assert sent.status_code == 200
    assert "Your ballot is in the box" in shown(sent).text
    assert box.row(voter.code)[0] == USED


@on_postgresql
def test_where_nobody_can_ask_the_page_does_not_claim_to_know(
    lonely: psycopg.Connection[Any], voter: Voter, box: Box
) -> None:
    shut = f"ALTER DATABASE {box.ballots.url.database} ALLOW_CONNECTIONS false"
    nonce = shown(voter.open()).named("page")[0].get("value")
    with broken_off(lonely, box, first=shut) as ended:
        sent = voter.send({**box.answers(), "page": nonce}, "?lang=en")

    page = shown(sent)
    assert ended == [1]
    assert sent.status_code == 503
    assert "We do not know whether it arrived" in page.text
    assert "if it had arrived already, you are given its receipt" in page.text
    assert len(page.picked) == len(box.answers())
    lonely.execute(shut.replace("false", "true").encode())
    assert box.row(voter.code)[0] == USED
    hidden = {"page": page.named("page")[0].get("value")}
    again = voter.send({**box.answers(), **hidden}, "?lang=en")
    assert again.status_code == 200
    assert printed_tracker(tracker_of(box.row(voter.code)[1])) in shown(again).text


@on_sqlite
def test_a_commit_that_a_reader_holds_up_is_not_kept_and_can_be_sent_again(
    voter: Voter, box: Box, app: Flask
) -> None:
    def hurry(connection: Any, _: object) -> None:
        connection.execute("PRAGMA busy_timeout=0")

    served: Engine = app.extensions["survey_ballots"]
    event.listen(served, "connect", hurry)
    served.dispose()
    with box.ballots.connect() as reading:
        reading.execute(text("SELECT count(*) FROM ticket")).scalar()
        sent = voter.send(box.answers(), "?lang=en")

    assert sent.status_code == 503
    assert "Your ballot was not kept" in shown(sent).text
    assert box.row(voter.code)[0] == NEW
    assert voter.send(box.answers()).status_code == 200
