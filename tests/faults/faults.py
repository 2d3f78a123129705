"""What may go wrong while people answer: each fault is done to a town that is served.

A fault returns when it is over; from then on the service has to come back by itself.
"""

import io
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, redirect_stderr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.faults.town import Town, kill

CLOCK = Path(__file__).with_name("clock.c")
LOCKED, QUICKLY = 30.0, 7.0
"""Seconds for which the database is locked: longer than anybody waits for it."""
AWAY = 3.0
DAY = 86_400


class LeftOut(Exception):  # noqa: N818 -- says what happened
    """The fault cannot be done here; says why."""


Fault = Callable[[Town], None]


def worker_killed(town: Town) -> None:
    """A process that answers ends; its neighbour goes on, and another one begins."""
    kill(town.workers()[0])


def each_killed_in_turn(town: Town) -> None:
    """Every kind of process ends, and the disk is full, one after another."""
    worker_killed(town)
    queue_worker_killed(town)
    if town.file is None:
        backend_killed(town)
    else:
        disk_full(town)
    master_killed(town)


def every_worker_killed(town: Town) -> None:
    """All processes that answer end at once."""
    kill(*town.workers())


def master_killed(town: Town) -> None:
    """The process that starts them ends."""
    kill(town.master())


def queue_worker_killed(town: Town) -> None:
    """The process that does jobs ends."""
    kill(*town.processes("survey_app.jobs.worker"))


def database_locked(town: Town, seconds: float = LOCKED) -> None:
    """Somebody holds the database and does not let go."""
    with _locked(town):
        time.sleep(seconds)  # the fault itself


def locked_for_a_moment(town: Town) -> None:
    """The same, just longer than the server waits for it."""
    database_locked(town, QUICKLY)


@contextmanager
def _locked(town: Town) -> Iterator[None]:
    if town.file is not None:
        with closing(
            sqlite3.connect(town.file, timeout=60, isolation_level=None)
        ) as held:
            held.execute("BEGIN IMMEDIATE")
            yield
            held.execute("ROLLBACK")
    else:
        with psycopg.connect(town.settings.database_url) as connection:
            connection.execute("LOCK TABLE response IN ACCESS EXCLUSIVE MODE")
            yield
            connection.rollback()


def disk_full(town: Town) -> None:
    """No file may grow any more, as on a full disk; then there is room again."""
    if town.file is None:
        raise LeftOut("PostgreSQL ends itself where its log cannot grow: see killed")
    pids = [*town.processes("gunicorn"), *town.processes("survey_app.jobs.worker")]
    with ExitStack() as stack:
        for pid in pids:
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
            stack.callback(_grow_again, pid)
        time.sleep(AWAY)  # the fault itself


def _grow_again(pid: int) -> None:
    try:
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
    except ProcessLookupError:
        return


def connections_taken(town: Town) -> None:
    """No connection to the database is left for anybody."""
    if town.file is not None:
        raise LeftOut("SQLite has no limit of connections: see locked")
    address = town.settings.database_url
    with psycopg.connect(address, autocommit=True) as manager, ExitStack() as stack:
        ours = [manager.info.backend_pid]
        _take(address, ours, stack)
        # What the server holds already would be enough for it.
        manager.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND NOT pid = ANY(%s)",
            [ours],
        )
        _take(address, ours, stack)
        time.sleep(AWAY)  # the fault itself


def _take(address: str, ours: list[int], stack: ExitStack) -> None:
    """Open connections until there is none left."""
    while True:
        try:
            taken = stack.enter_context(closing(psycopg.connect(address)))
        except psycopg.OperationalError:
            return
        ours.append(taken.info.backend_pid)


def backend_killed(town: Town) -> None:
    """A process of PostgreSQL ends, and it starts anew from its log."""
    with psycopg.connect(_postgresql(town), autocommit=True) as connection:
        asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        pids = [pid for (pid,) in connection.execute(asked)]
        own = connection.info.backend_pid
    kill(*[pid for pid in pids if pid != own][:1])


def postgresql_restarted(town: Town) -> None:
    """PostgreSQL is stopped as for an update, is away, and comes back."""
    server = _server(town)
    server.stop()
    time.sleep(AWAY)  # the fault itself
    started_again(server)


def postgresql_killed(town: Town) -> None:
    """Every process of PostgreSQL ends as in a power cut; somebody starts it."""
    server = _server(town)
    first = server.get_pid()
    os.kill(first, signal.SIGSTOP)  # so that none is begun while all are killed
    children = Path(f"/proc/{first}/task/{first}/children").read_text("ascii")
    kill(*map(int, children.split()), first)
    time.sleep(AWAY)  # the fault itself
    started_again(server)


def started_again(server: Any) -> None:
    """Start PostgreSQL; on a busy machine it takes more than one try."""
    for _ in range(12):
        try:
            with redirect_stderr(io.StringIO()):
                server.ensure_postgres_running()
        except (subprocess.SubprocessError, AssertionError):
            time.sleep(1)  # it is still reading its log
        else:
            return
    raise RuntimeError("PostgreSQL does not start")


def _server(town: Town) -> Any:
    _postgresql(town)
    assert town.postgresql
    return town.postgresql.server


def _postgresql(town: Town) -> str:
    if town.file is not None:
        raise LeftOut("only on PostgreSQL")
    return town.settings.database_url


def clock_set_back(town: Town) -> None:
    """It is yesterday again, for a while."""
    file = town.folder / "clock"
    if not file.exists():
        raise LeftOut("no C compiler: install gcc")
    file.write_text(str(DAY), "ascii")
    time.sleep(AWAY)  # the fault itself
    file.write_text("0", "ascii")


def clock_in(folder: Path) -> dict[str, str]:
    """Return what lets a server's calendar be set back; nothing without a compiler."""
    library, told = folder / "clock.so", folder / "clock"
    command = ["cc", "-shared", "-fPIC", "-o", str(library), str(CLOCK), "-ldl"]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return {}
    told.write_text("0", "ascii")
    return {"LD_PRELOAD": str(library), "CLOCK_FILE": str(told)}


def slow_and_idle(town: Town) -> None:
    """Many connect and say nothing, or say half of it."""
    assert town.server
    at = urlsplit(town.server.url)
    half = b"POST /s/X HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\na"
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    with ExitStack() as stack:
        for number in range(600):
            line = socket.create_connection((at.hostname or "", at.port or 0), 10)
            stack.enter_context(line)
            if number % 2:
                line.sendall(half)
        time.sleep(AWAY)  # the fault itself
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


FAULTS: dict[str, Fault] = {
    "web worker killed": worker_killed,
    "all web workers killed": every_worker_killed,
    "gunicorn's master killed": master_killed,
    "queue worker killed": queue_worker_killed,
    "disk full": disk_full,
    "database locked 30 s": database_locked,
    "connections exhausted": connections_taken,
    "PostgreSQL backend killed": backend_killed,
    "PostgreSQL restarted": postgresql_restarted,
    "PostgreSQL killed": postgresql_killed,
    "clock set back a day": clock_set_back,
    "slow and idle clients": slow_and_idle,
}
