"""A bounded load from this machine to itself: closed loops over plain sockets."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import quantiles
from urllib.parse import urlsplit

Exchange = Callable[[], Iterator[bytes]]
"""One respondent: yields the requests to send, one after another."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run showed."""

    per_second: float
    median_ms: float
    p95_ms: float
    p99_ms: float


def load(base: str, exchange: Exchange, *, clients: int, seconds: float) -> Measured:
    """Let so many clients repeat the exchange for so long; return what was measured."""
    address = urlsplit(base)
    where = (address.hostname or "127.0.0.1", address.port or 80)
    until = time.perf_counter() + seconds

    def client() -> list[float]:
        took = []
        while time.perf_counter() < until:
            for request in exchange():
                began = time.perf_counter()
                _ask(where, request)
                took.append(time.perf_counter() - began)
        return took

    with ThreadPoolExecutor(clients) as threads:
        futures = [threads.submit(client) for _ in range(clients)]
        times = [second for future in futures for second in future.result()]
    cuts = quantiles(times, n=100)
    return Measured(
        len(times) / seconds, cuts[49] * 1e3, cuts[94] * 1e3, cuts[98] * 1e3
    )


def _ask(where: tuple[str, int], request: bytes) -> None:
    """Send one request on a connection of its own and read until the server closes."""
    with socket.create_connection(where, 30) as connection:
        connection.sendall(request)
        status = connection.recv(65536)
        if not status.startswith((b"HTTP/1.1 200", b"HTTP/1.1 303")):
            raise RuntimeError(status[:200].decode("latin1"))
        while connection.recv(65536):
            pass
