"""The sheet of scores: how many answered and the score, by subject and rater group.

The same numbers and the same withholding as on the results page.
"""

from collections.abc import Callable
from fractions import Fraction

from survey_app.analytics.sheet_writer import COUNT, Book, Column
from survey_app.analytics.survey_results import SurveyResults

Translate = Callable[[str], str]


def add_scores(book: Book, results: SurveyResults, _: Translate, language: str) -> None:
    """Add the sheet: each subject's rater groups, then all of them together."""
    sheet = book.sheet(_("Scores"), _columns(results, _))
    fewer = _("fewer than %(floor)s: not shown") % {"floor": results.floor}
    for number, subject in enumerate(results.subjects, start=1):
        about = number, subject.name, subject.unit
        for group in subject.groups:
            label = group.label.in_language(language)
            n: int | str = fewer if group.n is None else group.n
            if group.counted_in is not None:
                into = group.counted_in.in_language(language)
                n = _("counted with %(group)s") % {"group": into}
            sheet.row(*about, group.key, label, n, _or_dash(group.score))
        everybody = _("All together, as the scheme weighs them")
        total = _or_dash(subject.together), _or_dash(subject.score)
        sheet.row(*about, "", everybody, *total)


def _columns(results: SurveyResults, _: Translate) -> list[Column]:
    look = "0." + "0" * results.places if results.places else "0"
    return [
        Column(_("No."), 6, COUNT),
        Column(_("Subject"), 14),
        Column(_("Unit"), 14),
        Column(_("Rater group (key)"), 16),
        Column(_("Rater group"), 26),
        Column(_("Answers"), 22, COUNT),
        Column(_("Score"), 10, look),
    ]


def _or_dash(number: Fraction | int | None) -> Fraction | int | str:
    """Return the number, or the dash that stands on the page where there is none."""
    return "—" if number is None else number
