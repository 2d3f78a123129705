"""The formats of a workbook's cells, by the number each cell names."""

from collections.abc import Iterable

from survey_app.forms.workbook.markup import Attributes, read_markup
from survey_app.forms.workbook.number_format import BUILT_IN, GENERAL

UNKNOWN = "[?]"
"""Stands for a format that a cell names and the workbook does not have."""
LONGEST_FORMAT = 255


class Formats:
    """Which format a cell has; filled while the part is read."""

    def __init__(self) -> None:
        self._codes: dict[int, str] = dict(BUILT_IN)
        self._cells: list[int] = []
        self._among_cells = False

    def of(self, style: int) -> str:
        """Return the format of the cells with this style."""
        if not self._cells and style == 0:
            return GENERAL
        if not 0 <= style < len(self._cells):
            return UNKNOWN
        code = self._codes.get(self._cells[style], UNKNOWN)
        return code if len(code) <= LONGEST_FORMAT else UNKNOWN

    def start(self, name: str, attributes: Attributes) -> None:
        """Take the formats, and which of them each style uses."""
        if name == "numFmt":
            number = _number(attributes.get("numFmtId"))
            self._codes[number] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._among_cells = True
        elif name == "xf" and self._among_cells:
            self._cells.append(_number(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        """Notice the end of the cells' styles."""
        if name == "cellXfs":
            self._among_cells = False

    def text(self, _text: str) -> None:
        """Styles have no text."""


def formats_in(pieces: Iterable[bytes]) -> Formats:
    """Return the formats of a part of styles; raises WorkbookRefused."""
    formats = Formats()
    read_markup(pieces, formats)
    return formats


def _number(text: str | None) -> int:
    """Return a whole number; -1 for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() else -1
