"""Take an office from one database to another: SQLite to PostgreSQL, or back.

Every table of the metadata is copied, so a new one comes along by itself. Rows leave
in the order of their keys, which tells nothing of the order in which they came. A move
that was interrupted is begun again: tables that are equal already are kept, and from
the first that is not everything is written anew. While it lasts nobody else is let into
the source.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    Row,
    Select,
    Table,
    func,
    insert,
    select,
    text,
)

from survey_app.database import WRITES

BATCH = 5000
"""Rows of one transaction of the target."""

Progress = Callable[[str, int, int], None]
"""Told the table, and how many of how many of its rows are there."""


def copy_tables(
    source: Connection, target: Engine, metadata: MetaData, progress: Progress
) -> None:
    """Write every table of the source into the target, which was claimed for it."""
    tables = metadata.sorted_tables
    with target.connect() as connection:
        kept = _equal_so_far(source, connection, tables)
    _empty(target, tables[kept:])
    for table in tables[kept:]:
        _copy(source, target, table, progress)
    with target.execution_options(**{WRITES: True}).begin() as connection:
        for table in tables:
            _go_on_counting(source, connection, table)


def differing(source: Connection, target: Engine, metadata: MetaData) -> list[str]:
    """Return the names of the tables that hold something else than in the source."""
    with target.connect() as connection:
        return [
            table.name
            for table in metadata.sorted_tables
            if content(source, table) != content(connection, table)
        ]


def content(connection: Connection, table: Table) -> tuple[int, int]:
    """Return how many rows a table holds, and one number over them all.

    Whatever order they lie in.
    """
    rows = total = 0
    for row in connection.execute(select(table).execution_options(yield_per=BATCH)):
        told = hashlib.blake2b(repr(tuple(row)).encode(), digest_size=16).digest()
        total += int.from_bytes(told)
        rows += 1
    return rows, total % 2**128


def _equal_so_far(
    source: Connection, target: Connection, tables: Sequence[Table]
) -> int:
    """Return how many tables from the first on are equal on both sides."""
    for number, table in enumerate(tables):
        if content(source, table) != content(target, table):
            return number
    return len(tables)


def _empty(target: Engine, tables: Sequence[Table]) -> None:
    with target.execution_options(**{WRITES: True}).begin() as connection:
        for table in reversed(tables):
            with _unguarded(connection, table):
                connection.execute(table.delete())


def _copy(source: Connection, target: Engine, table: Table, progress: Progress) -> None:
    """Write one table, a transaction for every batch."""
    whole = source.scalar(select(func.count()).select_from(table)) or 0
    done = 0
    progress(table.name, done, whole)
    # A row that leads to another of its own table may come before that one: such a
    # table, all units for instance, is written in one statement.
    own = any(key.column.table is table for key in table.foreign_keys)
    size = max(whole, 1) if own else BATCH
    rows = source.execute(in_order(table).execution_options(yield_per=size))
    for batch in rows.partitions(size):
        with (
            target.execution_options(**{WRITES: True}).begin() as connection,
            _unguarded(connection, table),
        ):
            _write(connection, table, batch)
        done += len(batch)
        progress(table.name, done, whole)


def _write(connection: Connection, table: Table, rows: Sequence[Row[Any]]) -> None:
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), [dict(row._mapping) for row in rows])
        return
    own: Any = connection.connection.dbapi_connection
    quote = connection.dialect.identifier_preparer
    columns = ", ".join(quote.format_column(column) for column in table.columns)
    into = f"COPY {quote.format_table(table)} ({columns}) FROM STDIN"
    with own.cursor() as cursor, cursor.copy(into) as copying:
        for row in rows:
            copying.write_row(tuple(row))


@contextmanager
def _unguarded(connection: Connection, table: Table) -> Iterator[None]:
    """Let rows be written that were let in once already, inside this transaction only.

    A ballot box that is open takes no tickets: here they come from another box.
    """
    if connection.dialect.name == "postgresql":
        name = connection.dialect.identifier_preparer.format_table(table)
        connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
        yield
        connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
        return
    wanted = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    guards = connection.execute(
        text(f"{wanted} AND tbl_name = :table"), {"table": table.name}
    ).all()
    connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    for name, _ in guards:
        connection.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _, made in guards:
        connection.exec_driver_sql(made)


def _go_on_counting(source: Connection, target: Connection, table: Table) -> None:
    """Let the next row get the number it would have got in the source."""
    column = table.autoincrement_column
    if column is None or column.type.python_type is not int:
        return
    last = _last_number(source, table, column)
    if not last:
        return
    if target.dialect.name == "postgresql":
        told = {"table": table.name, "column": column.name, "last": last}
        sequence = "pg_get_serial_sequence(:table, :column)"
        target.execute(text(f"SELECT setval({sequence}, :last)"), told)
    elif table.dialect_options["sqlite"]["autoincrement"]:
        told = {"table": table.name, "last": last}
        target.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), told)
        target.execute(text("INSERT INTO sqlite_sequence VALUES (:table, :last)"), told)


def _last_number(source: Connection, table: Table, column: Column[Any]) -> int:
    """Return the last number that was given, also where its row is gone since."""
    largest: int = source.scalar(select(func.max(column))) or 0
    if source.dialect.name == "sqlite":
        if not table.dialect_options["sqlite"]["autoincrement"]:
            return largest
        asked = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        return max(largest, source.scalar(asked, {"table": table.name}) or 0)
    told = {"table": table.name, "column": column.name}
    asked = text(
        "SELECT last_value FROM pg_sequences WHERE"
        " quote_ident(schemaname) || '.' || quote_ident(sequencename)"
        " = pg_get_serial_sequence(:table, :column)"
    )
    return max(largest, source.scalar(asked, told) or 0)


def in_order(table: Table) -> Select[Any]:
    """Return what reads a table in the order of its key."""
    return select(table).order_by(*table.primary_key)
