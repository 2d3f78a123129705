"""The turn to write one SQLite file, shared by all processes of the machine.

SQLite's own lock is waited for by asking again and again, and whoever asks at the right
moment has it. Here whoever waits sleeps until the kernel hands the turn over, and
nobody who just wrote comes before somebody who waits.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

SUFFIXES = "-turn", "-next"
"""What the two files that are locked are called after the database's: who holds the
second one is the next one, who holds the first one writes. Whoever wrote must become
the next one before he writes again, and cannot while somebody else is."""


PATIENCE = "patience"
"""Execution option of an engine, on either kind of database: for how many seconds at
most its transactions wait to be let in, where that is less than usual."""
NOTICED = 0.25
"""Seconds; what was waited less than that is not subtracted from what is left."""


class _Line:
    """One place in the line."""

    def __init__(self, file: Path) -> None:
        how = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC
        self._now, self._next = (os.open(f"{file}{s}", how, 0o600) for s in SUFFIXES)

    def take(self, how: int) -> bool:
        """Come to be the next one, then the one who writes; return whether it is us."""
        try:
            fcntl.flock(self._next, how)
            try:
                fcntl.flock(self._now, how)
            finally:
                fcntl.flock(self._next, fcntl.LOCK_UN)
        except BlockingIOError:
            return False
        return True

    def leave(self) -> None:
        fcntl.flock(self._now, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._now)
        os.close(self._next)


class WriteTurn:
    """Whether it is one connection's turn; not shared by threads."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._line: _Line | None = None
        self.is_ours = False

    def take(self, patience: float | None) -> bool:
        """Wait for the turn, at most so many seconds; return whether it is ours.

        None: as long as it takes.
        """
        line = self._line = self._line or _Line(self._file)
        self.is_ours = line.take(fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not self.is_ours and patience is None:
            self.is_ours = line.take(fcntl.LOCK_EX)
        elif not self.is_ours and patience:
            self.is_ours = self._take_within(patience, line)
        return self.is_ours

    def leave(self) -> None:
        """Let the next one write; nothing where it is not ours."""
        if self.is_ours and self._line is not None:
            self.is_ours = False
            self._line.leave()

    def close(self) -> None:
        """Let go of everything."""
        self.is_ours = False
        if self._line is not None:
            self._line.close()
            self._line = None

    def _take_within(self, patience: float, line: _Line) -> bool:
        """Let a thread sleep for it, which no clock could wake, and wait for that one.

        Whoever gives up leaves his place in the line to the sleeper, who leaves it.
        """
        came, deciding = Lock(), Lock()
        came.acquire()
        is_here, is_gone = False, False

        def sleep() -> None:
            nonlocal is_here
            line.take(fcntl.LOCK_EX)
            with deciding:
                is_here = True
                if is_gone:
                    line.close()
            came.release()

        Thread(target=sleep, name="turn", daemon=True).start()
        came.acquire(timeout=patience)
        with deciding:
            if not is_here:
                is_gone, self._line = True, None
        return is_here


class TakingTurns(sqlite3.Connection):
    """A connection that has the turn while it writes."""

    turn: WriteTurn
    patience: float | None
    """Seconds it waits for the turn; None: as long as it takes."""

    def commit(self) -> None:
        """Keep what was written; the turn stays ours where that failed."""
        super().commit()
        self.turn.leave()

    def rollback(self) -> None:
        """Forget what was written."""
        try:
            super().rollback()
        finally:
            self.turn.leave()

    def close(self) -> None:
        """Close it for good."""
        try:
            super().close()
        finally:
            self.turn.close()


def begin(connection: Connection, how: str) -> None:
    """Begin a transaction when it is our turn, and nobody writes without one.

    Both together are waited for as long as this connection is patient, or as an option
    says. Raises OperationalError where it was in vain.
    """
    own: Any = connection.connection.dbapi_connection
    usual = patience = own.patience
    asked = connection.get_execution_options().get(PATIENCE)
    if usual is not None and asked is not None:
        patience = min(asked, usual)
    began = time.monotonic()
    with taken(own, patience):
        if patience is None or usual - patience + time.monotonic() - began < NOTICED:
            connection.exec_driver_sql(how)
            return
        left = max(0.0, patience - (time.monotonic() - began))
        try:
            own.execute(f"PRAGMA busy_timeout={left * 1000:.0f}")
            connection.exec_driver_sql(how)
        finally:
            own.execute(f"PRAGMA busy_timeout={usual * 1000:.0f}")


@contextmanager
def taken(connection: Any, patience: float | None) -> Iterator[None]:
    """Have the turn when the block begins and, unless it fails, until the commit.

    Raises OperationalError, as SQLite would, where the turn did not come.
    """
    if not connection.turn.take(patience):
        fault = sqlite3.OperationalError("database is locked")
        raise OperationalError("BEGIN IMMEDIATE", None, fault)
    try:
        yield
    except BaseException:
        connection.turn.leave()
        raise


def opened(file: Path, patience: float, **how: Any) -> TakingTurns:
    """Open the file that is there; a missing one is a fault and never made anew."""
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=rw",
        uri=True,
        check_same_thread=False,
        factory=TakingTurns,
        **how,
    )
    connection.turn, connection.patience = WriteTurn(file), patience
    return connection


def hold_on_to(engine: Engine, file: Path) -> None:
    """Use a connection only while its file stands where it was opened.

    An open file can be moved away and written to for a long time, and every answer
    kept in it would be lost with it.
    """

    def opened(_: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        record.info["file"] = _identity(file)

    def taken(
        _: sqlite3.Connection, record: ConnectionPoolEntry, __: PoolProxiedConnection
    ) -> None:
        if _identity(file) != record.info["file"]:
            raise DisconnectionError("the database file is not where it was")

    event.listen(engine, "connect", opened)
    event.listen(engine, "checkout", taken)


def _identity(file: Path) -> tuple[int, int] | None:
    """Return what tells a file from another of the same name; None: there is none."""
    try:
        stat = file.stat()
    except FileNotFoundError:
        return None
    return stat.st_dev, stat.st_ino
