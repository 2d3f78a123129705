"""A stolen write-ahead log: every page as it was after every transaction."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.support.attacks.sqlite_pages import INDEX_LEAF, TABLE_LEAF, Value, cells_on

HEADER, FRAME_HEADER = 32, 24


@dataclass(frozen=True)
class Frame:
    """One page as it was written; the last of a transaction ends it."""

    page: int
    ends: bool
    image: bytes


def frames(log: bytes) -> Iterator[Frame]:
    """Give the frames of a log in the order in which they were written."""
    size = int.from_bytes(log[8:12], "big")
    for at in range(HEADER, len(log) - size, FRAME_HEADER + size):
        head, image = log[at : at + FRAME_HEADER], log[at + FRAME_HEADER :][:size]
        yield Frame(int.from_bytes(head[:4], "big"), any(head[4:8]), image)


def rows_by_commit(log: bytes) -> list[set[tuple[Value, ...]]]:
    """Return for each transaction the rows it wrote on leaf pages, none left out."""
    seen: set[tuple[Value, ...]] = set()
    commits: list[set[tuple[Value, ...]]] = [set()]
    for frame in frames(log):
        if frame.image[0] in (INDEX_LEAF, TABLE_LEAF):
            cells = cells_on(frame.page, frame.image, lambda _: bytes(4))
            rows = {cell.row for cell in cells}
            commits[-1] |= rows - seen
            seen |= rows
        if frame.ends:
            commits.append(set())
    return commits[:-1]
