"""Keep the web server and the worker of jobs alive; nothing but Python is loaded.

`survey serve` becomes this. What is killed comes back; asked to end, both end first.
The sockets are ours: while a server begins, whoever connects waits and is not refused.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from types import FrameType

from survey_app.serving.end_with import end_with

SERVER = ("-m", "gunicorn", "-c", "python:survey_app.serving.gunicorn_settings")
WORKER = ("-m", "survey_app.jobs.worker")
SETTLED = 10.0
"""Seconds after which a process counts as one that started well."""
LONGEST = 30.0
"""Seconds at most between two tries to start one that keeps ending."""
LAST_WORD = 40.0
"""Seconds both are given to end in peace: longer than gunicorn gives its requests."""


HOST_AND_PORT = re.compile(r"\[?(?P<host>[^/\[\]]*?)\]?:(?P<port>\d+)")
BACKLOG = 2048
"""Who may wait to be let in; the system may allow fewer."""


class AskedToEnd(Exception):  # noqa: N818 -- says what happened
    """Somebody asked us to end."""


class Watched:
    """One process that is to be there, and how often it had to be started."""

    def __init__(
        self, command: Sequence[str], sockets: Sequence[socket.socket] = ()
    ) -> None:
        self._command = command
        self._sockets = [one.fileno() for one in sockets]
        self._began = 0.0
        self._failures = 0
        self.has_settled = False
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        self._began = time.monotonic()
        told = {"SURVEY_SOCKETS": ",".join(map(str, self._sockets))}
        return subprocess.Popen(  # noqa: S603 -- our own interpreter
            [sys.executable, *self._command],
            env=os.environ | told,
            pass_fds=self._sockets,
            preexec_fn=partial(end_with, os.getpid()),  # noqa: PLW1509 -- we have no threads
        )

    def note_end(self) -> None:
        """Remember whether it had started well."""
        lasted = time.monotonic() - self._began >= SETTLED
        self.has_settled = self.has_settled or lasted
        self._failures = 0 if lasted else self._failures + 1

    def start_again(self) -> None:
        """Start it once more; after every failure in a row a little later."""
        pause = min(LONGEST, 2.0 ** (self._failures - 2)) if self._failures > 1 else 0
        time.sleep(pause)
        self.process = self._started()


def keep_alive(
    server: Watched, worker: Watched, sockets: Sequence[socket.socket] = ()
) -> int:
    """Watch both until somebody asks to end; return the status to leave with.

    A server that could not start at all says why, and is not tried again.
    """
    try:
        while True:
            ended = _one_that_ended(server, worker)
            ended.note_end()
            status = ended.process.returncode
            if ended is server and status > 0 and not server.has_settled:
                return status
            ended.start_again()
    except AskedToEnd:
        return 0
    finally:
        for one in sockets:
            one.close()
        _end(server.process, worker.process)


def _one_that_ended(*watched: Watched) -> Watched:
    """Wait until one of them is gone, and return it."""
    while True:
        for one in watched:
            if one.process.poll() is not None:
                return one
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)


def _end(*processes: subprocess.Popen[bytes]) -> None:
    """Ask all of them to end, and wait for it; whoever does not is killed."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + LAST_WORD
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _ask(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # once is enough
    raise AskedToEnd


def listening(settings: Mapping[str, str]) -> list[socket.socket]:
    """Return sockets that listen where the server is to be met.

    None, where one of the places is not a host and a port or cannot be had: then the
    server tries by itself, and says what is wrong.
    """
    places = [settings.get("SURVEY_BIND", "127.0.0.1:8000")]
    if (port := settings.get("SURVEY_METRICS_PORT", "0")) != "0":
        places.append(f"127.0.0.1:{port}")
    opened: list[socket.socket] = []
    try:
        for found in map(HOST_AND_PORT.fullmatch, places):
            host, port = found.groups() if found else ("", "")
            opened.append(_listening_at(host, int(port)))
    except (OSError, ValueError):
        for one in opened:
            one.close()
        return []
    return opened


def _listening_at(host: str, port: int) -> socket.socket:
    """Return a socket that listens there, as gunicorn would open it."""
    found = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(BACKLOG)
    except BaseException:
        found.close()
        raise
    return found


def main(program: str) -> None:
    """Serve this program, and work jobs off beside it, until asked to end.

    SIGUSR2 lets both end in peace and begin anew, with what is installed by then.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ask)
    try:
        sockets = listening(os.environ)
        server, worker = Watched((*SERVER, program), sockets), Watched(WORKER)

        def renew(_number: int, _frame: FrameType | None) -> None:
            for one in (server, worker):
                one.process.terminate()  # it will be missed, and started

        signal.signal(signal.SIGUSR2, renew)
        status = keep_alive(server, worker, sockets)
    except AskedToEnd:
        status = 0
    sys.exit(status)


if __name__ == "__main__":
    main(*sys.argv[1:])
