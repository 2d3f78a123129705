"""Work off what was asked for, at once and in this process."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.jobs.jobs import unfinished_jobs
from survey_app.jobs.run_job import Workplace, work_off
from survey_app.settings import Settings
from survey_app.work import Handlers


def run_waiting_jobs(
    engine: Engine, settings: Settings, ballots: Engine | None = None
) -> list[int]:
    """Do every job there is, and those that they ask for; return their numbers."""
    place, done = Workplace(settings, engine, ballots), list[int]()
    while waiting := _unfinished(engine):
        for number in waiting:
            work_off(place, number, Handlers())
        done += waiting
    return done


def _unfinished(engine: Engine) -> list[int]:
    with Session(engine) as session:
        return unfinished_jobs(session)
