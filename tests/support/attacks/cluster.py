"""A stolen PostgreSQL cluster: its files, its log of changes and its server log."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.support.postgresql import PostgreSQL

ZEROS = re.compile(rb"\0{17,}")


@dataclass(frozen=True)
class Cluster:
    """The folder somebody walked away with, and the programs that came with it."""

    folder: Path
    programs: Path
    server_log: Path

    @property
    def changes(self) -> bytes:
        """The bytes of every file of the write-ahead log, zeros cut short."""
        files = sorted((self.folder / "pg_wal").glob("[0-9A-F]*"))
        return squeezed(b"".join(f.read_bytes() for f in files if f.is_file()))

    def decoded(self, begin: str, end: str) -> str:
        """Return what pg_waldump says of the log between two places."""
        program = self.programs / "pg_waldump"
        if not program.exists():
            pytest.skip("this PostgreSQL came without pg_waldump")
        told = subprocess.run(
            [program, "-p", self.folder / "pg_wal",
             "-s", begin, "-e", end],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return told.stdout

    def database(self, connection: psycopg.Connection) -> dict[str, bytes]:
        """Return every file of the database by its name, zeros cut short."""
        query = "SELECT oid FROM pg_database WHERE datname = current_database()"
        (number,) = connection.execute(query).fetchone() or (0,)
        folder = self.folder / "base" / str(number)
        return {file.name: squeezed(file.read_bytes()) for file in folder.iterdir()}

    def relation(self, connection: psycopg.Connection, name: str) -> bytes:
        """Return the file of a table or an index, as `flushed` left it."""
        (path,) = one(connection, "SELECT pg_relation_filepath(%s)", name)
        return (self.folder / str(path)).read_bytes()


def squeezed(data: bytes) -> bytes:
    """Return the bytes with long stretches of zeros cut short: there is much room."""
    return ZEROS.sub(bytes(16), data)


def cluster_of(server: PostgreSQL) -> Cluster:
    """Return the files of a running server."""
    ours = server.server
    return Cluster(Path(ours.pgdata), Path(ours.bin_path), Path(ours.log))


def flushed(connection: psycopg.Connection) -> psycopg.Connection:
    """Return the connection once the files hold all that was written."""
    connection.execute("CHECKPOINT")
    return connection


def one(connection: psycopg.Connection, query: str, *given: str) -> tuple[object, ...]:
    """Return the one row of a query."""
    (row,) = connection.execute(query.encode(), given).fetchall()
    return tuple(row)


def column(connection: psycopg.Connection, query: str, order: str = "") -> list[object]:
    """Return the first column of a query, in the order asked for or found."""
    rows = connection.execute(f"{query} {order}".encode()).fetchall()
    return [row[0] for row in rows]


def ranked(connection: psycopg.Connection, table: str) -> list[int]:
    """Return the transactions that wrote the rows of a table, each once, by age."""
    query = f"SELECT DISTINCT xmin::text::bigint FROM {table}"  # noqa: S608 -- a name written in a test
    return sorted(int(str(age)) for age in column(connection, query))


def moved_out(connection: psycopg.Connection, table: str) -> list[bytes]:
    """Return the long values PostgreSQL keeps aside, in the order of their numbers."""
    query = "SELECT reltoastrelid::regclass::text FROM pg_class WHERE relname = %s"
    (aside,) = one(connection, query, table)
    parts = "string_agg(chunk_data, '' ORDER BY chunk_seq)"
    statement = f"SELECT {parts} FROM {aside} GROUP BY chunk_id ORDER BY chunk_id"  # noqa: S608 -- a name PostgreSQL gave
    return [bytes(value) for (value,) in connection.execute(statement.encode())]


def dumped(connection: psycopg.Connection, table: str) -> list[list[str]]:
    """Return the lines of a dump of a table; pg_dump copies it in the same way."""
    statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connection.cursor().copy(statement) as copy:
        text = b"".join(bytes(part) for part in copy).decode()
    return [line.split("\t") for line in text.splitlines()]
