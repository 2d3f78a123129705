"""A job is done by one worker, until it is done, whatever happens in between."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from survey_app.database import writing
from survey_app.domain.ground.refusals import NotFound, SurveyClosed
from survey_app.jobs.job_queue import carrier, queue_at
from survey_app.jobs.jobs import (
    Job,
    Progress,
    ask_for,
    job_of,
    latest_job,
    start_again,
)
from survey_app.jobs.run_job import (
    ENDED,
    FAULT,
    MOST_TRIES,
    Handler,
    Workplace,
    alone,
    work_off,
)
from survey_app.jobs.tables import DONE, FAILED, RUNNING
from survey_app.settings import Settings
from tests.support.killed_process import Step, killed_at

KIND = "count-sheep"


@pytest.fixture
def place(engine: Engine, settings: Settings) -> Workplace:
    return Workplace(settings, engine, None)


def asked(engine: Engine, about: int = 7, account: str = "li") -> int:
    with Session(writing(engine)) as session:
        number = ask_for(session, KIND, about=about, account=account)
        session.commit()
        return number


def seen(engine: Engine, number: int) -> Job:
    with Session(engine) as session:
        found = job_of(session, number)
        assert found is not None
        return found


def do(place: Workplace, number: int, handler: Handler) -> None:
    work_off(place, number, {KIND: handler})


def nothing(_place: Workplace, _job: Job, _progress: Progress) -> None:
    """Do a job that takes no work."""


def test_a_job_is_done_once_and_says_how_far_it_is(place: Workplace) -> None:
    number, heard = asked(place.engine), []

    def count(_: Workplace, job: Job, progress: Progress) -> None:
        progress(3, 9)
        heard.append((job.about, seen(place.engine, number)))

    do(place, number, count)
    do(place, number, count)

    [(about, midway)] = heard
    assert (about, midway.state, midway.done, midway.percent) == (7, RUNNING, 3, 33)
    after = seen(place.engine, number)
    assert (after.state, after.done) == (DONE, 9)


def test_an_equal_job_is_asked_for_once(place: Workplace) -> None:
    engine = place.engine

    assert asked(engine) == asked(engine, account="wang") != asked(engine, about=8)


def test_what_is_asked_for_while_it_runs_is_done_once_more(place: Workplace) -> None:
    number, times = asked(place.engine), []

    def ask_meanwhile(_: Workplace, job: Job, _progress: Progress) -> None:
        times.append(job.id)
        if len(times) == 1:
            assert asked(place.engine) == job.id

    do(place, number, ask_meanwhile)

    with Session(place.engine) as session:
        again = latest_job(session, KIND, about=7)
    assert again is not None
    assert again.is_unfinished
    do(place, again.id, ask_meanwhile)
    assert times == [number, again.id]
    assert not seen(place.engine, again.id).is_unfinished


def test_a_refusal_is_kept_by_name_and_the_job_can_begin_again(
    place: Workplace,
) -> None:
    number = asked(place.engine)

    def refuse(*_: object) -> None:
        raise SurveyClosed

    do(place, number, refuse)
    failed = seen(place.engine, number)
    with Session(writing(place.engine)) as session:
        again = start_again(session, number)
    do(place, again, nothing)

    assert (failed.state, failed.failure) == (FAILED, "SurveyClosed")
    assert seen(place.engine, again).state == DONE
    with Session(writing(place.engine)) as session, pytest.raises(NotFound):
        start_again(session, again)


def test_a_fault_ends_the_job_and_says_nothing_of_what_was_in_it(
    place: Workplace, caplog: pytest.LogCaptureFixture
) -> None:
    number = asked(place.engine)

    def fail(*_: object) -> None:
        raise ValueError("李四 answered bad")

    do(place, number, fail)

    assert seen(place.engine, number).failure == FAULT
    assert "ValueError" in caplog.text
    assert "李四" not in caplog.text


def test_a_job_that_is_cut_off_goes_on_with_the_next_worker(place: Workplace) -> None:
    number = asked(place.engine)
    place.engine.dispose()  # no connection is shared with the process that dies

    def begin_and_die(step: Step) -> None:
        do(place, number, lambda *_: step())

    assert killed_at(1, begin_and_die)
    assert seen(place.engine, number).state == RUNNING

    do(place, number, nothing)
    assert seen(place.engine, number).state == DONE


def test_a_job_that_ends_every_worker_is_given_up(place: Workplace) -> None:
    number = asked(place.engine)
    with Session(writing(place.engine)) as session:
        tried = text("UPDATE job SET state = 'running', tries = :tries")
        session.execute(tried, {"tries": MOST_TRIES})
        session.commit()

    do(place, number, nothing)

    assert seen(place.engine, number).failure == ENDED


def test_a_job_somebody_is_at_is_left_to_him(place: Workplace) -> None:
    number = asked(place.engine)
    place.engine.dispose()

    def come_second(step: Step) -> None:
        do(place, number, lambda *_: step())

    with alone(place.engine, number) as is_mine:
        assert is_mine
        assert not killed_at(1, come_second)  # never came to its work

    assert killed_at(1, come_second)


def test_the_queue_carries_the_number_and_nothing_else(
    place: Workplace, settings: Settings
) -> None:
    came: list[int] = []
    queue = queue_at(settings.queue_at)
    carrier(queue, came.append)

    number = asked(place.engine)

    [carried] = queue.storage.enqueued_items()
    assert b"li" not in carried
    queue.execute(queue.dequeue())
    assert came == [number]
    assert queue.dequeue() is None
    queue.storage.close()


def test_what_is_rolled_back_is_not_carried(place: Workplace) -> None:
    with Session(writing(place.engine)) as session:
        number = ask_for(session, KIND, about=7)
        session.rollback()

        assert job_of(session, number) is None
    queue = queue_at(place.settings.queue_at)
    assert queue.storage.queue_size() == 0
    queue.storage.close()
