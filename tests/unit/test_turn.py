"""Whoever wants to write one SQLite file waits his turn, and nobody is passed over."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from survey_app.ballot.finish_decryption import EMPTIED, overwrite_free_space
from survey_app.database import SQLITE_PATIENCE, create_file, engine_of, writing
from survey_app.one_writer import SHORTEST, Handed, hurried
from survey_app.turn import SUFFIXES, TakingTurns, WriteTurn, opened, taken


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "any.sqlite"


@pytest.fixture
def turns(file: Path) -> Iterator[tuple[WriteTurn, WriteTurn]]:
    """Two connections that write the same file."""
    both = WriteTurn(file), WriteTurn(file)
    yield both
    for turn in both:
        turn.close()


def is_waited_for(file: Path) -> bool:
    """Return whether somebody is the next one."""
    asking = os.open(f"{file}{SUFFIXES[1]}", os.O_RDWR)
    try:
        fcntl.flock(asking, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(asking)
    return False


def test_one_has_the_turn_and_the_other_does_not(
    turns: tuple[WriteTurn, WriteTurn],
) -> None:
    first, second = turns

    assert first.take(0)
    assert not second.take(0)
    first.leave()
    assert second.take(0)
    assert not first.take(0)


def test_who_just_wrote_does_not_come_before_who_waits(
    file: Path, turns: tuple[WriteTurn, WriteTurn]
) -> None:
    first, second = turns
    assert first.take(0)
    waiting = Thread(target=second.take, args=(None,))
    waiting.start()
    for _ in range(1000):
        if is_waited_for(file):
            break
        waiting.join(0.01)

    first.leave()
    again = first.take(0)

    waiting.join()
    assert (again, second.is_ours) == (False, True)


def test_who_gave_up_waiting_leaves_his_place(
    turns: tuple[WriteTurn, WriteTurn],
) -> None:
    first, second = turns
    assert first.take(0)
    assert not second.take(0.01)

    first.leave()

    assert first.take(5)
    first.leave()
    assert second.take(5)


def test_a_transaction_that_writes_has_the_turn_until_it_ends(file: Path) -> None:
    engine, other = engine_of(f"sqlite:///{file}"), WriteTurn(file)
    create_file(engine)

    with writing(engine).begin() as connection:
        connection.execute(text("CREATE TABLE one (two)"))
        assert not other.take(0)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM one")) == 0
        assert other.take(0)
        other.leave()
    with pytest.raises(OperationalError), writing(engine).begin() as connection:
        connection.execute(text("nonsense"))
    assert other.take(0)

    other.close()
    engine.dispose()


@pytest.mark.parametrize("how", ["COMMIT", "ROLLBACK"])
def test_the_turn_lasts_as_long_as_the_transaction(file: Path, how: str) -> None:
    file.touch()
    connection, other = opened(file, 0), WriteTurn(file)
    others: dict[str, bool] = {}
    connection.isolation_level = None
    connection.set_trace_callback(lambda said: others.update({said: other.take(0)}))

    with taken(connection, 0):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE one (two)")
    getattr(connection, how.lower())()

    assert others.pop(how) is False
    assert not any(others.values())
    assert other.take(0)
    other.close()
    connection.close()


def test_what_was_waited_before_is_not_waited_again(file: Path) -> None:
    engine, said = engine_of(f"sqlite:///{file}"), list[str]()
    create_file(engine)
    handed = Handed[int, int](1, Future(), time.monotonic() - 100)
    with engine.connect() as connection:
        own = connection.connection.dbapi_connection
        assert isinstance(own, TakingTurns)
        own.set_trace_callback(said.append)

    with closing(sqlite3.connect(file, isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError):
            hurried(writing(engine), [handed]).begin().__enter__()

    short, usual = (one for one in said if "busy_timeout" in one)
    assert 0 <= int(short.partition("=")[2]) <= 1000 * SHORTEST
    assert usual == f"PRAGMA busy_timeout={1000 * SQLITE_PATIENCE:.0f}"
    engine.dispose()


def test_a_file_is_written_anew_in_its_turn_only(file: Path) -> None:
    engine, other = engine_of(f"sqlite:///{file}"), WriteTurn(file)
    create_file(engine)
    with engine.connect() as connection:
        own = connection.connection.dbapi_connection
        assert isinstance(own, TakingTurns)
        own.patience = 0

    assert other.take(0)
    assert overwrite_free_space(engine) == EMPTIED
    other.leave()
    assert overwrite_free_space(engine) == ()
    assert other.take(0)

    other.close()
    engine.dispose()


def test_without_the_turn_the_database_is_locked(file: Path) -> None:
    engine, other = engine_of(f"sqlite:///{file}"), WriteTurn(file)
    create_file(engine)
    assert other.take(0)

    with engine.connect() as connection:
        own = connection.connection.dbapi_connection
        assert isinstance(own, TakingTurns)
        own.patience = 0
    with pytest.raises(OperationalError), writing(engine).begin():
        pass
    other.leave()
    with writing(engine).begin():
        pass

    other.close()
    engine.dispose()
