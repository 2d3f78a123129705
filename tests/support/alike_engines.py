"""Engines of one kind of database share what they have compiled.

A test has engines of its own, and the same statements as all others.
"""

from collections.abc import Callable
from typing import Any
from weakref import ref

from sqlalchemy import Engine, create_engine, event


def sharing() -> Callable[..., Engine]:
    """Return `create_engine` for as long as a run lasts."""
    known: dict[tuple[str, str], Engine] = {}

    def made(*url: Any, **how: Any) -> Engine:
        engine = create_engine(*url, **how)
        kind = (engine.dialect.name, engine.dialect.driver)
        if first := known.get(kind):
            engine.dialect = engine.pool._dialect = first.dialect
            engine._compiled_cache = first._compiled_cache
        else:  # the first that has met its server
            _tell_of(engine, lambda met: known.setdefault(kind, met))
        return engine

    return made


def _tell_of(engine: Engine, tell: Callable[[Engine], object]) -> None:
    """Tell of an engine when it connects, without keeping it alive until then."""
    kept = ref(engine)

    def connected(*_: object) -> None:
        if met := kept():
            tell(met)

    event.listen(engine, "connect", connected)
