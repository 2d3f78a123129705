"""A stolen PostgreSQL file, read page by page below SQL.

Written from PostgreSQL's documentation, chapter "Database Page Layout": items are put
on a page from its end downwards, and a deleted row stays where it lay.
"""

from collections.abc import Iterator
from dataclasses import dataclass

PAGE, HEADER, POINTER = 8192, 24, 4
NORMAL = 1


@dataclass(frozen=True)
class Item:
    """A row, or an entry of an index, where it lies."""

    page: int
    offset: int
    data: bytes

    @property
    def deleted(self) -> bool:
        """Whether a row was marked as gone; the second number of its header says it."""
        return any(self.data[4:8])


def items(file: bytes) -> Iterator[Item]:
    """Give whatever the line pointers of every page point to."""
    for start in range(0, len(file), PAGE):
        page = file[start : start + PAGE]
        end = int.from_bytes(page[12:14], "little")
        for at in range(HEADER, end, POINTER):
            pointer = int.from_bytes(page[at : at + POINTER], "little")
            offset, state, size = pointer & 0x7FFF, pointer >> 15 & 3, pointer >> 17
            if state == NORMAL:
                yield Item(start // PAGE, offset, page[offset : offset + size])


def in_written_order(file: bytes) -> list[Item]:
    """Return the items page by page, the one put down first on a page first."""
    return sorted(items(file), key=lambda item: (item.page, -item.offset))
