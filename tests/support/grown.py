"""A place is grown once for each kind of database; later tests get a copy of it.

What grows is the same every time, and takes most of the time of tests that change a
little of it. A database that holds something already is grown in as ever.
"""

import sqlite3
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import update_wrapper
from secrets import token_hex
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import psycopg
from sqlalchemy import Engine, QueuePool, select, union_all

from survey_app.accounts.tables import Account
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Unit
from survey_app.database import SEAL_KEY, SLOTS

P = TypeVar("P")
How = ParamSpec("How")

_MODELS: dict[Hashable, tuple[Any, "_Model"]] = {}


class _Model(Protocol):
    """What a database held, to be put into another one of the same tables."""

    def put_into(self, engine: Engine) -> None: ...


class _File:
    """A SQLite file, kept in memory."""

    def __init__(self, kept: sqlite3.Connection) -> None:
        self.kept = kept

    @classmethod
    def of(cls, engine: Engine) -> "_File":
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        with _driver(engine) as file:
            file.backup(kept)
        return cls(kept)

    def put_into(self, engine: Engine) -> None:
        with _driver(engine) as file:
            self.kept.backup(file)


@contextmanager
def _driver(engine: Engine) -> Iterator[sqlite3.Connection]:
    lent = engine.raw_connection()
    try:
        connection = lent.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        yield connection
    finally:
        lent.close()


class _Template:
    """A database of PostgreSQL that nobody is connected to."""

    def __init__(self, name: str) -> None:
        self.name = name

    @classmethod
    def of(cls, engine: Engine) -> "_Template":
        name = f"grown_{token_hex(6)}"
        with _server(engine) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s",
                (engine.url.database,),
            )
            server.execute(
                f"CREATE DATABASE {name} TEMPLATE {engine.url.database}".encode()
            )
        return cls(name)

    def put_into(self, engine: Engine) -> None:
        own = engine.url.database
        with _server(engine) as server:
            server.execute(f"DROP DATABASE {own} WITH (FORCE)".encode())
            server.execute(f"CREATE DATABASE {own} TEMPLATE {self.name}".encode())


@contextmanager
def _server(engine: Engine) -> Iterator[psycopg.Connection]:
    """Give a connection that stands in no database of ours."""
    engine.dispose()
    url = engine.url.set(drivername="postgresql", database="postgres")
    told = url.render_as_string(hide_password=False)
    with psycopg.connect(told, autocommit=True) as connection:
        yield connection


def grown(
    grow: Callable[Concatenate[Engine, How], P],
) -> Callable[Concatenate[Engine, How], P]:
    """Return the same place, from the second time on as a copy of the first.

    A place that is grown otherwise, or through another kind of engine, is another one.
    """

    def copied(engine: Engine, /, *told: How.args, **how: How.kwargs) -> P:
        if _lent(engine) or _holds_something(engine):
            return grow(engine, *told, **how)
        options = engine.get_execution_options()
        kind = (engine.dialect.name, options.get(SEAL_KEY), options.get(SLOTS))
        key = (grow, told, tuple(how.items()), *kind)
        if key not in _MODELS:
            place = grow(engine, *told, **how)
            is_file = engine.dialect.name == "sqlite"
            _MODELS[key] = (place, (_File if is_file else _Template).of(engine))
            return place
        place, model = _MODELS[key]
        model.put_into(engine)
        return replace(place, engine=engine) if hasattr(place, "engine") else place

    update_wrapper(copied, grow)
    return copied


def _lent(engine: Engine) -> bool:
    """Return whether somebody has a connection, which would be cut off."""
    pool = engine.pool
    return isinstance(pool, QueuePool) and pool.checkedout() > 0


def _holds_something(engine: Engine) -> bool:
    """Return whether a test has begun here already."""
    some = union_all(*(select(one.id) for one in (Unit, Account, Cycle)))
    with engine.connect() as connection:
        return connection.execute(some.limit(1)).first() is not None
