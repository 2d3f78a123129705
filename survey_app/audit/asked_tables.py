"""Which tables are asked and which are written, read off the statements of an engine.

A page that asked no table in which two worlds differ is the same in both.
"""

import re
from collections.abc import Iterable

from sqlalchemy import Engine, event

_WRITTEN = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)')
_NAME = re.compile(r"\w+")


class Statements:
    """The statements that an engine runs, from now on."""

    def __init__(self, engine: Engine) -> None:
        self._run: list[str] = []
        event.listen(engine, "before_cursor_execute", self._note)

    def taken(self) -> tuple[str, ...]:
        """Return those that were run since the last time, in their order."""
        run = tuple(self._run)
        self._run.clear()
        return run

    def _note(self, _on: object, _cursor: object, text: str, *_: object) -> None:
        self._run.append(text)


def written_tables(statements: Iterable[str]) -> frozenset[str]:
    """Return the tables that any of the statements changes."""
    found = (_WRITTEN.match(statement) for statement in statements)
    return frozenset(match[1] for match in found if match)


def asks_any(statements: Iterable[str], tables: frozenset[str]) -> bool:
    """Return whether any of the statements names one of these tables."""
    return any(not tables.isdisjoint(_NAME.findall(text)) for text in statements)
