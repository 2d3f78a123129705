"""An uploaded workbook → the rows of a roster.

Whatever stands in a cell is taken as its author sees it, or refused by its address.
What is not read is listed: nothing vanishes without a line.

Called in a process of its own; see forms.roster_apart.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from survey_app.appraisal.roster.roster import CellFault, RosterSheets, Row
from survey_app.appraisal.roster.roster_sheets import SHEETS, RosterColumn, SheetForm
from survey_app.domain.ground.clean_text import has_private_characters
from survey_app.domain.ground.file_faults import WorkbookRefused
from survey_app.domain.ground.look_alike import squeezed
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.ground.written_value import tidy
from survey_app.domain.questionnaire.questionnaire import listed
from survey_app.forms.workbook.book import ShownBook, ShownCell, ShownSheet, shown_book
from survey_app.forms.workbook.sheet import letters_of

TITLES_ABOVE = 10
"""Rows among which the headings are looked for: titles may stand above them."""
REMARK = re.compile(r"\([^()]*\)$")
OWN_CHOICES = "_"
"""The template's hidden sheet with the words of its drop-downs."""


def roster_sheets(content: bytes) -> RosterSheets:
    """Return the rows of the sheets we know, what is wrong, and what was left aside."""
    try:
        book = shown_book(content, wants=lambda name: _form_called(name) is not None)
    except WorkbookRefused as refused:
        return RosterSheets({}, (CellFault(refused.where, refused.what),))
    if not book.sheets:
        return RosterSheets({}, (_no_sheet(book),))
    ours, faults, notes = _one_of_each(book)
    readings = [_SheetReading(form, sheet) for form, sheet in ours]
    rows = {one.form.key: one.rows() for one in readings}
    return RosterSheets(
        rows,
        faults=(*faults, *(fault for one in readings for fault in one.faults)),
        notes=(*notes, *(note for one in readings for note in one.all_notes())),
    )


def _form_called(name: str) -> SheetForm | None:
    """Return the form whose name the sheet bears, in either language."""
    called = squeezed(name)
    for form in SHEETS:
        if called in (form.name.zh, squeezed(form.name.en)):
            return form
    return None


def _no_sheet(book: ShownBook) -> CellFault:
    """Return that none of our sheets is there, and which are."""
    names = listed(tuple(form.name for form in SHEETS))
    found = "、".join(sheet.name for sheet in book.others[:10])
    return CellFault("", remark("roster-no-sheet", sheets=names, found=found or "—"))


def _one_of_each(
    book: ShownBook,
) -> tuple[list[tuple[SheetForm, ShownSheet]], list[CellFault], list[CellFault]]:
    """Return the sheets to be read, what is wrong among them, and those left aside."""
    ours: dict[str, tuple[SheetForm, ShownSheet]] = {}
    faults = []
    for sheet in book.sheets:
        form = _form_called(sheet.name)
        if form is None:
            continue
        if sheet.is_hidden and sheet.cells:
            faults.append(CellFault(sheet.name, remark("roster-hidden-sheet")))
        elif form.key in ours:
            other = ours[form.key][1].name
            faults.append(
                CellFault(sheet.name, remark("roster-sheet-twice", other=other))
            )
        elif not sheet.is_hidden:
            ours[form.key] = form, sheet
    aside = [
        CellFault(sheet.name, remark("roster-sheet-not-read"))
        for sheet in book.others
        if not (sheet.is_hidden and sheet.name == OWN_CHOICES)
    ]
    return list(ours.values()), faults, aside


