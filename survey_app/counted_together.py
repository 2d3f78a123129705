"""What the processes of all machines count together, for a minute and no longer.

Each counts for itself. Only what is many, from one neighbourhood through one channel,
is added up with the others, once a second and beside the requests. It is filed under a
digest whose key was drawn for this minute, lies where the sums lie, and is destroyed
with them; without the secret of the server the key finds nothing. Redis holds both
where one is configured. Otherwise they lie in tables that PostgreSQL writes to no log,
and where the main database is SQLite in a file of this machine's memory.
"""

import hmac
import os
import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from stat import S_IMODE
from threading import Lock, Thread
from typing import Any, Protocol

from sqlalchemy import Engine, LargeBinary, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.database import NO_LOG, engine_of, writing
from survey_app.settings import Settings
from survey_app.table_base import NO_ROWID, Base

MEMORY = Path("/dev/shm")  # noqa: S108 -- a file of our own, for our user alone
MINUTE = 60
OUT_OF_REACH = (SQLAlchemyError, OSError)


class FloodMinute(Base):
    """The key of one minute's digests."""

    __tablename__ = "flood_minute"
    __table_args__ = (NO_ROWID,)

    minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))


class FloodSum(Base):
    """How much more than usual came in one minute from a place nobody can name."""

    __tablename__ = "flood_sum"
    __table_args__ = (NO_ROWID,)

    minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    count: Mapped[int]


class Sums(Protocol):
    """Where the processes add up; may be out of reach at any moment."""

    def begin(self, minute: int) -> bytes:
        """Forget all minutes before; return the one key of this minute."""

    def add(self, minute: int, counts: Mapping[bytes, int]) -> Mapping[bytes, int]:
        """Add these counts, by digest, and return the sums of the same digests."""


class Together:
    """What one process knows of the sums of all."""

    def __init__(
        self,
        sums: Callable[[], Sums],
        secret: bytes,
        *,
        clock: Callable[[], float] = time.time,
        run: Callable[[Callable[[], bool]], None] | None = None,
    ) -> None:
        """`run` calls `exchange` each second until it says no; a thread, by default."""
        self._open = sums
        self._secret = secret
        self._clock = clock
        self._run = run or _in_a_thread
        self._lock = Lock()
        self._sums: Sums | None = None
        self._running = self._counted = False
        self._unshared: Counter[bytes] = Counter()
        """Not told to the others yet."""
        self._forget(-1, b"")

    def sum_of(self, what: bytes) -> int:
        """Return how many are known to have come in this minute, to all processes."""
        with self._lock:
            seen = self._digest(what)
            return self._known[seen] + self._unshared[seen]

    def count(self, what: bytes, by: int = 1) -> None:
        """Add to what is shared with the others within a second."""
        with self._lock:
            self._unshared[self._digest(what)] += by
            self._counted = True
            if self._running:
                return
            self._running = True
        self._run(self.exchange)

    def exchange(self) -> bool:
        """Add up with the others; return whether to come again in a second.

        Where they are out of reach, each process counts for itself.
        """
        minute = int(self._clock()) // MINUTE
        try:
            if self._sums is None:
                self._sums = self._open()
            if minute != self._minute and not self._begin(minute, self._sums):
                return False
            with self._lock:
                mine, self._unshared = self._unshared, Counter()
            if mine:
                known = self._sums.add(minute, mine)
                with self._lock:
                    self._known.update(dict(known))
        except OUT_OF_REACH:
            self._sums = None
        return True

    def _begin(self, minute: int, sums: Sums) -> bool:
        """Begin a minute; return False, all being forgotten, after one of quiet."""
        key = sums.begin(minute)
        with self._lock:
            self._running, self._counted = self._counted, False
            self._forget(minute, key)
            return self._running

    def _forget(self, minute: int, key: bytes) -> None:
        self._minute = minute
        self._key = hmac.digest(self._secret, key, "sha256")
        self._known: dict[bytes, int] = defaultdict(int)
        self._unshared = Counter()

    def _digest(self, what: bytes) -> bytes:
        return hmac.digest(self._key, what, "sha256")[:16]


def _in_a_thread(exchange: Callable[[], bool]) -> None:
    """Call it once a second beside everything else, until it says that it is enough."""

    def go_on() -> None:
        while exchange():
            time.sleep(1)

    Thread(target=go_on, name="counted together", daemon=True).start()


