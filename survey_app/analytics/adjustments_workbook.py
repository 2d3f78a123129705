"""A cycle's bonuses and deductions as a workbook: the import's sheet, and its history.

Sent back as an import it changes nothing: every row stands already.
"""

from collections.abc import Callable, Sequence
from datetime import date

from survey_app.analytics.adjustments import AdjustmentLine
from survey_app.analytics.workbook.sheet_writer import Book, Column
from survey_app.appraisal.adjustments import COUNTS, REVERSED, TAKEN_BACK, WAITING
from survey_app.appraisal.roster.roster_sheets import ADJUSTMENTS

NO_DAY = date(2000, 1, 1)
WIDTHS = {"reason": 40, "source": 30}


def adjustments_workbook(
    cycle: str,
    lines: Sequence[AdjustmentLine],
    _: Callable[[str], str],
    language: str,
) -> bytes:
    """Return the .xlsx file, made in memory; its day is the last one on the list."""
    states = {
        WAITING: _("waits for a second person: not counted"),
        COUNTS: _("counts"),
        TAKEN_BACK: _("withdrawn: never counted"),
        REVERSED: _("reversed: counts no more"),
    }
    days = (d for one in lines for d in (one.entered_on, one.confirmed_on) if d)
    book = Book(cycle, made_on=max(days, default=NO_DAY))
    sheet = book.sheet(ADJUSTMENTS.name.in_language(language), _columns(_, language))
    for one in lines:
        cadre = one.subject.cadre if one.subject else None
        sheet.row(
            cycle,
            one.subject.unit.code if one.subject else "",
            cadre.code if cadre else "",
            one.label.in_language(language),
            one.points,
            one.reason,
            one.source,
            one.subject.name if one.subject else "",
            states[one.state],
            one.entered_by,
            str(one.entered_on or ""),
            one.confirmed_by,
            str(one.confirmed_on or ""),
            one.withdrawn_by or " · ".join(filter(None, one.reversed_by)),
            one.reversed_because,
        )
    return book.content()


def _columns(_: Callable[[str], str], language: str) -> list[Column]:
    ours = [
        Column(column.heading.in_language(language), WIDTHS.get(column.key, 14))
        for column in ADJUSTMENTS.columns
    ]
    return [
        *ours,
        Column(_("Who is meant"), 18),
        Column(_("State"), 26),
        Column(_("Entered by"), 14),
        Column(_("Entered on"), 12),
        Column(_("Confirmed by"), 14),
        Column(_("Confirmed on"), 12),
        Column(_("Withdrawn or reversed by"), 20),
        Column(_("Why reversed"), 30),
    ]
