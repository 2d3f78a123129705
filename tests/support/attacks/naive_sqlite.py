"""What a careful amateur builds on SQLite: two tables, random keys, no times."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.attacks.crowd import Vote

ROWID = """
CREATE TABLE spent (ticket BLOB PRIMARY KEY);
CREATE TABLE ballot (id BLOB PRIMARY KEY, answer TEXT);
"""
NO_ROWID = ROWID.replace(");", ") WITHOUT ROWID;")
RUNNING_NUMBER = """
CREATE TABLE spent (ticket BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE ballot (id INTEGER PRIMARY KEY AUTOINCREMENT, answer TEXT);
"""


@contextmanager
def naive_box(file: Path, tables: str, *pragmas: str) -> Iterator[sqlite3.Connection]:
    """Give a connection to fresh naive tables."""
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        for pragma in ("synchronous=OFF", *pragmas):
            connection.execute(f"PRAGMA {pragma}").close()
        connection.executescript(tables)
        yield connection
    finally:
        connection.close()


def cast_naively(connection: sqlite3.Connection, votes: list[Vote]) -> None:
    """Keep votes one by one: ticket spent and ballot kept in one transaction each."""
    numbered = "AUTOINCREMENT" in str(
        connection.execute("SELECT group_concat(sql) FROM sqlite_master").fetchone()
    )
    for vote in votes:
        key = None if numbered else secrets.token_bytes(16)
        connection.execute("BEGIN")
        connection.execute("INSERT INTO spent VALUES (?)", (vote.ticket,))
        connection.execute("INSERT INTO ballot VALUES (?, ?)", (key, vote.answer))
        connection.execute("COMMIT")
