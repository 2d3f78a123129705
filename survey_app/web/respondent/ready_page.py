"""A respondent's page as ready bytes, drawn once for everybody who scans a code.

Only the submission id differs from one serving to the next. It stands near the end, so
the long part before it is compressed once and the short part after it is sent as it is:
DEFLATE allows stored blocks (RFC 1951, 3.2.4), and the checksum continues from where
the long part left it.
"""

import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Self

from survey_app.forms.answer_form import AnswerForm
from survey_app.survey.channels import OpenChannel
from survey_app.web.look import Look
from survey_app.web.respondent.question_page import draw, new_submission

MOST_PAGES = 256
"""Pages kept in one process, about 20 KB each; the longest unused one leaves first."""
_GZIP_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
_GZIP_WINDOW, _RAW_WINDOW = 31, -15


@dataclass(frozen=True, slots=True)
class ReadyPage:
    """A page with one gap, plain and compressed."""

    before: bytes
    after: bytes
    compressed: bytes
    """`before`, compressed, ending where a block may begin."""
    checksum: int
    """The CRC-32 of `before`."""

    @classmethod
    def of(cls, html: str, *, gap: str) -> Self:
        """Return the page whose gap is marked by this text, which occurs once."""
        before, after = html.encode().split(gap.encode())
        squeeze = zlib.compressobj(9, zlib.DEFLATED, _RAW_WINDOW, 9)
        compressed = squeeze.compress(before) + squeeze.flush(zlib.Z_SYNC_FLUSH)
        return cls(before, after, _GZIP_HEADER + compressed, zlib.crc32(before))

    def plain(self, filling: bytes) -> bytes:
        """Return the page with its gap filled."""
        return self.before + filling + self.after

    def gzipped(self, filling: bytes) -> bytes:
        """Return the same as a gzip file; the rest may have at most 65,535 bytes."""
        rest = filling + self.after
        stored = struct.pack("<BHH", 1, len(rest), len(rest) ^ 0xFFFF)
        whole = struct.pack(
            "<LL", zlib.crc32(rest, self.checksum), len(self.before) + len(rest)
        )
        return self.compressed + stored + rest + whole


class ReadyPages:
    """The pages that were asked for lately."""

    def __init__(self, draw: Callable[[OpenChannel, Look], ReadyPage]) -> None:
        self._draw = draw
        self._kept: OrderedDict[tuple[str, Look], tuple[OpenChannel, ReadyPage]] = (
            OrderedDict()
        )
        self._lock = Lock()

    def of(self, channel: OpenChannel, look: Look) -> ReadyPage:
        """Return the page of a channel, drawn anew only where the channel changed."""
        key = (channel.code, look)
        with self._lock:
            drawn_for, page = self._kept.pop(key, (None, None))
            # Comparing the same object with itself is quick; hashing it is not.
            if page is None or not (drawn_for is channel or drawn_for == channel):
                page = self._draw(channel, look)
            self._kept[key] = (channel, page)
            if len(self._kept) > MOST_PAGES:
                self._kept.popitem(last=False)
        return page


def drawn(channel: OpenChannel, _: Look) -> ReadyPage:
    """Return the ready page of a channel in the look of this request."""
    gap = new_submission()
    return ReadyPage.of(draw(channel, AnswerForm.fresh(gap), fresh=True), gap=gap)