class SumsInDatabase:
    """Sums in two tables of PostgreSQL, or of a file in this machine's memory."""

    def __init__(self, engine: Engine) -> None:
        self._engine = writing(engine)

    def begin(self, minute: int) -> bytes:
        """Forget all minutes before; return the one key of this minute."""
        with Session(self._engine) as session:
            for table in (FloodMinute, FloodSum):
                session.execute(delete(table).where(table.minute < minute))
            drawn = {"minute": minute, "key": secrets.token_bytes(32)}
            session.execute(self._insert(FloodMinute, drawn).on_conflict_do_nothing())
            wanted = select(FloodMinute.key).where(FloodMinute.minute == minute)
            key = session.scalars(wanted).one()
            session.commit()
            return key

    def add(self, minute: int, counts: Mapping[bytes, int]) -> Mapping[bytes, int]:
        """Add these counts, by digest, and return the sums of the same digests."""
        sums = {}
        with Session(self._engine) as session:
            # Always in one order: two processes must not wait for each other.
            for digest, count in sorted(counts.items()):
                row = {"minute": minute, "digest": digest, "count": count}
                adding = self._insert(FloodSum, row)
                adding = adding.on_conflict_do_update(
                    index_elements=[FloodSum.minute, FloodSum.digest],
                    set_={"count": FloodSum.count + count},
                )
                sums[digest] = session.scalars(adding.returning(FloodSum.count)).one()
            session.commit()
        return sums

    def _insert(
        self, table: type[Base], row: dict[str, object]
    ) -> postgresql.Insert | sqlite.Insert:
        if self._engine.dialect.name == "postgresql":
            return postgresql.insert(table).values(row)
        return sqlite.insert(table).values(row)


class SumsInRedis:
    """Sums in Redis, which forgets them by itself."""

    def __init__(self, url: str, office: str) -> None:
        import redis  # noqa: PLC0415 -- nobody else needs the memory it takes

        self._fault = redis.RedisError
        self._redis = redis.Redis.from_url(
            url, socket_timeout=1, socket_connect_timeout=1
        )
        self._name = f"survey:{office}"

    def begin(self, minute: int) -> bytes:
        """Return the one key of this minute."""
        name = f"{self._name}:{minute}:key"
        drawn = secrets.token_bytes(32)
        _, key = self._done(("SET", name, drawn, "NX", "EX", 2 * MINUTE), ("GET", name))
        return bytes(key)

    def add(self, minute: int, counts: Mapping[bytes, int]) -> Mapping[bytes, int]:
        """Add these counts, by digest, and return the sums of the same digests."""
        name = f"{self._name}:{minute}"
        adding = [("HINCRBY", name, digest, by) for digest, by in counts.items()]
        *sums, _ = self._done(*adding, ("EXPIRE", name, 2 * MINUTE))
        return dict(zip(counts, sums, strict=True))

    def _done(self, *commands: tuple[Any, ...]) -> list[Any]:
        """Return what Redis says to each of these; raises OSError out of its reach."""
        try:
            with self._redis.pipeline() as pipe:
                for command in commands:
                    pipe.execute_command(*command)  # type: ignore[no-untyped-call]
                return list(pipe.execute())
        except self._fault as error:
            raise OSError(type(error).__name__) from error


def counted_together(settings: Settings, engine: Engine) -> Together:
    """Return what counts with all other processes of these settings."""
    secret = hmac.digest(settings.secret_key.encode(), b"counted together", "sha256")
    office = sha256(secret).hexdigest()[:16]

    if settings.redis_url:
        in_redis = SumsInRedis(settings.redis_url, office)
        return Together(lambda: in_redis, secret)

    def sums() -> Sums:
        if engine.dialect.name == "postgresql":
            return SumsInDatabase(engine)
        return SumsInDatabase(memory_of_this_machine(MEMORY, office))

    return Together(sums, secret)


def memory_of_this_machine(folder: Path, office: str) -> Engine:
    """Return tables in a file that every process of our user here shares.

    Raises OSError where the system has no such folder, or it is not ours alone.
    """
    file = folder / f"survey-{os.getuid()}-{office}.sqlite"
    os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600))
    found = file.lstat()
    if found.st_uid != os.getuid() or S_IMODE(found.st_mode) != 0o600:
        raise PermissionError(f"{file} is not ours alone")
    engine = engine_of(f"sqlite:///{file}", journal=NO_LOG)
    tables = [FloodMinute.__table__, FloodSum.__table__]
    with writing(engine).begin() as connection:
        Base.metadata.create_all(connection, tables=tables)  # type: ignore[arg-type]
    return engine
