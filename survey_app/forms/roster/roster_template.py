"""The empty roster workbook: headings, a hint in every cell, drop-downs."""

from collections.abc import Collection, Mapping, Sequence
from io import BytesIO
from typing import Any

from survey_app.appraisal.roster.roster_sheets import (
    ADJUSTMENTS,
    CADRES,
    POSTS,
    SHEETS,
    VALUES,
    SheetForm,
)
from survey_app.domain.scheme.scheme import Component
from survey_app.domain.scoring.proposal import KINDS

LAST_ROW = 2000
"""Down to which row the cells are prepared; more rows may be filled in."""

Choices = Mapping[tuple[str, str], Sequence[str]]
"""(Sheet, column) → the words its drop-down offers."""


def roster_template(
    cycles: Sequence[str],
    components: Sequence[Component],
    *,
    adjusted: Mapping[str, Sequence[str]],
    language: str,
) -> bytes:
    """Return the .xlsx file, with these cycles and components to choose from.

    `adjusted` are the cycles that take bonuses or deductions, each with the kinds it
    takes; without any there is no sheet for them.
    """
    kinds = {kind for some in adjusted.values() for kind in some}
    labels = (component.label.in_language(language) for component in components)
    choices: Choices = {
        (CADRES.key, "post"): [name.in_language(language) for name in POSTS.values()],
        (VALUES.key, "cycle"): cycles,
        (VALUES.key, "component"): list(dict.fromkeys(labels)),
        (ADJUSTMENTS.key, "cycle"): list(adjusted),
        (ADJUSTMENTS.key, "kind"): [
            name.in_language(language) for key, name in KINDS.items() if key in kinds
        ],
    }
    import xlsxwriter  # noqa: PLC0415 -- most processes never write a workbook

    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    offered = {what: words for what, words in choices.items() if words}
    for form in sheets_for(adjusted):
        _add_sheet(book, form, _sources(offered), language)
    _add_choices(book, offered)
    book.close()
    return content.getvalue()


def sheets_for(adjusted: Collection[str]) -> tuple[SheetForm, ...]:
    """Return the sheets of the template: adjustments only where a cycle takes any."""
    return tuple(form for form in SHEETS if adjusted or form is not ADJUSTMENTS)


def _add_sheet(
    book: Any, form: SheetForm, sources: Mapping[tuple[str, str], str], language: str
) -> None:
    """Add one sheet with its headings; a star marks what must be filled in."""
    sheet = book.add_worksheet(form.name.in_language(language))
    bold = book.add_format({"bold": True, "bg_color": "#E9F0F8", "bottom": 1})
    # Text, so that 007 stays 007 and 93.20 stays what was typed.
    text = book.add_format({"num_format": "@"})
    for place, column in enumerate(form.columns):
        heading = column.heading.in_language(language)
        sheet.write_string(0, place, heading + (" *" if column.needed else ""), bold)
        sheet.set_column(place, place, 20, text)
        source = sources.get((form.key, column.key))
        # Other words may still be written; they are checked when the file is sent.
        choice = {"validate": "list", "source": source, "error_type": "information"}
        example = f"\n{column.example}" if column.example else ""
        hint = {
            "input_title": heading[:32],
            "input_message": (column.note.in_language(language) + example)[:255],
        }
        rule = choice if source else {"validate": "any"}
        sheet.data_validation(1, place, LAST_ROW, place, rule | hint)
    sheet.freeze_panes(1, 0)


def _sources(choices: Choices) -> dict[tuple[str, str], str]:
    """Return where on the hidden sheet the words of each drop-down stand."""
    return {
        what: f"='_'!${letter}$1:${letter}${len(words)}"
        for letter, (what, words) in zip("ABCDEF", choices.items(), strict=False)
    }


def _add_choices(book: Any, choices: Choices) -> None:
    """Add the hidden sheet of the drop-downs' words, a column each."""
    sheet = book.add_worksheet("_")
    for place, words in enumerate(choices.values()):
        for row, word in enumerate(words):
            sheet.write_string(row, place, word)
    sheet.hide()
