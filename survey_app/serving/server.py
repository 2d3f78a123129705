"""The server process and what watches it, started with the settings they are given.

`serve` becomes the server; `running` keeps one beside us for as long as a block lasts,
which is how the demo county is filled and how tests meet the real front door.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import IO, NoReturn

from survey_app.settings import Settings

PROGRAM = "survey_app:create_app()"
PATIENCE = 120
"""Seconds a server may take until its first answer."""


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server of ours in a process group of its own."""

    url: str
    process: subprocess.Popen[bytes]

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End every process of the group and wait until they are gone."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, how)
            self.process.wait(PATIENCE)


def serve(settings: Settings, bind: str) -> NoReturn:
    """Become the server process; returns never."""
    os.execve(sys.executable, _command(PROGRAM), _environment(_told(settings), bind))  # noqa: S606 -- our own interpreter


@contextmanager
def running(settings: Settings, log: IO[bytes]) -> Iterator[RunningServer]:
    """Serve on a free port of this machine until the block ends.

    Raises RuntimeError where the server does not answer.
    """
    with running_program(PROGRAM, _told(settings), log) as server:
        yield server


@contextmanager
def running_program(
    program: str, told: Mapping[str, str], log: IO[bytes]
) -> Iterator[RunningServer]:
    """Serve any program in this manner, told these settings, until the block ends."""
    bind = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(  # noqa: S603 -- our own interpreter
        _command(program),
        env=_environment(told, bind),
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    server = RunningServer(f"http://{bind}", process)
    # Asked to end, we take the server with us: it must not outlive its block.
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        _wait_for(server, Path(str(log.name)))
        yield server
    finally:
        signal.signal(signal.SIGTERM, before)
        server.end()


def _leave(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _command(program: str) -> list[str]:
    watched = ["survey_app.serving.supervisor", program]
    alone = ["gunicorn", "-c", "python:survey_app.serving.gunicorn_settings", program]
    return [sys.executable, "-m", *(watched if program == PROGRAM else alone)]


def _told(settings: Settings) -> dict[str, str]:
    """Return the variables a server reads these settings from."""
    return {f"SURVEY_{name.upper()}": str(v) for name, v in asdict(settings).items()}


def _environment(told: Mapping[str, str], bind: str) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), **told, "SURVEY_BIND": bind}


def free_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(server: RunningServer, log: Path) -> None:
    """Return once the start page comes; a server that died says why."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(server.url, timeout=5):  # noqa: S310 -- http, ours
                return
        except OSError:  # refused, reset, or not answered yet
            # Nothing signals that a foreign process listens: ask again shortly.
            time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{log.read_text('utf-8')}")
