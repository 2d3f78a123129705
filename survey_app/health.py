"""Whether what the platform stands on answers: databases, the queue, ballot settings.

Asked by strangers as often as they like, and looked up only every few seconds.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from survey_app.ballot.server_promise import broken_promises
from survey_app.ballot.tables import BallotBox
from survey_app.database import OUT_OF_REACH
from survey_app.jobs.job_queue import queue_at, queue_faults
from survey_app.jobs.tables import DONE, FAILED, RUNNING, WAITING, JobRow
from survey_app.settings import Settings
from survey_app.survey.tables import Survey

DATABASE, BALLOTS, SETTINGS, QUEUE = "database", "ballots", "ballot_settings", "queue"
NEEDED = (DATABASE, BALLOTS)
"""Without these nobody can be served; the rest is for whoever runs the machine."""
GOOD_FOR = 5.0
"""Seconds an answer is given again."""


class Health:
    """Looks at what the platform stands on; one for a process."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        ballots: Engine | None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._ballots = ballots
        self._clock = clock
        self._lock = Lock()
        self._parts: Mapping[str, bool] = {}
        self._until = 0.0

    def parts(self) -> Mapping[str, bool]:
        """Return part → whether it is well, as it was some seconds ago.

        While somebody looks, all others are told what was seen last: a database that
        does not answer must not hold up a thread for everybody who asks.
        """
        if self._clock() >= self._until and self._lock.acquire(
            blocking=not self._parts
        ):
            try:
                if self._clock() >= self._until:
                    self._parts = self._look()
                    self._until = self._clock() + GOOD_FOR
            finally:
                self._lock.release()
        return self._parts

    def jobs(self) -> Mapping[str, int]:
        """Return state → how many jobs are in it; empty where nobody can say."""
        counted = select(JobRow.state, func.count()).group_by(JobRow.state)
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(counted).all()
        except OUT_OF_REACH:
            return {}
        found: dict[str, int] = dict(rows)
        return {
            state: found.get(state, 0) for state in (WAITING, RUNNING, DONE, FAILED)
        }

    def _look(self) -> dict[str, bool]:
        parts = {DATABASE: _answers(self._engine, Survey.id), QUEUE: self._queue()}
        if self._ballots is not None:
            parts[BALLOTS] = _answers(self._ballots, BallotBox.survey_id)
            parts[SETTINGS] = self._keeps_promises(self._ballots)
        return parts

    def _queue(self) -> bool:
        try:
            storage = queue_at(self._settings.queue_at).storage
            storage.queue_size()
            storage.close()
        except queue_faults():
            return False
        return True

    def _keeps_promises(self, ballots: Engine) -> bool:
        folder: Path | None = self._settings.secrets_folder
        try:
            return not broken_promises(ballots, secrets_folder=folder)
        except (*OUT_OF_REACH, OSError):
            return False


def _answers(engine: Engine, column: object) -> bool:
    """Return whether a database answers and has tables."""
    try:
        with engine.connect() as connection:
            connection.execute(select(column).limit(1)).all()  # type: ignore[call-overload]
    except (*OUT_OF_REACH, SQLAlchemyError):
        return False
    return True
