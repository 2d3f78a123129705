"""Work one job off: alone, whatever happens in between, and as often as it takes."""

import fcntl
import gc
import logging
import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, delete, text, update
from sqlalchemy.orm import Session

from survey_app.database import ACTOR, OUT_OF_REACH, writing
from survey_app.domain.ground.refusals import Refusal
from survey_app.jobs.jobs import Job, Progress, ask_for, job_of
from survey_app.jobs.tables import DONE, FAILED, RUNNING, UNFINISHED, JobRow
from survey_app.settings import Settings

OFTEN = 1.0
"""Seconds between two notes of how far a job is."""
MOST_TRIES = 5
SELDOM = 50_000, 20, 100
"""Of new values, and of looks at the younger ones, before all are looked at."""
ENDED, FAULT = "ended", "fault"
"""What stands as failure where no refusal ended it: its worker did, every time; or a
fault of ours."""
JOBS = 0x6A6F6273
"""First number of the locks of jobs in PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """What every job may use."""

    settings: Settings
    engine: Engine
    ballots: Engine | None

    @property
    def today(self) -> date:
        """The day it is where the office is."""
        return datetime.now(ZoneInfo(self.settings.zone)).date()


Handler = Callable[[Workplace, Job, Progress], None]
"""Does a job. It may be called again at any point after it was cut off, opens sessions
of its own, and writes in short transactions."""


def work_off(place: Workplace, number: int, handlers: Mapping[str, Handler]) -> None:
    """Do a job that is unfinished and that nobody else is at; keep what became of it.

    A database that does not answer leaves it unfinished: somebody takes it up again.
    """
    with alone(place.engine, number) as is_mine:
        job = _begun(place.engine, number) if is_mine else None
        if job is None:
            return
        try:
            with few_collections():
                handlers[job.kind](
                    _for_whoever_asked(place, job), job, _noting(place.engine, number)
                )
        except OUT_OF_REACH:
            raise
        except Refusal as refusal:
            _finish(place.engine, number, FAILED, failure=type(refusal).__name__)
        except Exception as fault:  # noqa: BLE001 -- any fault ends the job, not its worker
            _log(job, fault)
            _finish(place.engine, number, FAILED, failure=FAULT)
        else:
            _finish(place.engine, number, DONE)


def _for_whoever_asked(place: Workplace, job: Job) -> Workplace:
    """Return the workplace whose sessions act, in the record, for the job's account."""
    by = job.asked_by, "job", job.kind
    return replace(place, engine=place.engine.execution_options(**{ACTOR: by}))


@contextmanager
def few_collections() -> Iterator[None]:
    """Let the interpreter seldom look for what only refers to itself.

    A job makes millions of values that nothing refers back to, and every look at all of
    them, a sixth of the time of a city's score sheets, finds nothing.
    """
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def alone(engine: Engine, number: int) -> Iterator[bool]:
    """Give whether nobody else is at this job; then nobody else will be in the block.

    It ends with whoever holds it, however that ends: a lock of a file's byte, or one
    of an open transaction, which holds in a pool too.
    """
    if engine.dialect.name == "sqlite":
        with _byte_of(Path(f"{engine.url.database}-jobs"), number) as is_mine:
            yield is_mine
        return
    asked = text("SELECT pg_try_advisory_xact_lock(:jobs, :number)")
    with engine.connect() as connection:
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield bool(connection.scalar(asked, {"jobs": JOBS, "number": number}))


@contextmanager
def _byte_of(file: Path, number: int) -> Iterator[bool]:
    """Give whether this byte of a file is ours."""
    opened = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
    except OSError:
        yield False
    else:
        yield True
    finally:
        os.close(opened)


def _begun(engine: Engine, number: int) -> Job | None:
    """Note that the job runs and return it; None: it is finished, or is given up."""
    with Session(writing(engine)) as session:
        row = session.get(JobRow, number)
        if row is None or row.state not in UNFINISHED:
            return None
        row.tries += 1
        row.state, row.again, row.failure = RUNNING, False, ""
        if row.tries > MOST_TRIES:
            row.state, row.failure = FAILED, ENDED
        session.commit()
        return None if row.state == FAILED else job_of(session, number)


def _noting(engine: Engine, number: int) -> Progress:
    """Return what notes how far the job is, at most once a second."""
    last = 0.0

    def note(done: int, total: int) -> None:
        nonlocal last
        now = monotonic()
        if now - last >= OFTEN:
            last = now
            _note(engine, number, done, total)

    return note


def _note(engine: Engine, number: int, done: int, total: int) -> None:
    with writing(engine).begin() as connection:
        connection.execute(
            update(JobRow).where(JobRow.id == number).values(done=done, total=total)
        )


def _finish(engine: Engine, number: int, state: str, *, failure: str = "") -> None:
    """Keep what became of the job, and forget what became of its like before."""
    with Session(writing(engine)) as session:
        row = session.get_one(JobRow, number)
        again, row.again = row.again, False
        row.state, row.failure, row.tries = state, failure, 0
        row.done = row.total if state == DONE else row.done
        session.flush()
        session.execute(
            delete(JobRow).where(
                JobRow.kind == row.kind,
                JobRow.about == row.about,
                JobRow.detail == row.detail,
                JobRow.id < number,
            )
        )
        if again and state == DONE:
            account = row.asked_by
            ask_for(
                session, row.kind, about=row.about, detail=row.detail, account=account
            )
        session.commit()


def _log(job: Job, fault: Exception) -> None:
    """Log the type of a fault and where it was; its message could name somebody."""
    steps = traceback.extract_tb(fault.__traceback__)
    ours = [step for step in steps if "survey_app" in step.filename]
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "outside"
    logging.getLogger("survey.jobs").error(
        "job %s: fault %s at %s", job.kind, type(fault).__name__, place
    )
