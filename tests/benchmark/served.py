"""Servers to be measured: the platform as it ships, and the smallest program."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from survey_app.serving.server import PROGRAM, running_program
from survey_app.settings import Settings

SLOW_DISK = Path(__file__).with_name("slow_disk.c")
HELLO = "tests.benchmark.hello:app"


@dataclass(frozen=True, slots=True)
class Served:
    """Where a server answers, and the sessions whose processor time is its own."""

    url: str
    sessions: tuple[int, ...]


@contextmanager
def hello() -> Iterator[Served]:
    """Serve the bare Flask program with two of gunicorn's plainest workers: H."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", "-k", "sync", "-w2", "-b", bind, HELLO]
    with subprocess.Popen(
        command, start_new_session=True, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for(f"http://{bind}/")
            yield Served(f"http://{bind}", (process.pid,))
        finally:
            process.terminate()


@contextmanager
def platform(
    settings: Settings, *, beside: tuple[int, ...] = (), slow_disk: Path | None = None
) -> Iterator[Served]:
    """Serve the platform; `beside` are the sessions of its database.

    `slow_disk` is a library that lets every sync take two milliseconds more.
    """
    told: dict[str, str] = {
        f"SURVEY_{name.upper()}": str(value) for name, value in asdict(settings).items()
    }
    if slow_disk is not None:
        told |= {"LD_PRELOAD": str(slow_disk), "SLOW_DISK_US": "2000"}
    with (
        tempfile.NamedTemporaryFile() as log,
        running_program(PROGRAM, told, log.file) as server,
    ):
        yield Served(server.url, (server.process.pid, *beside))


def slow_disk_in(folder: Path) -> Path | None:
    """Return the compiled library of a slow disk; None without a compiler."""
    library = folder / "slow_disk.so"
    command = ["cc", "-shared", "-fPIC", "-o", str(library), str(SLOW_DISK), "-ldl"]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return library


@contextmanager
def postgresql(databases: Mapping[str, None]) -> Iterator[tuple[dict[str, str], int]]:
    """Give the addresses of empty databases and the session of their server."""
    from tests.support.postgresql import started  # noqa: PLC0415 -- takes a while

    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = started(folder)
    try:
        with ExitStack() as stack:
            addresses = {
                name: stack.enter_context(server.database(name)) for name in databases
            }
            pid = int((folder / "postmaster.pid").read_text("ascii").split()[0])
            yield addresses, os.getsid(pid)
    finally:
        server.stop()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
