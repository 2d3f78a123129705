"""Many things some at a time: itertools.batched, which comes with Python 3.12."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Thing = TypeVar("Thing")


def in_parts(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """Yield the things in their order, `size` at a time and the rest at last."""
    left = iter(things)
    while part := list(islice(left, size)):
        yield part
