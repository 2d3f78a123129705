"""One worksheet → its cells that hold something, each with what its author sees.

Cells, rows and columns are counted as they are read. Empty ones cost nothing: offices
format whole columns down to the last row.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from survey_app.domain.ground.file_faults import WorkbookRefused
from survey_app.domain.ground.remark import remark
from survey_app.forms.workbook.markup import Attributes, is_set, read_markup

MOST_ROWS, MOST_COLUMNS = 20_000, 100
MOST_CELLS = 300_000
MOST_MERGED = 20_000
LONGEST_KEPT = 1_000
"""Characters of one cell; whoever reads it finds it too long anyway."""
PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", re.ASCII)
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(slots=True)
class RawCell:
    """A cell as the file has it."""

    kind: str
    """The type the file names; n where it names none."""
    style: int
    written: str = ""
    has_formula: bool = False
    has_value: bool = False
    """Whether the file names a value at all; a formula's may be an empty text."""


@dataclass(frozen=True, slots=True)
class Area:
    """Some merged cells, first and last row and column, from 1 on."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class RawSheet:
    """What a worksheet holds; rows and columns from 1 on."""

    cells: dict[tuple[int, int], RawCell] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Area] = field(default_factory=list)


class _SheetReader:
    """Takes a worksheet element by element."""

    def __init__(self, name: str, room: int) -> None:
        self.sheet = RawSheet()
        self._name, self._room = name, room
        self._row = self._column = 0
        self._cell: RawCell | None = None
        self._text: list[str] | None = None
        self._length = 0
        self._skipped = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """Take a row, a cell, a merged area or a hidden column."""
        if name == "row":
            self._row = _number(attributes.get("r"), self._row + 1)
            self._column = 0
            if _is_hidden(attributes, "ht") and self._row <= MOST_ROWS:
                self.sheet.hidden_rows.add(self._row)
        elif name == "c":
            self._begin_cell(attributes)
        elif self._cell is not None:
            self._within_cell(name)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "col" and _is_hidden(attributes, "width"):
            first = _number(attributes.get("min"), 1)
            last = _number(attributes.get("max"), first)
            self.sheet.hidden_columns.update(range(first, min(last, MOST_COLUMNS) + 1))

    def end(self, name: str) -> None:
        """Keep the cell that ends, where it holds anything."""
        cell = self._cell
        if cell is None:
            return
        if name == "c":
            self._cell = None
            if cell.written or cell.has_formula:
                self._keep(cell)
        elif name == "rPh":
            self._skipped -= 1
        elif name in {"v", "t"} and self._text is not None:
            cell.written += "".join(self._text)
            self._text = None

    def text(self, text: str) -> None:
        """Take the text of a value, not more of it than anybody writes."""
        if self._text is not None and self._length <= LONGEST_KEPT:
            self._length += len(text)
            self._text.append(text[: LONGEST_KEPT + 1])

    def _begin_cell(self, attributes: Attributes) -> None:
        said = PLACE.fullmatch(attributes.get("r", ""))
        if said is None:
            self._column += 1
        else:
            self._column, self._row = column_number(said[1]), int(said[2])
        style = _number(attributes.get("s"), 0)
        self._cell = RawCell(attributes.get("t", "n"), style)
        self._length = self._skipped = 0

    def _within_cell(self, name: str) -> None:
        if name == "v" and self._cell is not None:
            self._cell.has_value = True
        if name == "rPh":  # how it is pronounced; not what is written
            self._skipped += 1
        elif name in {"v", "t"} and not self._skipped:
            self._text = []
        elif name == "f" and self._cell is not None:
            self._cell.has_formula = True

    def _keep(self, cell: RawCell) -> None:
        """Keep the cell; raises WorkbookRefused beyond the limits."""
        if self._row > MOST_ROWS or self._column > MOST_COLUMNS:
            where = f"{self._name}!{letters_of(self._column)}{self._row}"
            outside = remark("roster-too-large", rows=MOST_ROWS, columns=MOST_COLUMNS)
            raise WorkbookRefused(outside, where)
        self._room -= 1
        if self._room < 0:
            too_many = remark("roster-too-many-cells", most=MOST_CELLS)
            raise WorkbookRefused(too_many, self._name)
        if self._row < 1 or (self._row, self._column) in self.sheet.cells:
            raise WorkbookRefused(remark("roster-not-a-workbook"))
        self.sheet.cells[self._row, self._column] = cell

    def _merge(self, said: str) -> None:
        first, _, last = said.partition(":")
        start, stop = PLACE.fullmatch(first), PLACE.fullmatch(last or first)
        if start is None or stop is None:
            return
        (left, top), (right, bottom) = start.groups(), stop.groups()
        area = Area(int(top), column_number(left), int(bottom), column_number(right))
        self.sheet.merged.append(area)
        if len(self.sheet.merged) > MOST_MERGED:
            too_many = remark("roster-too-many-merged", most=MOST_MERGED)
            raise WorkbookRefused(too_many, self._name)


def raw_sheet(pieces: Iterable[bytes], name: str, *, room: int) -> RawSheet:
    """Return the sheet; raises WorkbookRefused for more cells than `room`."""
    reader = _SheetReader(name, room)
    read_markup(pieces, reader)
    return reader.sheet


class _Strings:
    """Takes those shared strings that are wanted."""

    def __init__(self, wanted: set[int]) -> None:
        self.found: dict[int, str] = {}
        self._wanted = wanted
        self._number = -1
        self._text: list[str] | None = None
        self._skipped = 0
        self._within = False

    def start(self, name: str, _attributes: Attributes) -> None:
        """Count the strings; how one is pronounced is no part of it."""
        if name == "si":
            self._number += 1
            if self._number in self._wanted:
                self.found[self._number] = ""
        elif name == "rPh":
            self._skipped += 1
        elif name == "t" and not self._skipped and self._number in self.found:
            self._text = []

    def end(self, name: str) -> None:
        """Keep what was read of this string."""
        if name == "rPh":
            self._skipped -= 1
        elif name == "t" and self._text is not None:
            kept = self.found[self._number] + "".join(self._text)
            self.found[self._number] = kept[: LONGEST_KEPT + 1]
            self._text = None

    def text(self, text: str) -> None:
        """Take some text."""
        if self._text is not None and len(self._text) <= LONGEST_KEPT:
            self._text.append(text[: LONGEST_KEPT + 1])


def shared_strings(pieces: Iterable[bytes], wanted: set[int]) -> dict[int, str]:
    """Return number → text of the wanted strings that are there."""
    strings = _Strings(wanted)
    read_markup(pieces, strings)
    return strings.found


def unescaped(text: str) -> str:
    """Return the text with _x000D_ and its like as the characters they stand for."""
    plain = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def spread(sheet: RawSheet) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield each empty cell of a merged area and the cell that shows in it.

    Only within the rows and columns that hold anything.
    """
    last_row = max((row for row, _ in sheet.cells), default=0)
    last_column = max((column for _, column in sheet.cells), default=0)
    room = MOST_CELLS
    for area in sheet.merged:
        first = area.top, area.left
        if first not in sheet.cells:
            continue
        for row in range(area.top, min(area.bottom, last_row) + 1):
            for column in range(area.left, min(area.right, last_column) + 1):
                room -= 1
                if room < 0:
                    raise WorkbookRefused(
                        remark("roster-too-many-cells", most=MOST_CELLS)
                    )
                if (row, column) not in sheet.cells:
                    yield (row, column), first


def _is_hidden(attributes: Attributes, extent: str) -> bool:
    """Return whether a row or column is hidden, or so narrow that nobody sees it."""
    return is_set(attributes, "hidden") or attributes.get(extent) in {"0", "0.0"}


def _number(text: str | None, otherwise: int) -> int:
    """Return a whole number of at most seven digits, or what else it is."""
    if text and len(text) <= 7 and text.isascii() and text.isdecimal():
        return int(text)
    return otherwise


def column_number(letters: str) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def letters_of(number: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters
