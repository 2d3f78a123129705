"""A way to a server that tells when something was asked for and answered.

A browser tells no test that it looked for an icon.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


@contextmanager
def overheard(url: str, wanted: bytes) -> Iterator[tuple[str, threading.Event]]:
    """Give the address by another way, and what is set once `wanted` was answered."""
    there = urlsplit(url)
    answered = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:
        goal = (str(there.hostname), int(there.port or 80))
        threading.Thread(
            target=_let_through, args=(door, goal, wanted, answered), daemon=True
        ).start()
        host, port = door.getsockname()
        yield there._replace(netloc=f"{host}:{port}").geturl(), answered


def _let_through(
    door: socket.socket, goal: tuple[str, int], wanted: bytes, answered: threading.Event
) -> None:
    """Join everybody who comes with the server, until the door is shut."""
    while True:
        try:
            came, _ = door.accept()
        except OSError:
            return
        server = socket.create_connection(goal)
        asked = threading.Event()
        for one, other, heard in ((came, server, asked), (server, came, answered)):
            threading.Thread(
                target=_pass_on, args=(one, other, wanted, asked, heard), daemon=True
            ).start()


def _pass_on(
    one: socket.socket,
    other: socket.socket,
    wanted: bytes,
    asked: threading.Event,
    heard: threading.Event,
) -> None:
    """Pass on what one side says; `heard` is set once it asked, or was answered."""
    try:
        while piece := one.recv(65536):
            if (
                wanted in piece
            ):  # noted first: the answer may be quicker than this thread
                asked.set()
            other.sendall(piece)
            if heard is not asked and asked.is_set():
                heard.set()
    except OSError:
        pass
    finally:
        for side in (one, other):
            side.close()
