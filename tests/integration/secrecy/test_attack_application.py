"""A whole run on the shipped configuration: what its logs, files and headers tell."""

import logging
import sqlite3
import sys
from pathlib import Path

import pytest
from flask import Flask

from tests.support.attacks.crowd import crowd
from tests.support.attacks.naive_page import served_naively
from tests.support.attacks.naive_sqlite import ROWID, cast_naively, naive_box
from tests.support.attacks.real_run import Run, cluster_files, run_on
from tests.support.attacks.telltales import COMMENT, COOKIE, Telltale
from tests.support.attacks.traces import code_writings, files_under, found, writings
from tests.support.attacks.victims import postgresql_settings, sqlite_settings
from tests.support.open_box import unissued_code
from tests.support.postgresql import PostgreSQL


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def run(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Run:
    """One run on each kind of database; everything is stolen before it ends."""
    folder = tmp_path_factory.mktemp("run")
    if request.param == "sqlite":
        return run_on(sqlite_settings(folder), lambda: files_under(folder))
    server: PostgreSQL = request.getfixturevalue("untouched_postgresql")
    with postgresql_settings(server, folder) as settings:
        return run_on(settings, lambda: cluster_files(server, settings))


def test_a_naive_server_names_code_comment_and_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    code = unissued_code()
    caplog.set_level(logging.INFO)
    with served_naively() as url:
        voter = Telltale(url)
        asked = voter.get(f"/b/{code}")
        voter.post(f"/b/{code}", {"comment": COMMENT})

    log = {"log": caplog.text.encode()}

    assert found(log, code_writings(code))
    assert found(log, writings(COMMENT))
    assert found(log, [b"127.0.0.1"])
    assert "Set-Cookie" in dict(asked.headers)


def test_the_run_went_as_it_should(run: Run) -> None:
    statuses = {name: reply.status for name, reply in run.replies.items()}

    assert statuses["cast"] == statuses["in time"] == 200
    assert statuses["again"] == statuses["unknown"] == 403
    assert statuses["unkept"] == 503


def test_no_log_of_a_run_tells_anything_about_a_ballot(run: Run) -> None:
    told = "\n".join(line for line in run.log.splitlines() if "Listening" not in line)
    digests = {run.box.digest(code).hex().encode() for code in run.codes}

    assert found({"log": told.encode()}, run.sought | digests) == []
    assert "/b" not in told
    assert "127.0.0.1" not in told


def test_a_fault_on_a_ballot_page_is_logged_by_its_type_alone(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever its message carries; a naive server logs it, see above."""
    code = unissued_code()

    with app.test_request_context("/b", method="POST", data={"code": code}):
        try:
            raise ValueError(f"ticket {code} says {COMMENT}")
        except ValueError:
            app.log_exception(sys.exc_info())

    assert "ValueError" in caplog.text
    assert found({"log": caplog.text.encode()}, code_writings(code)) == []
    assert found({"log": caplog.text.encode()}, writings(COMMENT)) == []


def test_no_file_of_a_run_tells_anything_about_a_ballot(run: Run) -> None:
    digests = {run.box.digest(code).hex().encode() for code in run.codes}

    assert len(run.files) >= 2
    assert found(run.files, run.sought | digests) == []


def test_a_page_repeats_what_was_typed_to_nobody_else(run: Run) -> None:
    """The receipt and every refusal speak of no code, no answer and no comment."""
    pages = {
        name: run.replies[name].page.encode()
        for name in ("page", "in path", "in query", "cast", "again", "unknown", "bytes")
    }

    assert found(pages, run.sought - run.receipt) == []


def test_no_reply_sets_a_cookie_or_lets_itself_be_kept(run: Run) -> None:
    for name, reply in run.replies.items():
        headers = {key.lower(): value for key, value in reply.headers}
        assert "set-cookie" not in headers, name
        assert "cookie" not in headers.get("vary", "").lower(), name
        assert "no-store" in headers["cache-control"], name
        assert headers["referrer-policy"] == "no-referrer", name
        assert found({name: repr(headers).encode()}, run.sought) == []
        assert COOKIE not in repr(headers)


def test_naive_questions_tell_a_used_ticket_from_an_unknown_one(
    tmp_path: Path,
) -> None:
    with naive_box(tmp_path / "naive.sqlite", ROWID) as connection:
        (vote, *others) = crowd(2)
        cast_naively(connection, [vote])
        asked = [
            questions_of(connection, ticket)
            for ticket in (vote.ticket, others[0].ticket)
        ]

    assert asked == [2, 1]


def questions_of(connection: sqlite3.Connection, ticket: bytes) -> int:
    """Return how many statements a naive look-up takes."""
    said: list[str] = []
    connection.set_trace_callback(said.append)
    if connection.execute("SELECT 1 FROM spent WHERE ticket = ?", (ticket,)).fetchone():
        connection.execute("SELECT count(*) FROM ballot").fetchone()
    connection.set_trace_callback(None)
    return len(said)


def test_our_questions_are_as_many_for_every_ticket_that_is_not_taken(run: Run) -> None:
    assert run.questions["used"] == run.questions["unknown"] == run.questions["void"]
    assert run.questions["late"] == run.questions["unknown"]
    assert run.questions["unknown"] > 0


def test_whatever_refuses_a_ticket_looks_the_same(run: Run) -> None:
    again, unknown = (
        (reply.status, reply.page, len(reply.headers), dict(reply.headers).keys())
        for reply in (run.replies["again"], run.replies["unknown"])
    )

    assert again == unknown
