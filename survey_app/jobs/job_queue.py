"""huey carries the numbers of jobs to whoever works them off, and nothing else.

What it loses is found in the table of jobs; what it carries twice is done once.
"""

import json
import logging
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from huey.api import Huey

NAME = "survey"
CARRIED = "job"


def ring(address: str, number: int) -> None:
    """Say that there is a job; a queue that does not answer is told of by the table."""
    try:
        queue = queue_at(address)
        carrier(queue, lambda _: None)(number)
        queue.storage.close()
    except queue_faults():
        # Whoever works jobs off looks through their table every minute.
        logging.getLogger("gunicorn.error").warning("the queue does not answer")


def queue_faults() -> tuple[type[Exception], ...]:
    """Return how it is said that a queue is out of reach, by what was loaded."""
    named = (("psycopg", "Error"), ("redis.exceptions", "RedisError"))
    foreign = (
        getattr(sys.modules[library], fault)
        for library, fault in named
        if sys.modules.get(library) is not None
    )
    return (sqlite3.Error, OSError, RuntimeError, *foreign)


def carrier(queue: "Huey", work_off: Callable[[int], None]) -> Callable[[int], object]:
    """Return what puts a number into the queue; it comes out in `work_off`."""

    def carried(number: int) -> None:
        work_off(number)

    # Who sends and who takes must call it alike, its module included.
    carry: Callable[[int], object] = queue.task(name=CARRIED)(carried)
    return carry


def queue_at(address: str) -> "Huey":
    """Return the queue: a SQLite file of its own, PostgreSQL's tables, or Redis."""
    with _without(*_not_needed(address)):
        from huey import storage  # noqa: PLC0415 -- most processes never need it
        from huey.api import Huey  # noqa: PLC0415

    told: dict[str, Any]
    if address.startswith("sqlite"):
        file = Path(address.removeprefix("sqlite:///"))
        kind, told = storage.SqliteStorage, {"filename": str(file), "cache_mb": 0}
        told["fsync"] = False  # the table of jobs is what must outlive a power cut
    elif address.startswith("redis"):
        kind, told = storage.RedisStorage, {"url": address}
    else:
        kind = storage.PostgresStorage
        told = {"connection": _postgresql(address), "blocking": False}
    return Huey(NAME, results=False, serializer=_Numbers(), storage_class=kind, **told)


def _postgresql(address: str) -> Callable[[], Any]:
    """Return what connects, also through a pool that changes servers under us."""
    import psycopg  # noqa: PLC0415 -- not needed with SQLite
    from huey import storage  # noqa: PLC0415

    storage.psycopg = psycopg
    plain = re.sub(r"^postgres(ql)?(\+psycopg)?:", "postgresql:", address)
    return lambda: psycopg.connect(plain, connect_timeout=5, prepare_threshold=None)


class _Numbers:
    """Writes a message as JSON: whoever can write into a queue runs nothing by it."""

    def serialize(self, message: Any) -> bytes:
        """Return the message's own number, what it is and the job's number."""
        return json.dumps([message.id, message.name, *message.args]).encode()

    def deserialize(self, data: bytes) -> Any:
        """Return the message again."""
        from huey.registry import Message  # noqa: PLC0415

        own, name, *numbers = json.loads(bytes(data))
        return Message(own, name, args=tuple(map(int, numbers)), kwargs={}, retries=0)


def _not_needed(address: str) -> tuple[str, ...]:
    """Return the libraries huey would load and this queue never uses: 30 MB of them."""
    names = ["gevent", "cysqlite"]
    names += [] if address.startswith("redis") else ["redis"]
    names += ["psycopg"] if address.startswith("sqlite") else []
    return tuple(name for name in names if name not in sys.modules)


@contextmanager
def _without(*libraries: str) -> Iterator[None]:
    """Let these libraries be missing for as long as the block lasts."""
    sys.modules.update(dict.fromkeys(libraries))  # type: ignore[arg-type]  # None: missing
    try:
        yield
    finally:
        for library in libraries:
            sys.modules.pop(library, None)
