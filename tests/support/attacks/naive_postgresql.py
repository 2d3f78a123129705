"""What a careful amateur builds on PostgreSQL: two tables, random keys, no times."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import psycopg

from tests.support.attacks.crowd import Vote
from tests.support.postgresql import PostgreSQL

TABLES = """
CREATE TABLE spent (ticket bytea PRIMARY KEY);
CREATE TABLE ballot (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), answer text);
"""


@contextmanager
def naive_box(server: PostgreSQL) -> Iterator[psycopg.Connection]:
    """Give a connection to fresh naive tables in a database of their own."""
    with (
        server.database(f"naive_{secrets.token_hex(6)}") as url,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        connection.execute(TABLES)
        yield connection


def cast_naively(
    connection: psycopg.Connection, votes: list[Vote], *, apart: bool = False
) -> None:
    """Keep votes one by one, in one transaction each, or `apart` in two."""
    for vote in votes:
        with nullcontext() if apart else connection.transaction():
            connection.execute("INSERT INTO spent VALUES (%s)", (vote.ticket,))
            connection.execute(
                "INSERT INTO ballot (answer) VALUES (%s)", (vote.answer,)
            )
