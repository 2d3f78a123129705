"""The server and the worker come back when they are killed, and end when asked to."""

import os
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.database import writing
from survey_app.jobs.jobs import ask_for, job_of
from survey_app.jobs.tables import FAILED
from tests.conftest import ONE_DATABASE
from tests.support.server import Server, serving

BOTH_OF_THEM = ("gunicorn", "survey_app.jobs.worker")
SOON = 30
"""Seconds after which a process that should be there is not coming any more."""


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    with serving(database_url) as server:
        yield server


def children(process: int) -> dict[str, int]:
    """Return what runs under a process: the module it was started as → its number."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text("ascii")
    return {module_of(child): int(child) for child in listed.split()}


def module_of(process: str) -> str:
    """Return what `python -m` was told; nothing of what is coming or going."""
    try:
        told = Path(f"/proc/{process}/cmdline").read_text("utf-8").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return told[2] if len(told) > 2 else ""


def until(holds: Callable[[], bool]) -> None:
    """Wait for another process; nothing signals that it is where it should be."""
    deadline = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def one(server: Server, module: str) -> int:
    """Return the process of this module as soon as there is one."""
    found: dict[str, int] = {}

    def is_there() -> bool:
        found.update(children(server.running.process.pid))
        return module in found

    until(is_there)
    return found[module]


def asked(engine: Engine) -> int:
    """Ask for the closing of a survey there is none of."""
    with Session(writing(engine)) as session:
        number = ask_for(session, "close-survey", about=999)
        session.commit()
        return number


def is_tried(engine: Engine, number: int) -> bool:
    with Session(engine) as session:
        job = job_of(session, number)
        return job is not None and (job.state, job.failure) == (FAILED, "NotFound")


def answers(server: Server) -> bool:
    try:
        with urllib.request.urlopen(server.url, timeout=SOON) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def everybody(server: Server) -> dict[str, int]:
    """Return both as soon as they are there."""
    return {module: one(server, module) for module in BOTH_OF_THEM}


def is_gone(process: int) -> bool:
    return not Path(f"/proc/{process}").exists()


@ONE_DATABASE
def test_what_is_killed_comes_back_and_nobody_is_refused_meanwhile(
    server: Server, engine: Engine
) -> None:
    killed = everybody(server)
    answering = [
        int(child)
        for child in Path(f"/proc/{killed['gunicorn']}/task/{killed['gunicorn']}")
        .joinpath("children").read_text("ascii").split()
    ]  # fmt: skip
    for process in killed.values():
        os.kill(process, signal.SIGKILL)

    until(lambda: all(map(is_gone, answering)))
    assert answers(server)
    for module in BOTH_OF_THEM:
        until(lambda at=module: one(server, at) != killed[at])  # type: ignore[misc]
    number = asked(engine)
    until(lambda: is_tried(engine, number))


@ONE_DATABASE
def test_asked_to_begin_anew_both_do_and_nobody_is_refused_meanwhile(
    server: Server,
) -> None:
    before = everybody(server)

    server.running.process.send_signal(signal.SIGUSR2)

    until(lambda: is_gone(before["gunicorn"]))
    assert answers(server)
    after = everybody(server)
    assert not set(before.values()) & set(after.values())


def test_a_job_is_worked_off_beside_the_server(server: Server, engine: Engine) -> None:
    number = asked(engine)

    until(lambda: is_tried(engine, number))


@ONE_DATABASE
def test_asked_to_end_nothing_stays_behind(server: Server) -> None:
    supervisor = server.running.process.pid
    below = [one(server, module) for module in BOTH_OF_THEM]

    os.kill(supervisor, signal.SIGTERM)

    assert server.running.process.wait(SOON) == 0
    assert not any(Path(f"/proc/{process}").exists() for process in below)


@ONE_DATABASE
def test_whoever_kills_the_one_that_watches_ends_all(server: Server) -> None:
    below = [one(server, module) for module in BOTH_OF_THEM]

    os.kill(server.running.process.pid, signal.SIGKILL)

    until(lambda: not any(Path(f"/proc/{process}").exists() for process in below))
