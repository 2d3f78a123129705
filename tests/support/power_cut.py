"""The end of everything in the middle of a verb."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event


@contextmanager
def power_cut(engine: Any, words: str) -> Iterator[None]:
    """Let everything end where a statement with these words would begin."""

    def cut(*told: Any) -> None:
        if words in told[2]:
            raise InterruptedError

    event.listen(engine, "before_cursor_execute", cut)
    with pytest.raises(InterruptedError):
        yield
    event.remove(engine, "before_cursor_execute", cut)
