"""The database dies under load, the one that followed goes on: nothing is lost."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore

import pytest
from sqlalchemy.orm import Session

from survey_app.database import borrowed_engine, writing
from tests.integration.respondent.test_killed import Phones, kept, sums
from tests.support.replicated import Pair, replicated
from tests.support.respondents import ALWAYS_OPEN, ask_about
from tests.support.server import serving

pytestmark = pytest.mark.postgresql
BEFORE, AFTER = 60, 20
"""Answers acknowledged before the database dies, and once the other one writes."""
PATIENCE = 60
"""Seconds for one of them."""
AT_ONCE = 8


@pytest.fixture
def pair() -> Iterator[Pair]:
    os.umask(0o077)  # as a verb of an earlier test leaves it
    with replicated() as both:
        yield both


class Crowd:
    """Many who send one form after the other until it is enough."""

    def __init__(self, phones: Phones) -> None:
        self._phones = phones
        self._enough = Event()
        self._acknowledged = Semaphore(0)

    def send_on(self) -> None:
        """Send until it is enough."""
        while not self._enough.is_set():
            before = len(self._phones.acknowledged)
            self._phones.send([self._phones.asked.new_submission()])
            if len(self._phones.acknowledged) > before:
                self._acknowledged.release()

    def wait_for(self, answers: int) -> None:
        """Return once so many more were acknowledged than are now."""
        wanted = len(self._phones.acknowledged) + answers
        while len(self._phones.acknowledged) < wanted:
            assert self._acknowledged.acquire(timeout=PATIENCE), "nobody is served"

    def end(self) -> None:
        """It is enough."""
        self._enough.set()


def test_nothing_acknowledged_is_lost_with_the_database(pair: Pair) -> None:
    with (
        serving(pair.url(), answers_per_minute=100_000) as server,
        borrowed_engine(pair.url()) as engine,
    ):
        with Session(writing(engine)) as db:
            phones = Phones(server, ask_about(db, ALWAYS_OPEN))
        engine.dispose()
        crowd = Crowd(phones)
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for _ in range(AT_ONCE):
                threads.submit(crowd.send_on)
            try:
                crowd.wait_for(BEFORE)
                pair.kill_first()
                pair.promote_second()
                crowd.wait_for(AFTER)
            finally:
                crowd.end()

        with Session(engine) as db:
            acknowledged = phones.acknowledged - {""}  # "": it was not taken
            assert acknowledged <= kept(db), "acknowledged and lost"
            assert len(acknowledged) > BEFORE
            said = sums(db)
        assert len(set(said)) == 1, said
