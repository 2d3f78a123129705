"""Answers are kept whole, once, and only while the survey is open.

Races are played by hand: the second step runs in the middle of the first one.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from survey_app.database import engine_of, writing
from survey_app.domain.ground.printed_code import receipt_of
from survey_app.domain.ground.refusals import NotKept, SurveyClosed
from survey_app.domain.questionnaire.answers import NewResponse
from survey_app.one_writer import LARGEST_BATCH, Handed, hurried
from survey_app.survey.batch import BatchWriter, Fate
from survey_app.survey.draft import locked_survey
from survey_app.survey.intake import Intake
from survey_app.survey.recount import picked_in_answers
from survey_app.survey.tables import CLOSED, Survey
from survey_app.turn import TakingTurns
from tests.conftest import FixedClock, rows_in
from tests.support.respondents import Asked, ask_about

KEPT = ("response", "receipt", "comment", "turnout_count", "choice_count")


@pytest.fixture
def asked(db: Session) -> Asked:
    """A survey to answer, beside another one that nobody answers."""
    ask_about(db)
    return ask_about(db)


@pytest.fixture
def impatient(database_url: str) -> Iterator[Engine]:
    """Another process's engine, which gives up at once where it would have to wait."""
    engine = engine_of(database_url)
    hurry = {"sqlite": "PRAGMA busy_timeout=0", "postgresql": "SET lock_timeout='50ms'"}

    @event.listens_for(engine, "connect")
    def give_up(connection: Any, _: object) -> None:
        if isinstance(connection, TakingTurns):
            connection.patience = 0
        connection.cursor().execute(hurry[engine.dialect.name])
        connection.commit()

    yield engine
    engine.dispose()


@pytest.fixture
def commits(engine: Engine) -> list[object]:
    """Grows by one with every commit."""
    seen: list[object] = []
    event.listen(engine, "commit", seen.append)
    return seen


def answer(asked: Asked, number: int = 0, comment: str = "") -> NewResponse:
    return NewResponse(
        survey_id=asked.survey_id,
        channel_id=asked.channel_id,
        rater_group="residents",
        subject_id=asked.subject_ids[0],
        picks=(("welcome", "good"), ("solved", "bad")),
        comment=comment,
        receipt=receipt_of(number.to_bytes(16)),
    )


def meanwhile(engine: Engine, statement: str, step: Callable[[], None]) -> None:
    """Run the step once, right after this statement, inside its transaction."""
    steps = [step]

    def interrupt(*said: Any) -> None:
        if steps and statement in said[2]:
            steps.pop()()

    event.listen(engine, "after_cursor_execute", interrupt)


def counted(db: Session) -> tuple[int, int]:
    """Return how many came, and how many choices they picked in all."""
    turnout = db.scalar(text("SELECT sum(count) FROM turnout_count"))
    surveys = db.scalars(select(Survey.id)).all()
    picked = [sum(picked_in_answers(db, one).values()) for one in surveys]
    db.rollback()
    return turnout or 0, sum(picked)


def test_an_answer_and_its_counters_are_kept_together(
    engine: Engine, db: Session, asked: Asked, clock: FixedClock, commits: list[object]
) -> None:
    Intake(engine, slots=1).keep(answer(asked, comment="谢谢"), today=clock.day)

    assert len(commits) == 1
    assert [rows_in(db, table) for table in KEPT] == [1, 1, 1, 1, 0]
    assert counted(db) == (1, 2)


def test_a_repeat_counts_once(
    engine: Engine, db: Session, asked: Asked, clock: FixedClock
) -> None:
    intake = Intake(engine, slots=1)

    first = intake.keep(answer(asked, comment="谢谢"), today=clock.day)
    again = intake.keep(answer(asked, comment="不谢"), today=clock.day)

    assert (first, again) == (True, False)
    assert [rows_in(db, table) for table in KEPT[:3]] == [1, 1, 1]
    assert counted(db) == (1, 2)


def test_a_repeat_in_the_middle_of_the_first_write_counts_once(
    engine: Engine, impatient: Engine, db: Session, asked: Asked, clock: FixedClock
) -> None:
    first, second = Intake(engine, slots=1), Intake(impatient, slots=1)
    refused = []

    def repeat() -> None:
        with pytest.raises(NotKept) as refusal:
            second.keep(answer(asked), today=clock.day)
        refused.append(refusal.value)

    meanwhile(engine, "INSERT INTO receipt", repeat)
    assert first.keep(answer(asked), today=clock.day)
    assert not second.keep(answer(asked), today=clock.day)

    assert len(refused) == 1
    assert counted(db) == (1, 2)


def test_two_phones_in_one_batch_with_one_form_count_once(
    engine: Engine, db: Session, asked: Asked, clock: FixedClock
) -> None:
    one = answer(asked)
    batch = [one, replace(one, comment="另一份"), one, answer(asked, 1)]

    fates = BatchWriter(engine, slots=1).write(batch, today=clock.day)

    assert fates == [Fate.KEPT, Fate.REPEATED, Fate.REPEATED, Fate.KEPT]
    assert counted(db) == (2, 4)
    assert rows_in(db, "comment") == 0


