"""How large a workbook would become when read: asked before anything reads it.

A few kilobytes can describe a sheet of gigabytes: one cell in the last corner, or
thousands of merged areas. The sheets are read as a stream of XML, cell by cell.
"""

import re
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError, iterparse
from zipfile import BadZipFile, ZipFile

MOST_ROWS, MOST_COLUMNS = 20_000, 100
MOST_MERGED = 1_000
LARGEST_UNPACKED = 100 * 1024 * 1024
"""Bytes; a small file can unpack to a thousand times its size."""
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def is_outsized(content: bytes) -> bool:
    """Return whether the workbook would unpack to more than any roster.

    Raises BadZipFile for what is no .xlsx, other kinds of workbook included.
    """
    with ZipFile(BytesIO(content)) as file:
        if sum(part.file_size for part in file.infolist()) > LARGEST_UNPACKED:
            return True
        parts = [name for name in file.namelist() if name.endswith(".xml")]
        sizes = [_is_outsized_sheet(file.read(name)) for name in parts]
    if not any(size is not None for size in sizes):
        raise BadZipFile
    return any(sizes)


def _is_outsized_sheet(part: bytes) -> bool | None:
    """Return whether this part is a sheet beyond the limits; None: it is no sheet."""
    seen = _Seen()
    try:
        # expat refuses entities that multiply, and nothing outside is ever fetched.
        for event, element in iterparse(BytesIO(part), ("start", "end")):  # noqa: S314 -- as said above
            if event == "end":
                element.clear()
            elif not seen.accepts(element):
                return None if seen.root != "worksheet" else True
    except ParseError as error:
        raise BadZipFile from error
    return False if seen.root == "worksheet" else None


class _Seen:
    """How far a sheet has reached; cells may leave their place unsaid."""

    def __init__(self) -> None:
        self.root = ""
        self.row = self.column = self.merged = 0

    def accepts(self, element: Element) -> bool:
        """Return whether everything up to this element is within the limits."""
        name = element.tag.rpartition("}")[2]
        if not self.root:
            self.root = name
            return name == "worksheet"
        if name == "row":
            self.row, self.column = _number(element.get("r"), self.row + 1), 0
        elif name == "c":
            self._move_to(element.get("r"))
        elif name == "mergeCell":
            self.merged += 1
        inside = self.row <= MOST_ROWS and self.column <= MOST_COLUMNS
        return inside and self.merged <= MOST_MERGED

    def _move_to(self, place: str | None) -> None:
        said = PLACE.fullmatch(place or "")
        if said is None:
            self.column += 1
        else:
            self.column, self.row = column_number(said[1]), int(said[2])


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() else otherwise


def column_number(letters: str) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
