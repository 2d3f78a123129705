"""Phones and flooders that use the front door, each from a network of its own choice.

One loop over plain streams holds hundreds of them. The network is what a proxy would
have told (X-Forwarded-For), so the server they meet must trust one.
"""

import asyncio
import re
import time
import zlib
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from statistics import quantiles
from typing import Self
from urllib.parse import urlsplit

from tests.support.proven import found_for

SUBMISSION = re.compile(rb'name="submission" value="([0-9a-f]{32})"')
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
AGAIN = re.compile(rb"(?i)\r\nretry-after: *(\d+)")
PATIENCE = 30.0
"""Seconds a phone waits for a reply before it counts as broken."""
LATE = 1.0
"""Seconds; who waits longer from scanning to receipt was delayed."""
KEPT, REFUSED = 303, 429
PROOF = re.compile(rb'name="proof" value="([^"]+)"')
Solvers = ProcessPoolExecutor | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    head: bytes
    body: bytes

    @property
    def page(self) -> bytes:
        """The body as it can be read."""
        squeezed = b"content-encoding: gzip" in self.head.lower()
        return zlib.decompress(self.body, 31) if squeezed else self.body

    @property
    def wait(self) -> float:
        """The seconds after which the sender is told to come again."""
        told = AGAIN.search(self.head)
        return float(told[1]) if told else 0.0


@dataclass(slots=True)
class Fates:
    """What became of what some senders sent."""

    kept: int = 0
    refused: int = 0
    """Told to come later."""
    otherwise: Counter[int] = field(default_factory=Counter)
    """Status → how many of the answers that were neither."""
    broken: int = 0
    took: list[float] = field(default_factory=list)
    """Seconds from scanning to the receipt, of what was kept."""
    told: list[float] = field(default_factory=list)
    """Seconds to wait, as those who were refused were told."""

    def note(self, reply: Reply, seconds: float) -> None:
        """Count one answer's reply."""
        if reply.status == KEPT:
            self.kept += 1
            self.took.append(seconds)
        elif reply.status == REFUSED:
            self.refused += 1
            self.told.append(reply.wait)
        else:
            self.otherwise[reply.status] += 1

    def __str__(self) -> str:
        late = sum(one > LATE for one in self.took)
        said = [f"kept {self.kept}", f"refused {self.refused}", f"delayed {late}"]
        said += [f"status {status}: {n}" for status, n in self.otherwise.items()]
        said += [f"broken {self.broken}"] if self.broken else []
        if len(self.took) > 1:
            cuts = quantiles(self.took, n=100)
            told = cuts[49], cuts[94], cuts[98], max(self.took)
            named = zip(("p50", "p95", "p99", "longest"), told, strict=True)
            said += [f"{name} {value * 1e3:.0f} ms" for name, value in named]
        if self.told:
            said.append(f"told to wait {min(self.told):.0f} to {max(self.told):.0f} s")
        return ", ".join(said)


@dataclass(slots=True)
class Line:
    """One connection to the server, and the address behind it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    address: str
    base: str

    @classmethod
    @asynccontextmanager
    async def to(cls, base: str, address: str) -> AsyncIterator[Self]:
        """Give a connection; raises OSError where there is none to be had."""
        where = urlsplit(base)
        streams = await asyncio.open_connection(where.hostname, where.port)
        try:
            yield cls(*streams, address, base)
        finally:
            streams[1].close()
            with suppress(OSError):
                await streams[1].wait_closed()

    async def ask(self, path: str, form: str = "") -> Reply:
        """Get a page, or send a form; raises OSError where nothing comes back."""
        said = (
            f"{'POST' if form else 'GET'} {path} HTTP/1.1\r\nHost: x\r\n"
            f"Accept-Encoding: gzip\r\nX-Forwarded-For: {self.address}\r\n"
        )
        if form:
            said += "Content-Type: application/x-www-form-urlencoded\r\n"
            said += f"Content-Length: {len(form)}\r\n"
        self.writer.write(f"{said}\r\n{form}".encode())
        try:
            async with asyncio.timeout(PATIENCE):
                head = await self.reader.readuntil(b"\r\n\r\n")
                length = LENGTH.search(head)
                body = await self.reader.readexactly(int(length[1]) if length else 0)
        except asyncio.IncompleteReadError as error:
            raise ConnectionError from error
        return Reply(int(head[9:12]), head, body)

    async def answer(self, path: str, picks: str, solvers: Solvers = None) -> Reply:
        """Get the page of a code and send an answer from it.

        `solvers` are the processes that look for a proof of work, where one is asked
        for; without them it is sent without. The server does not wait for those, so
        what they are needed for goes over connections of its own.
        """
        if solvers is None:
            return await self._sent(await self.ask(path), path, picks)
        async with Line.to(self.base, self.address) as line:
            page = await line.ask(path)
        asked = PROOF.search(page.page)
        if asked is not None:
            loop, challenge = asyncio.get_running_loop(), asked[1].decode()
            proof = await loop.run_in_executor(solvers, found_for, challenge)
            picks = f"{picks}&proof={proof}"
        async with Line.to(self.base, self.address) as line:
            return await line._sent(page, path, picks)

    async def _sent(self, page: Reply, path: str, picks: str) -> Reply:
        """Send an answer from this page; return the page where it has no form."""
        found = SUBMISSION.search(page.page)
        if found is None:
            return page
        return await self.ask(path, f"{picks}&submission={found[1].decode()}")


async def one_visit(
    base: str, address: str, path: str, picks: str, fates: Fates
) -> None:
    """Come, answer once, and note what became of it."""
    began = time.perf_counter()
    try:
        async with Line.to(base, address) as line:
            reply = await line.answer(path, picks)
    except OSError:  # a timeout is one
        fates.broken += 1
        return
    fates.note(reply, time.perf_counter() - began)


def networks(luck: Random) -> str:
    """Return an address of some network: a /24 that hardly comes twice."""
    return ".".join(str(luck.randint(1, 223)) for _ in range(4))
