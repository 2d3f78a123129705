"""What may go wrong while a survey is closed, and to a file that lies on a disk."""

import secrets
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import psycopg
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.audit.integrity import findings
from survey_app.database import borrowed_engine, borrowed_main_engine, writing
from survey_app.survey.closing import ask_to_close
from survey_app.survey.responses import Response
from survey_app.survey.tables import CLOSED, Survey
from tests.faults.crowd import Told
from tests.faults.faults import LeftOut, postgresql_killed, started_again
from tests.faults.town import PEOPLE, Outcome, Town, kill

PATIENCE = 120.0
"""Seconds within which a job that was cut off is taken up again and done: the list of
jobs is looked through once a minute."""
FLIPS, SEED = 24, 7


def job_killed(town: Town) -> None:
    """The process that closes a survey ends, twice, wherever it is."""
    for _ in range(2):
        _wait(lambda: bool(town.processes("survey_app.work")), "no job began")
        time.sleep(secrets.randbelow(400) / 1e3)  # somewhere in its work
        kill(*town.processes("survey_app.work"))


def worker_killed_at_work(town: Town) -> None:
    """The queue's worker ends together with the job it is at."""
    _wait(lambda: bool(town.processes("survey_app.work")), "no job began")
    time.sleep(secrets.randbelow(400) / 1e3)
    kill(*town.processes("survey_app.jobs.worker"))


def postgresql_killed_at_work(town: Town) -> None:
    """PostgreSQL ends as in a power cut while a survey is closed."""
    if town.file is not None:
        raise LeftOut("only on PostgreSQL")
    _wait(lambda: bool(town.processes("survey_app.work")), "no job began")
    time.sleep(secrets.randbelow(400) / 1e3)
    postgresql_killed(town)


def flipped_byte(town: Town) -> None:
    """One bit of a file is another one; raises AssertionError where nobody notices."""
    if town.file is None:
        _flipped_in_postgresql(town)
        return
    own, content = Random(SEED), town.file.read_bytes()
    # Where a page says what lies in it, and where an answer says what was said.
    pages = [at for at in range(4096, len(content), 4096) if content[at] in (2, 5, 10)]
    said = content.rindex(_an_answer(town).encode()) + 1
    places = [said, *(at + own.randrange(8) for at in own.sample(pages, FLIPS - 1))]
    missed = [at for at in places if not _noticed(town.file, at)]
    if missed:
        raise AssertionError(f"{len(missed)} of {len(places)} flips were not noticed")


def _an_answer(town: Town) -> str:
    """Return the text of an answer."""
    with borrowed_main_engine(town.settings) as engine, Session(engine) as session:
        wanted = select(Response.answers).where(Response.survey_id == town.survey_id)
        return session.scalars(wanted.limit(1)).one()


def _noticed(file: Path, at: int) -> bool:
    """Return whether `survey check` finds something in a copy with one bit flipped."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(file, folder))
        content = bytearray(copy.read_bytes())
        content[at] ^= 0x10
        copy.write_bytes(content)
        with borrowed_engine(f"sqlite:///{copy}") as engine:
            return bool(list(findings(engine, None)))


def _flipped_in_postgresql(town: Town) -> None:
    assert town.postgresql
    server = town.postgresql.server
    with psycopg.connect(town.settings.database_url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        told = connection.execute("SELECT pg_relation_filepath('response')").fetchone()
    server.stop()
    file = Path(server.pgdata) / str(told and told[0])
    with file.open("r+b") as kept:
        kept.seek(file.stat().st_size // 2 + 100)
        byte = kept.read(1)[0]
        kept.seek(-1, 1)
        kept.write(bytes([byte ^ 0x10]))
    started_again(server)
    with borrowed_main_engine(town.settings) as engine:
        if not list(findings(engine, None)):
            raise AssertionError("the flip was not noticed")


FAULTS: dict[str, Callable[[Town], None]] = {
    "closing cut off twice": job_killed,
    "queue worker killed while closing": worker_killed_at_work,
    "PostgreSQL killed while closing": postgresql_killed_at_work,
    "flipped byte": flipped_byte,
}


def suffered(fault: Callable[[Town], None], town: Town) -> Outcome:
    """Do this to a town; return what became of it."""
    if fault is flipped_byte:
        try:
            fault(town)
        except AssertionError as missed:
            return Outcome(Told(), 0, 0, counted=False, found=(str(missed),))
        return Outcome(Told(), 0, 0, counted=True, found=())
    with town.served() as crowd:
        with crowd.answering(PEOPLE) as told:
            time.sleep(1)  # the load itself
        with borrowed_main_engine(town.settings) as engine:
            with Session(writing(engine)) as session:
                ask_to_close(session, town.survey_id, account="kaohe")
            fault(town)
            _wait(lambda: _is_closed(town), "the survey was never closed")
    return town.outcome(told, is_closed=True)


def _is_closed(town: Town) -> bool:
    with borrowed_main_engine(town.settings) as engine, Session(engine) as session:
        return session.get_one(Survey, town.survey_id).state == CLOSED


def _wait(until: Callable[[], bool], why: str) -> None:
    """Ask again and again; nothing signals what another process has done."""
    deadline = time.monotonic() + PATIENCE
    while not until():
        if time.monotonic() > deadline:
            raise AssertionError(why)
        time.sleep(0.05)
