"""The codebook: what every key means, in both languages, and what it is worth."""

from collections.abc import Callable

from survey_app.analytics.sheet_writer import SCORE, Book, Column
from survey_app.analytics.survey_results import SurveyResults
from survey_app.domain.scoring.question_score import points_by_choice

Translate = Callable[[str], str]


def add_codebook(book: Book, results: SurveyResults, _: Translate) -> None:
    """Add the sheet of questions with their choices, and of the rater groups."""
    sheet = book.sheet(
        _("Codebook"),
        [
            Column(_("Kind"), 12),
            Column(_("Question (key)"), 14),
            Column(_("Key"), 18),
            Column(_("Chinese"), 44),
            Column(_("English"), 44),
            Column(_("Points"), 9, SCORE),
            Column(_("Status"), 14),
        ],
    )
    rules = results.component.survey
    points = points_by_choice(rules) if rules else {}
    for question in results.questionnaire.questions:
        sheet.row(_("question"), question.key, "", question.text.zh, question.text.en)
        for choice in question.choices:
            stated = points.get(choice.key)
            sheet.row(
                _("choice"),
                question.key,
                choice.key,
                choice.label.zh,
                choice.label.en,
                stated.value if stated else None,
                _status(stated.published if stated else None, _),
            )
    for group in results.rater_groups:
        sheet.row(_("rater group"), "", group.key, group.label.zh, group.label.en)


def _status(published: bool | None, _: Translate) -> str:  # noqa: FBT001 -- a fact, not a switch
    """Return whether the points were published, assumed, or are none at all."""
    if published is None:
        return _("not counted")
    return _("published") if published else _("assumed")
