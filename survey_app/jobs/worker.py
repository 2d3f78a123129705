"""The process that works jobs off: `survey work`, and a part of `survey serve`.

It waits with next to nothing loaded; a process of its own does each job and ends.
"""

import contextlib
import logging
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from survey_app.jobs.job_queue import carrier, queue_at
from survey_app.settings import Settings

WORK = "survey_app.work"
"""The program that does one job."""
LONGEST_PAUSE = 1.0
"""Seconds after which an empty queue is asked again."""
UNFINISHED = (
    "SELECT id FROM job WHERE state IN ('waiting', 'running') ORDER BY id"  # as a table
)


class Worker:
    """Takes numbers from the queue, and once a minute from the table itself."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._at_work: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Work until told to end; whoever comes next takes up what is cut off."""
        queue = queue_at(self._settings.queue_at)
        carrier(queue, self.work_off)
        queue.on_startup(name="lost")(self.look)
        queue.periodic_task(lambda _: True, name="look")(self.look)
        consumer = queue.create_consumer(
            workers=1, max_delay=LONGEST_PAUSE, scheduler_interval=60
        )
        try:
            consumer.run()
        finally:
            if self._at_work is not None:
                self._at_work.terminate()

    def work_off(self, number: int) -> None:
        """Do this job, unless it is done already."""
        if number in self._unfinished():
            self._do(number)

    def look(self) -> None:
        """Do what the queue has lost, and what was cut off with its worker."""
        for number in self._unfinished():
            self._do(number)

    def _do(self, number: int) -> None:
        self._at_work = subprocess.Popen(  # noqa: S603 -- our own interpreter
            [sys.executable, "-m", WORK, str(number), str(os.getpid())]
        )
        self._at_work.wait()
        self._at_work = None

    def _unfinished(self) -> list[int]:
        """Return what is to be done, as the table says; nothing where it is silent."""
        try:
            with closing(self._connected()) as connection:
                return [number for (number,) in connection.execute(UNFINISHED)]
        except _faults():
            logging.getLogger("huey.consumer").warning("the table of jobs is silent")
            return []

    def _connected(self) -> Any:
        """Return a connection that costs as little memory as can be."""
        address = self._settings.database_url
        if address.startswith("sqlite"):
            file = Path(address.removeprefix("sqlite:///")).absolute()
            return sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
        import psycopg  # noqa: PLC0415 -- not needed with SQLite

        plain = re.sub(r"^postgres(ql)?(\+psycopg)?:", "postgresql:", address)
        return psycopg.connect(plain, connect_timeout=5, autocommit=True)


def _faults() -> tuple[type[Exception], ...]:
    """Return how the libraries that were loaded say that a table is silent."""
    psycopg = sys.modules.get("psycopg")
    return (sqlite3.Error, *(() if psycopg is None else (psycopg.Error,)))


def main() -> None:
    """Work with the settings of the environment."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with contextlib.suppress(KeyboardInterrupt):
        Worker(Settings.from_environment(os.environ)).run()


if __name__ == "__main__":
    main()
