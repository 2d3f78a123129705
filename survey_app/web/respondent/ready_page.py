"""Respondents' pages as ready bytes, drawn once for everybody they look the same to.

What differs from one serving to the next is short and known by its place: the subject's
name, the submission id, the receipt. The parts between are compressed once; what is
filled in, and all that follows the last gap, is sent as it is: DEFLATE allows stored
blocks (RFC 1951, 3.2.4), and the checksum is carried on over them. So a city of 4,800
codes has a handful of pages, however many it serves.
"""

import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from survey_app.waiting import Flights

MOST_PAGES = 256
"""Pages kept in one process, about 25 KB each; the longest unused one leaves first."""
_GZIP_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
_RAW_WINDOW = -15


@dataclass(frozen=True, slots=True)
class ReadyPage:
    """A page with gaps, plain and compressed."""

    parts: tuple[bytes, ...]
    """What stands between the gaps: one part more than gaps."""
    compressed: tuple[bytes, ...]
    """All but the last part, each by itself, ending where a block may begin."""
    checksum: int
    """The CRC-32 of the first part."""

    @classmethod
    def of(cls, html: str, *gaps: str) -> Self:
        """Return the page whose gaps are marked by these texts, in this order.

        Raises ValueError where one is not there, or not once.
        """
        ends = [html.index(gap) for gap in gaps]
        starts = [0, *(end + len(gap) for end, gap in zip(ends, gaps, strict=True))]
        if ends != sorted(ends) or any(html.count(gap) != 1 for gap in gaps):
            raise ValueError("a gap stands in its place and nowhere else")
        cuts = zip(starts, [*ends, len(html)], strict=True)
        parts = tuple(html[start:end].encode() for start, end in cuts)
        compressed = [_squeezed(part) for part in parts[:-1]]
        compressed[0] = _GZIP_HEADER + compressed[0]
        return cls(parts, tuple(compressed), zlib.crc32(parts[0]))

    def plain(self, *fillings: bytes) -> bytes:
        """Return the page with its gaps filled."""
        pieces = [self.parts[0]]
        for filling, part in zip(fillings, self.parts[1:], strict=True):
            pieces += filling, part
        return b"".join(pieces)

    def gzipped(self, *fillings: bytes) -> bytes:
        """Return the same as a gzip file; a filling has at most 65,535 bytes.

        So has what follows the last gap together with the last filling.
        """
        checksum, size = self.checksum, len(self.parts[0])
        pieces = [self.compressed[0]]
        *first, last = fillings
        for filling, part, squeezed in zip(
            first, self.parts[1:-1], self.compressed[1:], strict=True
        ):
            pieces += _stored(filling, last=0), filling, squeezed
            checksum = zlib.crc32(part, zlib.crc32(filling, checksum))
            size += len(filling) + len(part)
        rest = last + self.parts[-1]
        whole = struct.pack("<LL", zlib.crc32(rest, checksum), size + len(rest))
        pieces += _stored(rest, last=1), rest, whole
        return b"".join(pieces)


def _squeezed(part: bytes) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, _RAW_WINDOW, 9)
    return squeeze.compress(part) + squeeze.flush(zlib.Z_SYNC_FLUSH)


def _stored(raw: bytes, *, last: int) -> bytes:
    """Return the head of a block of bytes that are not compressed."""
    return struct.pack("<BHH", last, len(raw), len(raw) ^ 0xFFFF)


class ReadyPages:
    """The pages that were asked for lately."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[tuple[object, ...], ReadyPage]] = (
            OrderedDict()
        )
        self._flights = Flights()

    def __len__(self) -> int:
        return len(self._kept)

    def of(
        self,
        key: Hashable,
        says: tuple[object, ...],
        draw: Callable[[], ReadyPage],
    ) -> ReadyPage:
        """Return the page of this key, drawn anew only where it says something else.

        Equal `says` draw equal pages. A crowd that asks for one page has it drawn once.
        """
        kept = self._kept.get(key)
        # Comparing the same objects with themselves is quick; hashing them is not.
        if kept is None or kept[0] != says:
            kept = self._flights.once(key, lambda: (says, draw()))
            self._kept[key] = kept
            if len(self._kept) > MOST_PAGES:
                self._kept.popitem(last=False)
        with suppress(KeyError):  # somebody else let it leave meanwhile
            self._kept.move_to_end(key)
        return kept[1]
