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
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

from survey_app.jobs.job_queue import carrier, queue_at
from survey_app.settings import Settings

WORK = "survey_app.work"
"""The program that does one job."""
LONGEST_PAUSE = 1.0
"""Seconds after which an empty queue is asked again."""
PAUSES = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Seconds before a job whose process ended in the middle of it is taken up again. After
that it waits for the next look; one that ends all of them is given up (run_job.py)."""
UNFINISHED = (
    "SELECT id FROM job WHERE state IN ('waiting', 'running') ORDER BY id"  # as a table
)


class Worker:
    """Takes numbers from the queue, and once a minute from the table itself."""

    def __init__(
        self,
        settings: Settings,
        *,
        program: Sequence[str] = (sys.executable, "-m", WORK),
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        """`program` is told the number of a job and ours, and does it."""
        self._settings = settings
        self._program = program
        self._pauses = pauses
        self._at_work: subprocess.Popen[bytes] | None = None
        self._ending = Event()

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
            self._ending.set()
            if self._at_work is not None:
                self._at_work.terminate()

    def work_off(self, number: int) -> None:
        """Do this job, unless it is done already; again where it was cut off."""
        for pause in (*self._pauses, None):
            if number not in self._unfinished() or self._is_over(number):
                return
            if pause is None or self._ending.wait(pause):
                return

    def look(self) -> None:
        """Do what the queue has lost, and what was cut off with its worker."""
        for number in self._unfinished():
            self.work_off(number)

    def _is_over(self, number: int) -> bool:
        """Let a process do this job; return whether it came to an end in peace.

        It does so, too, where somebody else is at the job.
        """
        self._at_work = subprocess.Popen(  # noqa: S603 -- our own interpreter
            [*self._program, str(number), str(os.getpid())]
        )
        status = self._at_work.wait()
        self._at_work = None
        return status == 0

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
