"""Somebody who wants the one write lock at every step of what another one does."""

import sqlite3
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from sqlalchemy import Engine, event


@dataclass
class Probe:
    """What was going on whenever the lock was asked for, and who could not have it."""

    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@contextmanager
def wanting_lock(engine: Engine, *, at: Collection[str] = ()) -> Iterator[Probe]:
    """Ask for the write lock before every statement, and where these functions begin.

    Who holds it is asked without waiting, and lets go at once.
    """
    told = Probe()
    other = sqlite3.connect(engine.url.database or "", timeout=0, isolation_level=None)

    def ask(doing: str) -> None:
        told.asked.append(doing)
        try:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        except sqlite3.OperationalError:
            told.refused.append(doing)

    def statement(*about: Any) -> None:
        ask(" ".join(str(about[2]).split()))

    def called(frame: FrameType, what: str, _: object) -> None:
        if what == "call" and frame.f_code.co_name in at:
            ask(frame.f_code.co_name)

    event.listen(Engine, "before_cursor_execute", statement)
    sys.setprofile(called)
    try:
        yield told
    finally:
        sys.setprofile(None)
        event.remove(Engine, "before_cursor_execute", statement)
        other.close()
