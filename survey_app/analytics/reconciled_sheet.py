"""The sheet of a secret ballot's slips: whether they add up."""

from collections.abc import Callable

from survey_app.analytics.sheet_writer import COUNT, Book, Column
from survey_app.analytics.survey_results import SurveyResults

Translate = Callable[[str], str]


def add_reconciled(
    book: Book, results: SurveyResults, _: Translate, language: str
) -> None:
    """Add the sheet, with the page's numbers; none for an open survey."""
    if not results.reconciled:
        return
    sheet = book.sheet(_("Reconciliation"), _columns(_))
    for row in results.reconciled:
        sheet.row(
            row.unit,
            results.label_of(row.rater_groups).in_language(language),
            row.eligible,
            row.issued,
            row.signed,
            row.used,
            row.voided,
            row.challenged,
            row.outstanding,
            row.spoiled,
            _("void: none of its ballots was opened") if row.is_void else "",
        )


def _columns(_: Translate) -> list[Column]:
    return [
        Column(_("Unit"), 16),
        Column(_("Rater group"), 18),
        *(
            Column(name, 12, COUNT)
            for name in (
                _("Eligible"),
                _("Issued"),
                _("Signed for"),
                _("Used"),
                _("Voided"),
                _("Challenged"),
                _("Outstanding"),
                _("Spoiled"),
            )
        ),
        Column(_("Note"), 30),
    ]