@dataclass(slots=True)
class _SheetReading:
    """One sheet while it is read."""

    form: SheetForm
    sheet: ShownSheet
    faults: list[CellFault] = field(default_factory=list)
    notes: list[CellFault] = field(default_factory=list)
    rounded: dict[str, list[tuple[str, ShownCell]]] = field(default_factory=dict)
    """Column → cells of which fewer digits are shown than they hold."""

    def rows(self) -> tuple[Row, ...]:
        """Return the rows below the headings; what is wrong is kept beside them."""
        heading, places = self._headings()
        missing = [c for c in self.form.columns if c.needed and c.key not in places]
        for column in missing:
            what = remark("roster-no-heading", column=column.heading)
            self._wrong(f"{heading}", what)
        if missing:
            return ()
        self._note_columns(heading, places)
        return tuple(self._rows(heading, places))

    def all_notes(self) -> Iterator[CellFault]:
        """Yield what was left aside, and where a number was read as it is shown."""
        yield from self.notes
        for where, first in ((at[0], at) for at in self.rounded.values()):
            address, cell = where
            yield CellFault(
                f"{self.sheet.name}!{address}",
                remark(
                    "roster-read-as-shown",
                    shown=cell.text,
                    kept=cell.rounded_from,
                    cells=len(first),
                ),
            )

    def _headings(self) -> tuple[int, dict[str, int]]:
        """Return the row of the headings, and column key → place in it."""
        texts: dict[int, dict[int, str]] = {}
        for (row, place), cell in sorted(self.sheet.cells.items()):
            if row <= TITLES_ABOVE:
                words = squeezed(cell.text).strip("*:")
                texts.setdefault(row, {})[place] = words
        found = {row: dict(_found(self.form, words)) for row, words in texts.items()}
        heading = max(found, key=lambda row: (len(found[row]), -row), default=1)
        for key, places in found.get(heading, {}).items():
            if len(places) > 1:
                twice = " · ".join(f"{letters_of(p)}{heading}" for p in places)
                column = self.form.column(key).heading
                what = remark("roster-heading-twice", column=column, cells=twice)
                self._wrong(f"{letters_of(places[1])}{heading}", what)
        return heading, {key: at[0] for key, at in found.get(heading, {}).items()}

    def _note_columns(self, heading: int, places: Mapping[str, int]) -> None:
        """Say which columns are hidden, absent, or not read."""
        for column in self.form.columns:
            if column.key not in places:
                what = remark("roster-column-absent", column=column.heading)
                self._note("", what)
            elif places[column.key] in self.sheet.hidden_columns:
                what = remark("roster-hidden-column", column=column.heading)
                self._wrong(letters_of(places[column.key]), what)
        self._note_aside(heading, set(places.values()))

    def _note_aside(self, heading: int, ours: set[int]) -> None:
        """Say which columns hold something that is not read, and which rows above."""
        aside: dict[int, str] = {}
        for (row, place), cell in sorted(self.sheet.cells.items()):
            if row >= heading and place not in ours and _says(cell):
                aside.setdefault(place, tidy(cell.text) if row == heading else "")
        for place, words in sorted(aside.items()):
            what = remark("roster-column-not-read", heading=words[:40] or "—")
            self._note(letters_of(place), what)
        above = {row for (row, _), cell in self.sheet.cells.items() if row < heading}
        for row in sorted(above):
            said = [c for (at, _), c in self.sheet.cells.items() if at == row]
            if sum(map(_says, said)) > 1:
                self._note(f"{row}", remark("roster-row-above"))

    def _rows(self, heading: int, places: Mapping[str, int]) -> Iterator[Row]:
        """Yield every row below the headings in which one of our columns says anything.

        A row that says nothing of its own is empty, whatever is merged over it.
        """
        letters = {key: letters_of(place) for key, place in places.items()}
        ours = set(places.values())
        numbers = {
            row
            for (row, place), cell in self.sheet.cells.items()
            if row > heading and place in ours and _says(cell)
        }
        self._refuse_hidden(sorted(numbers & self.sheet.hidden_rows))
        for number in sorted(numbers):
            texts, broken = {}, set()
            for key, place in places.items():
                cell = self._cell(number, place)
                address = f"{letters[key]}{number}"
                wrong = cell.wrong or _private(cell)
                if wrong:
                    broken.add(key)
                    self._wrong(address, wrong)
                if cell.rounded_from:
                    self.rounded.setdefault(key, []).append((address, cell))
                texts[key] = tidy(cell.text)
            if self._repeats(texts):
                self._note(f"{number}", remark("roster-row-repeats-headings"))
                continue
            yield Row(self.sheet.name, number, texts, letters, frozenset(broken))

    def _repeats(self, texts: Mapping[str, str]) -> bool:
        """Return whether a row is the headings once more, as on every printed page."""
        return all(
            _bare(squeezed(text).strip("*:")) in _names(self.form.column(key))
            for key, text in texts.items()
        )

    def _cell(self, row: int, place: int) -> ShownCell:
        """Return what is seen here: what is merged stands in each cell."""
        at = row, place
        found = self.sheet.cells.get(at)
        if found is None and at in self.sheet.filled:
            found = self.sheet.cells.get(self.sheet.filled[at])
        return found or ShownCell()

    def _refuse_hidden(self, rows: list[int]) -> None:
        """Name the rows that nobody sees and that hold something, run by run."""
        for first, last in _runs(rows):
            where = f"{first}:{last}" if last > first else f"{first}"
            self._wrong(where, remark("roster-hidden-rows"))

    def _wrong(self, where: str, what: Remark) -> None:
        self.faults.append(CellFault(f"{self.sheet.name}!{where}", what))

    def _note(self, where: str, what: Remark) -> None:
        place = f"{self.sheet.name}!{where}" if where else self.sheet.name
        self.notes.append(CellFault(place, what))


def _says(cell: ShownCell) -> bool:
    """Return whether anything is seen in the cell, or should be."""
    return bool(cell.wrong or tidy(cell.text))


def _private(cell: ShownCell) -> Remark | None:
    """Return what is wrong with a text that looks different on every computer."""
    if has_private_characters(cell.text):
        return remark("roster-private-character")
    return None


def _found(
    form: SheetForm, words: Mapping[int, str]
) -> Iterator[tuple[str, list[int]]]:
    """Yield column key → places in this row, for every heading found in it."""
    for column in form.columns:
        names = _names(column)
        places = [place for place, word in words.items() if word in names]
        places = places or [at for at, word in words.items() if _bare(word) in names]
        if places:
            yield column.key, places


def _bare(word: str) -> str:
    """Return a heading without the remark in brackets behind it: 得分（百分制）."""
    return REMARK.sub("", word)


def _names(column: RosterColumn) -> tuple[str, str]:
    return squeezed(column.heading.zh), squeezed(column.heading.en)


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return first and last of each run of numbers that follow one another."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return runs