def test_closing_waits_for_an_answer_that_is_being_written(
    engine: Engine, impatient: Engine, db: Session, asked: Asked, clock: FixedClock
) -> None:
    tried = []

    def close() -> None:
        with pytest.raises(DBAPIError), Session(writing(impatient)) as office:
            locked_survey(office, asked.survey_id)
        tried.append(True)

    meanwhile(engine, "INSERT INTO receipt", close)
    Intake(engine, slots=1).keep(answer(asked), today=clock.day)

    assert tried
    assert counted(db) == (1, 2)


def test_once_closed_nothing_is_added(
    engine: Engine, db: Session, asked: Asked, clock: FixedClock
) -> None:
    db.execute(update(Survey).values(state=CLOSED))
    db.commit()

    with pytest.raises(SurveyClosed):
        Intake(engine, slots=1).keep(answer(asked), today=clock.day)

    assert [rows_in(db, table) for table in KEPT] == [0, 0, 0, 0, 0]


def test_in_one_batch_the_closed_survey_is_refused_and_the_open_one_kept(
    engine: Engine, db: Session, asked: Asked, clock: FixedClock
) -> None:
    closed = ask_about(db)
    wanted = Survey.id == closed.survey_id
    db.execute(update(Survey).where(wanted).values(state=CLOSED))
    db.commit()
    batch = [answer(asked, 1), answer(closed, 2), answer(asked, 3)]

    fates = BatchWriter(engine, slots=1).write(batch, today=clock.day)

    assert fates == [Fate.KEPT, Fate.CLOSED, Fate.KEPT]
    assert counted(db) == (2, 4)


def test_those_who_wait_together_share_one_commit(
    engine: Engine,
    impatient: Engine,
    db: Session,
    asked: Asked,
    clock: FixedClock,
    commits: list[object],
) -> None:
    intake, people = Intake(engine, slots=1), 1 + LARGEST_BATCH
    with Session(writing(impatient)) as office:
        locked_survey(office, asked.survey_id)
        waiting = [intake.hand_in(answer(asked), today=clock.day)]
        while intake._writer._queue:
            assert not waiting[0].done()
        waiting += [
            intake.hand_in(answer(asked, n), today=clock.day) for n in range(1, people)
        ]
    assert all(ticket.result() for ticket in waiting)

    assert len(commits) == 2
    assert counted(db) == (people, 2 * people)


def test_a_batch_over_several_slots_is_counted_in_each(
    engine: Engine, db: Session, asked: Asked, clock: FixedClock
) -> None:
    batch = [answer(asked, n) for n in range(40)]

    BatchWriter(engine, slots=4).write(batch, today=clock.day)
    BatchWriter(engine, slots=4).write(batch[:20], today=clock.day)

    slots = db.execute(text("SELECT slot, count(*) FROM response GROUP BY slot")).all()
    turnout = db.execute(text("SELECT slot, count FROM turnout_count")).all()
    assert len(slots) == 4
    assert sorted(slots) == sorted(turnout)
    assert counted(db) == (40, 80)


def test_an_answer_that_cannot_be_counted_is_not_kept_either(
    engine: Engine, db: Session, asked: Asked, clock: FixedClock
) -> None:
    db.execute(text("DROP TABLE turnout_count"))
    db.commit()

    with pytest.raises(NotKept):
        Intake(engine, slots=1).keep(answer(asked), today=clock.day)

    assert [rows_in(db, table) for table in KEPT[:3]] == [0, 0, 0]


def test_after_a_failure_the_intake_goes_on(
    engine: Engine, db: Session, asked: Asked, clock: FixedClock
) -> None:
    intake = Intake(engine, slots=1)
    db.execute(text("ALTER TABLE receipt RENAME TO away"))
    db.commit()
    with pytest.raises(NotKept):
        intake.keep(answer(asked), today=clock.day)
    db.execute(text("ALTER TABLE away RENAME TO receipt"))
    db.commit()

    intake.keep(answer(asked), today=clock.day)

    assert counted(db) == (1, 2)


def test_rows_lie_in_no_order_of_arrival(
    engine: Engine, db: Session, asked: Asked, clock: FixedClock
) -> None:
    intake = Intake(engine, slots=1)
    for number in range(12):
        intake.keep(answer(asked, number, comment=f"{number:02}"), today=clock.day)

    read = db.scalars(text("SELECT text FROM comment ORDER BY id")).all()
    assert sorted(read) != read
    assert sorted(read) == [f"{number:02}" for number in range(12)]


def test_who_waited_in_the_queue_does_not_wait_as_long_for_a_lock(
    engine: Engine,
) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite: tests/unit/test_turn.py")
    handed = Handed[int, int](1, Future(), time.monotonic() - 100)
    asked = text("SHOW lock_timeout")

    with hurried(engine, [handed]).begin() as connection:
        hurried_patience = connection.scalar(asked)
    with engine.begin() as connection:
        assert (hurried_patience, connection.scalar(asked)) == ("250ms", "4s")
