"""Loads from outside the server: wrk for single requests, whole visits by ourselves.

wrk is Debian's. A visit opens one connection and asks for the page, sends the form and
reads the thanks; eight of them at once are kept going by one loop over plain sockets,
so that what is measured is the server and not Python's threads.
"""

import json
import os
import re
import secrets
import selectors
import shutil
import socket
import subprocess
import time
import zlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode, urlsplit

SCRIPT = Path(__file__).with_name("load.lua")
CLIENTS, VISITORS = 32, 8
SUBMISSION = re.compile(rb'name="submission" value="([0-9a-f]{32})"')
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
LOCATION = re.compile(rb"(?i)\r\nlocation: *(\S+)")
Exchange = Generator[bytes, bytes, bool]
"""Yields requests, is sent whole replies, returns whether it was thanked."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one run showed."""

    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    refused: int = 0
    """Answered with a status of 400 or more."""
    broken: int = 0
    """Not answered at all."""

    @property
    def per_second(self) -> float:
        return (self.requests - self.refused) / self.seconds


def is_wrk_there() -> bool:
    """Return whether the load generator is installed."""
    return shutil.which("wrk") is not None


def hammer(
    base: str, paths: Sequence[str], folder: Path, *, seconds: float, body: str = ""
) -> Seen:
    """Let 32 clients of wrk ask for these paths, or send them this form.

    A form is sent with the submission id that stands behind a path.
    """
    listed = folder / f"paths-{secrets.token_hex(4)}"
    listed.write_text("\n".join(paths) + "\n", "ascii")
    told = {"BENCH_CODES": str(listed)}
    if body:
        told["BENCH_BODY"] = body
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "-s", str(SCRIPT), base]
    ran = subprocess.run(
        command, env={**os.environ, **told}, capture_output=True, text=True, check=True
    )
    return Seen(**json.loads(ran.stdout.rsplit("\n{", 1)[1].join(("{", ""))))


def visits(base: str, paths: Sequence[str], picks: str, *, seconds: float) -> Seen:
    """Let eight respondents at a time come, answer, and be thanked."""
    address = urlsplit(base)
    where = (address.hostname or "", address.port or 80)
    chosen = iter(lambda: secrets.choice(paths), "")
    took: list[float] = []
    lost = 0
    until = time.perf_counter() + seconds
    with selectors.DefaultSelector() as doors:
        for _ in range(VISITORS):
            _enter(doors, where, _visit(next(chosen), picks))
        while doors.get_map():
            for door, _ in doors.select(timeout=5):
                over = door.data.go_on(door.fileobj)
                if over is None:
                    continue
                doors.unregister(door.fileobj)
                door.fileobj.close()  # type: ignore[union-attr]  # a socket
                now = time.perf_counter()
                if over and now <= until:
                    took.append((now - door.data.began) * 1e3)
                lost += not over
                if now < until:
                    _enter(doors, where, _visit(next(chosen), picks))
    cuts = quantiles(took, n=100)
    return Seen(len(took), seconds, cuts[49], cuts[94], cuts[98], broken=lost)


def _visit(path: str, picks: str) -> Exchange:
    page = yield _request("GET", path)
    found = SUBMISSION.search(_unzipped(page))
    if found is None:
        return False
    form = f"{picks}&submission={found[1].decode()}".encode()
    sent = yield _request("POST", path, form)
    to = LOCATION.search(sent)
    if to is None:
        return False
    thanks = yield _request("GET", to[1].decode())
    return b'class="receipt"' in _unzipped(thanks)


def _request(method: str, path: str, form: bytes = b"") -> bytes:
    said = f"{method} {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n"
    if form:
        kind = "application/x-www-form-urlencoded"
        said += f"Content-Type: {kind}\r\nContent-Length: {len(form)}\r\n"
    return said.encode() + b"\r\n" + form


def _unzipped(reply: bytes) -> bytes:
    head, _, body = reply.partition(b"\r\n\r\n")
    return zlib.decompress(body, 31) if b"gzip" in head else body


class _Visitor:
    """One visit on one connection."""

    def __init__(self, exchange: Exchange) -> None:
        self.began = time.perf_counter()
        self._exchange = exchange
        self._read = b""
        self.first = next(exchange)

    def go_on(self, door: socket.socket) -> bool | None:
        """Read on; return None while the visit lasts, then whether it was thanked."""
        try:
            more = door.recv(65536)
        except OSError:
            return False
        self._read += more
        head, _, body = self._read.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if more and (not length or len(body) < int(length[1])):
            return None
        if not length:
            return False
        reply, self._read = self._read, b""
        try:
            door.sendall(self._exchange.send(reply))
        except StopIteration as over:
            return bool(over.value)
        except OSError:
            return False
        return None


def _enter(
    doors: selectors.BaseSelector, where: tuple[str, int], exchange: Exchange
) -> None:
    visitor = _Visitor(exchange)
    door = socket.create_connection(where, 10)
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    door.sendall(visitor.first)
    doors.register(door, selectors.EVENT_READ, visitor)


def picks_of(questions: Sequence[str]) -> str:
    """Return a form in which every question is answered alike."""
    return urlencode(dict.fromkeys(questions, "satisfied"))
