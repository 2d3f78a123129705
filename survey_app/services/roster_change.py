"""What an import does to one row of the tables, as a value to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from survey_app.domain.bilingual import Bilingual
from survey_app.domain.roster.roster import Row
from survey_app.domain.roster.roster_sheets import SheetForm


class Happens(StrEnum):
    """What becomes of a row of the workbook."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that differs from what is kept."""

    column: str
    """Key of the column; see domain.roster_sheets."""
    before: str | Bilingual
    after: str | Bilingual


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one row of the workbook."""

    happens: Happens
    form: SheetForm
    row: Row
    name: Bilingual
    """Who or what the row is about."""
    differences: tuple[Difference, ...] = ()
    """Of a new row: every cell, before which there was nothing."""
    is_rated: bool = False
    """Whether a survey about it has opened: results stay as they were frozen."""

    @property
    def cells(self) -> tuple[Difference, ...]:
        """Every cell of the row as it will be kept, in the order of the sheet."""
        kept = {one.column: one for one in self.differences}
        return tuple(
            kept.get(column.key, Difference(column.key, "", self.row.text(column.key)))
            for column in self.form.columns
        )

    @property
    def renames(self) -> bool:
        """Whether it bears another name afterwards: perhaps it is somebody else."""
        named = any(one.column == "name" for one in self.differences)
        return named and self.happens is Happens.CHANGED


def change(
    form: SheetForm,
    row: Row,
    name: Bilingual,
    *,
    before: Mapping[str, str | Bilingual] | None,
    after: Mapping[str, str | Bilingual],
    is_rated: bool = False,
) -> Change:
    """Return what happens; `before` is None where nothing was kept."""
    if before is None:
        new = tuple(Difference(column, "", text) for column, text in after.items())
        return Change(Happens.ADDED, form, row, name, new)
    differences = tuple(
        Difference(column, before[column], text)
        for column, text in after.items()
        if before[column] != text
    )
    happens = Happens.CHANGED if differences else Happens.SAME
    return Change(happens, form, row, name, differences, is_rated)
