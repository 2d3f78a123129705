"""PostgreSQL, met directly or through a pool that lends servers by the transaction."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from survey_app.turn import PATIENCE as PATIENCE_LEFT

if TYPE_CHECKING:
    import psycopg

PATIENCE = {
    "connect_timeout": 5,  # seconds
    "tcp_user_timeout": 10_000,  # milliseconds a dead network may go unnoticed
}
LOCK_PATIENCE = "lock_timeout = '4s'"
"""How long PostgreSQL may keep a respondent waiting before the page says so."""

POOLED = "pooled"
"""In the notes of a connection: another program lends servers to its transactions."""


def engine_at(url: URL, **pool: int) -> Engine:
    """Return the engine of a database of PostgreSQL, with a pool of this kind."""
    # hide_parameters keeps answers out of every exception text.
    engine = create_engine(
        url, hide_parameters=True, pool_pre_ping=True, connect_args=PATIENCE, **pool
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(
    connection: "psycopg.Connection[Any]", record: ConnectionPoolEntry
) -> None:
    """Make a connection impatient; find out whether it is one for longer than a moment.

    PgBouncer in transaction mode lends another server to every transaction: what is set
    on one would be met by somebody else, and a statement prepared on one is unknown to
    the next. It does not say who it is; but it does not know the server's number.
    """
    connection.autocommit = True
    told = connection.execute("SELECT pg_backend_pid()").fetchone()
    if told == (connection.info.backend_pid,):
        connection.execute(f"SET {LOCK_PATIENCE}")
    else:
        record.info[POOLED] = True
        connection.prepare_threshold = None
    connection.autocommit = False


def _begin(connection: Connection) -> None:
    """Make a transaction impatient where its connection could not be.

    Or more so, where little patience is left.
    """
    left = connection.get_execution_options().get(PATIENCE_LEFT)
    if left is not None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {left * 1000:.0f}")
    elif connection.info.get(POOLED):
        connection.exec_driver_sql(f"SET LOCAL {LOCK_PATIENCE}")
