"""The parts of a workbook, unpacked piece by piece and measured as they come out.

What a file says of its own size is no measure: a few kilobytes can claim little and
unpack to gigabytes. Only the parts that are needed are unpacked at all.
"""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from survey_app.domain.ground.file_faults import WorkbookRefused
from survey_app.domain.ground.remark import remark

LARGEST_UNPACKED = 100 * 1024 * 1024
"""Bytes of all parts that are read; a roster of 20,000 rows needs a tenth."""
MOST_PARTS = 2_000
PIECE = 64 * 1024
HOLDS_NO_BOMB = {ZIP_STORED, ZIP_DEFLATED}
"""The two ways of packing that workbooks use, and that unpack piece by piece."""
DAMAGED = (
    BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError,
    ValueError, KeyError, OSError,
)  # fmt: skip
"""What reading a damaged package can raise."""


class Parts:
    """The parts of one package; no more than `LARGEST_UNPACKED` ever comes out."""

    def __init__(self, content: bytes) -> None:
        """Open the package; raises WorkbookRefused for what is none, or suspicious."""
        try:
            self._file = ZipFile(BytesIO(content))
        except DAMAGED as error:
            raise WorkbookRefused(remark("roster-not-a-workbook")) from error
        listed = self._file.infolist()
        if len(listed) > MOST_PARTS:
            raise WorkbookRefused(remark("roster-too-many-parts", most=MOST_PARTS))
        self._named: dict[str, ZipInfo] = {}
        for part in listed:
            name = _plain(part.filename)
            if name in self._named:
                raise WorkbookRefused(remark("roster-not-a-workbook"))
            self._named[name] = part
        self._left = LARGEST_UNPACKED

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._named

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield one part piece by piece.

        Raises WorkbookRefused where it is missing, damaged, locked or too large.
        """
        part = self._named.get(_plain(name))
        if part is None or part.compress_type not in HOLDS_NO_BOMB:
            raise WorkbookRefused(remark("roster-not-a-workbook"))
        if part.flag_bits & 1:
            raise WorkbookRefused(remark("roster-locked"))
        try:
            with self._file.open(part) as stream:
                while piece := stream.read(PIECE):
                    self._left -= len(piece)
                    if self._left < 0:
                        most = LARGEST_UNPACKED // (1024 * 1024)
                        too_large = remark("roster-unpacks-too-large", most=most)
                        raise WorkbookRefused(too_large)
                    yield piece
        except DAMAGED as error:
            raise WorkbookRefused(remark("roster-not-a-workbook")) from error


def _plain(name: str) -> str:
    """Return a part's name as it is compared: no leading stroke, in any case."""
    return name.replace("\\", "/").lstrip("/").casefold()
