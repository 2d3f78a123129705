"""What a thief carries away: files as they lie, and how old PostgreSQL's rows are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.support.attacks.cluster import Cluster, column, dumped, flushed, ranked
from tests.support.attacks.traces import files_under

KEYS = {
    "ticket": "digest", "spent_ticket": "digest", "tracker": "tracker",
    "fragment": "id", "opened_comment": "id",
}  # fmt: skip
"""Ballot table → the random key that must say everything about its order."""


@dataclass(frozen=True)
class StolenTable:
    """A table of PostgreSQL: what its rows are called, in every order there is."""

    scanned: list[bytes]
    """As a plain SELECT finds them."""
    placed: list[bytes]
    """By their place in the file."""
    copied: list[bytes]
    """As they stand in a dump."""
    ages: list[int]
    """The transactions that wrote them, each once, oldest first."""
    heap: bytes
    index: bytes


NOTHING = StolenTable([], [], [], [], b"", b"")


@dataclass(frozen=True)
class Loot:
    """Everything of both databases at one moment."""

    ballots: Mapping[str, bytes]
    """The files of the ballot database."""
    main: Mapping[str, bytes]
    secrets: Mapping[str, bytes] = field(default_factory=dict)
    """The folder that must never be copied with the databases."""
    tables: Mapping[str, StolenTable] = field(default_factory=dict)
    comments: StolenTable = NOTHING
    """What the main database has of the comments."""
    sequences: list[object] = field(default_factory=list)
    """What counts up in the ballot database."""
    main_ages: frozenset[int] = frozenset()
    """The transactions that wrote what stands in the main database."""
    queries: str = ""
    """What the list of connections showed as their last statements."""
    changes: bytes = b""
    """The write-ahead log of the cluster."""
    server_log: str = ""

    @property
    def everything(self) -> dict[str, bytes]:
        """Every file by its name."""
        others = {"wal": self.changes, "log": self.server_log.encode()}
        return {**self.main, **self.ballots, **others}


def stolen_files(folder: Path, ballots: str) -> Loot:
    """Return the files of both SQLite databases; the name of one begins the other's."""
    files = {
        file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()
    }
    apart = {name for name in files if name.startswith(ballots)}
    return Loot(
        {name: files[name] for name in apart},
        {name: files[name] for name in files.keys() - apart},
        files_under(folder / "secrets"),
    )


def stolen_cluster(
    cluster: Cluster, main_url: str, ballots_url: str, secrets: Path
) -> Loot:
    """Return both PostgreSQL databases, and what the cluster knows besides."""
    with (
        psycopg.connect(main_url, autocommit=True) as main,
        psycopg.connect(ballots_url, autocommit=True) as ballots,
    ):
        flushed(ballots)
        shown = column(main, "SELECT query FROM pg_stat_activity")
        return Loot(
            cluster.database(ballots),
            cluster.database(main),
            files_under(secrets),
            {
                table: _stolen_table(cluster, ballots, table, key)
                for table, key in KEYS.items()
            },
            _stolen_table(cluster, main, "comment", "id"),
            column(ballots, "SELECT relname FROM pg_class WHERE relkind = 'S'"),
            frozenset(_all_ages(main)),
            repr(shown),
            cluster.changes,
            cluster.server_log.read_text("utf-8"),
        )


def _stolen_table(
    cluster: Cluster, connection: psycopg.Connection, table: str, key: str
) -> StolenTable:
    query = f"SELECT encode({key}, 'hex') FROM {table}"  # noqa: S608 -- names written above
    place = 1 if table in ("tracker", "comment") else 0
    return StolenTable(
        _bytes(column(connection, query)),
        _bytes(column(connection, query, "ORDER BY ctid")),
        _bytes([line[place][3:] for line in dumped(connection, table)]),
        ranked(connection, table),
        cluster.relation(connection, table),
        cluster.relation(connection, f"pk_{table}"),
    )


def _bytes(found: list[object] | list[str]) -> list[bytes]:
    return [bytes.fromhex(str(one)) for one in found]


def _all_ages(connection: psycopg.Connection) -> set[int]:
    tables = column(
        connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    return {age for table in tables for age in ranked(connection, str(table))}
