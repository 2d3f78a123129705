"""A program behind our connections, in one event loop that a test can talk to."""

import asyncio
import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

from uvicorn.config import Config
from uvicorn.server import ServerState

from survey_app.serving.application import Application
from survey_app.serving.connection import Connection
from survey_app.serving.unread import replies

PATIENCE = 20
"""Seconds until a test that would wait for ever has failed."""


@dataclass(frozen=True)
class Looped:
    """Where the program is met."""

    port: int

    def connected(self) -> socket.socket:
        """Return a fresh connection."""
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def asked(self, path: str, version: str = "1.1") -> socket.socket:
        """Return a connection on which this page was asked for."""
        line = self.connected()
        line.sendall(f"GET {path} HTTP/{version}\r\nHost: x\r\n\r\n".encode())
        return line

    def page(self, path: str) -> str:
        """Return what is answered."""
        with self.asked(path) as line:
            return heard(line)[1]


def heard(line: socket.socket) -> tuple[int, str]:
    """Return status and body of the next reply on a connection."""
    with http.client.HTTPResponse(line) as reply:
        reply.begin()
        return reply.status, reply.read().decode()


@contextmanager
def looped(program: Any, *, threads: int) -> Iterator[Looped]:
    """Answer with this program until the block ends, in one process and one loop."""
    loop = asyncio.new_event_loop()
    application = Application(program, replies(program), threads)
    config = Config(
        app=application, http=Connection, interface="asgi3", lifespan="off", ws="none",
        log_config=None, access_log=False, proxy_headers=False,
    )  # fmt: skip
    state = ServerState()

    def connection() -> Connection:
        return Connection(config=config, server_state=state, app_state={})

    async def opened() -> asyncio.Server:
        return await loop.create_server(connection, "127.0.0.1", 0)

    async def closed(server: asyncio.Server) -> None:
        server.close()
        for one in list(state.connections):
            one.transport.abort()
        await asyncio.sleep(0)  # the loop tells them so in its next round

    def done(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(PATIENCE)

    thread = Thread(target=loop.run_forever)
    thread.start()
    server = done(opened())
    try:
        yield Looped(server.sockets[0].getsockname()[1])
    finally:
        done(closed(server))
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        application.threads.shutdown()
        loop.close()
