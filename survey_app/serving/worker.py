"""One process of the server: gunicorn starts, watches and ends it, uvicorn listens.

A request waits in the event loop until it is whole and only then takes a thread, so
that whoever sends slowly, or nothing at all, costs nobody else anything.
"""

import asyncio
import logging
import os
import resource
from typing import Any

from gunicorn.workers.base import Worker
from uvicorn.config import Config
from uvicorn.server import Server

from survey_app.serving.application import Application
from survey_app.serving.connection import Connection
from survey_app.serving.unread import replies

SPARE_FILES = 512
"""Files and connections other than those of clients that wait."""
MOST_MEMORY = 400 * 1024 * 1024
"""Bytes a process may hold before it is ended, in peace, and another one begins."""
TICKS = 10
"""Ticks of uvicorn's loop in a second."""


class EventLoopWorker(Worker):
    """A process that collects requests in an event loop and answers them in threads."""

    def run(self) -> None:
        """Serve until told to end; then finish what was begun."""
        _be_quiet()
        application = Application(self.wsgi, replies(self.wsgi), self.cfg.threads)
        application.waiting.most = min(application.waiting.most, _files() - SPARE_FILES)
        config = Config(
            app=application,
            http=Connection,
            loop="uvloop",
            interface="asgi3",
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=self.cfg.backlog,
            timeout_keep_alive=self.cfg.keepalive,
            timeout_graceful_shutdown=self.cfg.graceful_timeout,
        )
        server = _Watched(config, self, application)
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(server.listen())


class _Watched(Server):
    """uvicorn's server, told by gunicorn when to end."""

    def __init__(self, config: Config, worker: Worker, serving: Application) -> None:
        super().__init__(config)
        self._worker = worker
        self._serving = serving

    async def listen(self) -> None:
        """Serve on gunicorn's sockets until the worker's time is over."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_note)
        # Signals are gunicorn's here; uvicorn must not take them over.
        await self._serve([socket.sock for socket in self._worker.sockets])

    async def on_tick(self, counter: int) -> bool:
        """Show gunicorn that we live, and return whether it is time to end."""
        over = await super().on_tick(counter)
        if counter % TICKS == 0:
            self._worker.notify()
            self._serving.waiting.sweep(asyncio.get_running_loop().time())
            over = over or _memory() > MOST_MEMORY
        orphaned = self._worker.ppid != os.getppid()
        return over or orphaned or not self._worker.alive


def _note(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log the type of a fault of the event loop; the rest could name an address."""
    fault = type(context.get("exception")).__name__
    logging.getLogger("gunicorn.error").error("connection fault %s", fault)


def _be_quiet() -> None:
    """Silence what would log requests and addresses."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio"):
        logging.getLogger(name).disabled = True


def _files() -> int:
    """Return how many files we may open, after asking for what is allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4096 if hard == resource.RLIM_INFINITY else min(4096, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(soft, wanted)


def _memory() -> int:
    """Return the bytes this process holds; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123 -- no file
            return int(told.read().split()[1]) * resource.getpagesize()
    except OSError:
        return 0
