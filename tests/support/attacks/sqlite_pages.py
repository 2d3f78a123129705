"""A stolen SQLite file, read page by page below SQL.

Written from the file format's description (sqlite.org/fileformat2.html): the content of
a b-tree page grows from its end downwards, so that the cell that lies highest was
written first, whatever its key.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Value = int | float | str | bytes | None
Fetch = Callable[[int], bytes]

INDEX_NODE, TABLE_NODE, INDEX_LEAF, TABLE_LEAF = 2, 5, 10, 13


@dataclass(frozen=True)
class Cell:
    """One row where it lies; a table without rowid keeps rows in inner pages too."""

    page: int
    offset: int
    row: tuple[Value, ...]
    overflow: tuple[int, ...]
    """The pages its end was moved to, in order."""


def opened(data: bytes) -> sqlite3.Connection:
    """Return a connection to a copy of a stolen file, without its write-ahead log."""
    connection = sqlite3.connect(":memory:")
    # Bytes 18 and 19 ask for a write-ahead log, which a copy in memory cannot have.
    connection.deserialize(data[:18] + b"\x01\x01" + data[20:])
    return connection


def scanned(data: bytes, query: str) -> list[tuple[Value, ...]]:
    """Return what a query gives, in the order in which SQLite finds it."""
    connection = opened(data)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def page_size(data: bytes) -> int:
    """Return the size of a page in bytes."""
    return int.from_bytes(data[16:18], "big") % 65535 or 65536


def page_of(data: bytes, number: int) -> bytes:
    """Return a page; the first has the number 1."""
    size = page_size(data)
    return data[(number - 1) * size : number * size]


def free_pages(data: bytes) -> list[bytes]:
    """Return what stands on every page that is in no table; some list the others."""
    pages, trunk = [], int.from_bytes(data[32:36], "big")
    while trunk:
        page = page_of(data, trunk)
        end = 8 + 4 * int.from_bytes(page[4:8], "big")
        listed = [int.from_bytes(page[at : at + 4], "big") for at in range(8, end, 4)]
        pages += [page[end:], *(page_of(data, number) for number in listed)]
        trunk = int.from_bytes(page[:4], "big")
    return pages


def cells_of(data: bytes, table: str) -> list[Cell]:
    """Return every row of a table or index with the place where it lies."""
    query = f"SELECT rootpage FROM sqlite_master WHERE name = '{table}'"  # noqa: S608 -- a name written in a test
    ((root,),) = scanned(data, query)
    return list(_below(int(str(root)), lambda number: page_of(data, number)))


def in_written_order(cells: list[Cell]) -> list[Cell]:
    """Return the cells page by page, the one written first on a page first."""
    return sorted(cells, key=lambda cell: (cell.page, -cell.offset))


def _below(number: int, fetch: Fetch) -> Iterator[Cell]:
    page = fetch(number)
    start = 100 if number == 1 else 0
    if page[start] in (INDEX_NODE, TABLE_NODE):
        for offset in offsets(page, start):
            yield from _below(int.from_bytes(page[offset : offset + 4], "big"), fetch)
        yield from _below(int.from_bytes(page[start + 8 : start + 12], "big"), fetch)
    if page[start] != TABLE_NODE:
        yield from cells_on(number, page, fetch)


def offsets(page: bytes, start: int = 0) -> list[int]:
    """Return where the cells of a page begin, in key order."""
    count = int.from_bytes(page[start + 3 : start + 5], "big")
    first = start + (12 if page[start] in (INDEX_NODE, TABLE_NODE) else 8)
    return [
        int.from_bytes(page[at : at + 2], "big")
        for at in range(first, first + 2 * count, 2)
    ]


def cells_on(number: int, page: bytes, fetch: Fetch) -> list[Cell]:
    """Return the rows that lie on one page; `fetch` gives overflow pages."""
    start = 100 if number == 1 else 0
    return [_cell(number, page, at, fetch) for at in offsets(page, start)]


def _cell(number: int, page: bytes, at: int, fetch: Fetch) -> Cell:
    kind = page[100 if number == 1 else 0]
    after_child = at + 4 if kind == INDEX_NODE else at
    length, begin = _varint(page, after_child)
    if kind == TABLE_LEAF:
        _, begin = _varint(page, begin)
    local = _local_size(length, len(page), rowid=kind == TABLE_LEAF)
    payload, overflow = page[begin : begin + local], []
    following = page[begin + local : begin + local + 4] if local < length else b""
    while number_of := int.from_bytes(following, "big"):
        overflow.append(number_of)
        spilt = fetch(number_of)
        payload, following = payload + spilt[4:], spilt[:4]
    return Cell(number, at, _record(payload[:length]), tuple(overflow))


def _local_size(length: int, usable: int, *, rowid: bool) -> int:
    """Return how many bytes of a payload stay on its page."""
    most = usable - 35 if rowid else (usable - 12) * 64 // 255 - 23
    if length <= most:
        return length
    least = (usable - 12) * 32 // 255 - 23
    kept = least + (length - least) % (usable - 4)
    return kept if kept <= most else least


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes and where it ends."""
    value = 0
    for step in range(8):
        byte = data[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    return value << 8 | data[at + 8], at + 9


def _record(payload: bytes) -> tuple[Value, ...]:
    end, at = _varint(payload, 0)
    kinds, body, row = [], end, []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    for kind in kinds:
        size = _size(kind)
        row.append(_value(kind, payload[body : body + size]))
        body += size
    return tuple(row)


def _size(kind: int) -> int:
    return (kind - 12) // 2 if kind >= 12 else (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)[kind]


def _value(kind: int, body: bytes) -> Value:
    if kind >= 12:
        return body.decode() if kind % 2 else body
    if kind == 0:
        return None
    return kind - 8 if kind in (8, 9) else int.from_bytes(body, "big", signed=True)
