"""The masters as one picture: copied into memory, compared, and written in one go.

An import is tried out on a copy, which takes as long as it takes and holds up nobody.
Then the masters are looked at once more, with the lock: where they are still what was
read before the picture, the rows that the copy has otherwise are written, and nothing
else.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    ForeignKey,
    Table,
    and_,
    bindparam,
    create_engine,
    insert,
    select,
)
from sqlalchemy import update as changed
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from survey_app.appraisal.adjustments import GivenAdjustment
from survey_app.appraisal.cycle import Cycle, GivenValue, ReplacedValue
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.table_base import Base

READ = Unit, Cadre, Subject, Cycle, GivenValue, GivenAdjustment
"""All that an import reads; nothing an answer or an account left behind."""
WRITTEN = *READ, ReplacedValue
"""All that it writes; what others refer to comes first."""
TABLES: list[Table] = [one.__table__ for one in WRITTEN]  # type: ignore[misc]  # they are tables

PICTURED = {one.__tablename__ for one in READ}

Key = tuple[Any, ...]
Rows = dict[Key, tuple[Any, ...]]
"""Primary key → the whole row."""
Values = dict[str, Any]
"""Column → what stands in it."""
Read = Sequence[Any]
Picture = Mapping[str, Rows]
"""Table → its rows."""


def picture_of(session: Session, of: Sequence[type[Base]] = READ) -> Picture:
    """Return the masters as they are, in one statement for each table."""
    return {one.__tablename__: _rows(session, one.__table__) for one in of}  # type: ignore[arg-type]  # they are tables


def as_read(session: Session) -> list[Read]:
    """Return the masters as the driver reads them: for comparing two moments alone.

    That takes a fraction of the time in which rows are made of them, and everybody who
    writes waits for it.
    """
    return [_as_read(session.connection(), one.__table__) for one in READ]  # type: ignore[arg-type]  # they are tables


def _as_read(connection: Connection, table: Table) -> Read:
    ordered = select(table).order_by(*table.primary_key)
    text = str(ordered.compile(dialect=connection.dialect))
    read = connection.exec_driver_sql(text)
    return read.cursor.fetchall() if read.cursor else []


def _rows(session: Session, table: Table) -> Rows:
    """Return the rows of a table, read past everything that makes objects of them."""
    keys = [place for place, one in enumerate(table.columns) if one.primary_key]
    read = session.connection().execute(select(table)).all()
    return {tuple(row[place] for place in keys): tuple(row) for row in read}


@contextmanager
def in_memory(picture: Picture) -> Iterator[Session]:
    """Give a session over a copy of the masters that is gone after the block."""
    engine = create_engine("sqlite://", poolclass=StaticPool, hide_parameters=True)
    try:
        Base.metadata.create_all(engine, tables=TABLES)
        with Session(engine) as copy:
            for table in TABLES:
                if rows := picture.get(table.name):
                    names = table.columns.keys()
                    told = [dict(zip(names, row, strict=True)) for row in rows.values()]
                    copy.execute(insert(table), told)
            yield copy
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class News:
    """The rows of one table that are new, and those that are otherwise."""

    table: Table
    new: Sequence[Values]
    other: Sequence[Values]


def news_in(copy: Session, before: Picture) -> list[News]:
    """Return what the copy has otherwise than the picture it was made of."""
    after = picture_of(copy, WRITTEN)
    return [
        found
        for table in TABLES
        for found in [_news(table, before.get(table.name, {}), after[table.name])]
        if found.new or found.other
    ]


def _news(table: Table, before: Rows, after: Rows) -> News:
    def told(row: tuple[Any, ...]) -> dict[str, Any]:
        return dict(zip(table.columns.keys(), row, strict=True))

    new = [told(row) for key, row in after.items() if key not in before]
    known = ((before[key], row) for key, row in after.items() if key in before)
    return News(table, new, [told(row) for old, row in known if old != row])


def write(session: Session, every: Sequence[News]) -> "Numbers":
    """Write the news in a few statements for each table; does not commit.

    The masters must be those of the picture, and stay so. Returns which numbers the
    new rows have.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    numbers = Numbers(_Same() if is_sqlite else _Other())
    for news in every:
        numbers.insert(session, news)
    for news in every:
        numbers.update(session, news)
    return numbers


class _Same:
    """SQLite numbers the rows of the masters as it did those of the copy."""

    def add(self, session: Session, table: Table, rows: Sequence[Values]) -> list[int]:
        """Insert the rows; return their numbers."""
        session.connection().execute(insert(table), list(rows))
        return [row["id"] for row in rows]


class _Other:
    """PostgreSQL draws a number for every row, and never one twice."""

    def add(self, session: Session, table: Table, rows: Sequence[Values]) -> list[int]:
        """Insert the rows; return their numbers."""
        told = [{k: v for k, v in row.items() if k != "id"} for row in rows]
        drawn = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(session.connection().execute(drawn, told).scalars())


class Numbers:
    """The numbers that new rows have in the database, by those they had in the copy."""

    def __init__(self, given: _Same | _Other) -> None:
        self._given = given
        self._known: dict[str, dict[int, int]] = {}

    def of(self, table: str, number: int) -> int:
        """Return the number in the database; what is not new has the same."""
        return self._known.get(table, {}).get(number, number)

    def insert(self, session: Session, news: News) -> None:
        """Insert new rows; what refers to its own table is filled in afterwards."""
        table = news.table
        if not news.new:
            return
        left_open = dict.fromkeys(_own(table))
        rows = [row | left_open for row in self._rows(table, news.new)]
        if table.name not in PICTURED:  # the copy began to number them from 1
            rows = [{k: v for k, v in row.items() if k != "id"} for row in rows]
        if "id" not in table.columns or table.name not in PICTURED:
            session.connection().execute(insert(table), rows)
            return
        ids = self._given.add(session, table, rows)
        known = {row["id"]: n for row, n in zip(news.new, ids, strict=True)}
        self._known[table.name] = {k: n for k, n in known.items() if k != n}

    def update(self, session: Session, news: News) -> None:
        """Let rows that were there, and new ones with a parent, be as in the copy."""
        table, own = news.table, _own(news.table)
        waiting = [row for row in news.new if any(row[name] for name in own)]
        rows = self._rows(table, [*news.other, *waiting])
        if not rows:
            return
        told = [{f"new_{k}": v for k, v in row.items()} for row in rows]
        if "id" in table.columns:
            for row in told:
                row["new_id"] = self.of(table.name, row["new_id"])
        new: dict[str, Any] = {
            one.name: bindparam(f"new_{one.name}") for one in table.columns
        }
        same = [one == new.pop(one.name) for one in table.columns if one.primary_key]
        session.connection().execute(
            changed(table).where(and_(*same)).values(new), told
        )

    def _rows(self, table: Table, rows: Sequence[Values]) -> list[Values]:
        """Return the rows with whatever they refer to called by its number there."""
        moved = [
            (column.name, known)
            for column in table.columns
            for key in column.foreign_keys
            if (known := self._known.get(_referred(key)))
        ]
        return [
            row | {name: known.get(row[name], row[name]) for name, known in moved}
            for row in rows
        ]


def _own(table: Table) -> list[str]:
    """Return the columns that refer to rows of the same table."""
    return [
        column.name
        for column in table.columns
        if any(_referred(key) == table.name for key in column.foreign_keys)
    ]


def _referred(key: ForeignKey) -> str:
    """Return the table that a column refers to."""
    return key.target_fullname.partition(".")[0]
