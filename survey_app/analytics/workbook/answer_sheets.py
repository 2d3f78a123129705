"""The sheets of answers and rates, one row a number, and the codebook to them."""

from collections.abc import Callable, Iterator

from survey_app.analytics.rate_meaning import wilson
from survey_app.analytics.survey_results import (
    GroupAnswers,
    QuestionResults,
    SubjectResults,
    SurveyResults,
)
from survey_app.analytics.workbook.sheet_writer import (
    COUNT,
    SCORE,
    SHARE,
    Book,
    Column,
    Sheet,
)
from survey_app.domain.counting.ballots_handed_in import DENOMINATOR_NAMES
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


Place = tuple[int, SubjectResults, QuestionResults, GroupAnswers]
"""Number of the subject in this workbook, and what a row is about."""


def places(results: SurveyResults) -> Iterator[Place]:
    """Yield every subject, question and rater group whose counts are told."""
    for number, subject in enumerate(results.subjects, start=1):
        for question in subject.questions:
            for group in question.told:
                yield number, subject, question, group


def add_answers(
    book: Book, results: SurveyResults, _: Translate, language: str
) -> Sheet:
    """Return the new sheet of counts and shares; its columns are named in ANSWERS."""
    sheet = book.sheet(_("Results"), [*_what(_), *_answer_columns(_)])
    rules = results.component.survey
    points = points_by_choice(rules) if rules else {}
    for place in places(results):
        group = place[-1]
        for choice in group.choices:
            stated, interval = points.get(choice.key), choice.interval
            sheet.row(
                *_names(place, language),
                choice.key,
                choice.label.in_language(language),
                choice.count,
                group.n,
                choice.share,
                interval.low if interval else None,
                interval.high if interval else None,
                stated.value if stated else None,
            )
    return sheet


SUBJECT, GROUP, QUESTION, COUNTED, POINTS = "A", "D", "F", "J", "O"
"""Columns of the sheet of answers that the checks calculate with."""


def add_rates(book: Book, results: SurveyResults, _: Translate, language: str) -> None:
    """Add the sheet of the scheme's rates, each with its denominator."""
    sheet = book.sheet(_("Rates"), [*_what(_), *_rate_columns(_)])
    for place in places(results):
        for share in place[-1].rates:
            interval = wilson(share.numerator, share.denominator or 0)
            kind = DENOMINATOR_NAMES[share.denominator_kind]
            sheet.row(
                *_names(place, language),
                share.label.in_language(language),
                share.numerator,
                share.denominator,
                kind.in_language(language),
                share.value,
                interval.low if interval else None,
                interval.high if interval else None,
            )


def _names(place: Place, language: str) -> tuple[int | str, ...]:
    """Return the cells that say what a row is about."""
    number, subject, question, group = place
    return (
        number,
        subject.name,
        subject.unit,
        group.key,
        group.label.in_language(language),
        question.key,
        question.text.in_language(language),
    )


def _what(_: Translate) -> list[Column]:
    return [
        Column(_("No."), 6, COUNT),
        Column(_("Subject"), 14),
        Column(_("Unit"), 14),
        Column(_("Rater group (key)"), 16),
        Column(_("Rater group"), 18),
        Column(_("Question (key)"), 14),
        Column(_("Question"), 40),
    ]


def _answer_columns(_: Translate) -> list[Column]:
    return [
        Column(_("Choice (key)"), 18),
        Column(_("Choice"), 14),
        Column(_("Picked"), 9, COUNT),
        Column(_("Answers"), 9, COUNT),
        Column(_("Share"), 9, SHARE),
        Column(_("95 per cent, from"), 9, SHARE),
        Column(_("95 per cent, to"), 9, SHARE),
        Column(_("Points"), 9, SCORE),
    ]


def _rate_columns(_: Translate) -> list[Column]:
    return [
        Column(_("Rate"), 16),
        Column(_("Numerator"), 11, COUNT),
        Column(_("Denominator"), 11, COUNT),
        Column(_("Taken of"), 16),
        Column(_("Share"), 9, SHARE),
        Column(_("95 per cent, from"), 9, SHARE),
        Column(_("95 per cent, to"), 9, SHARE),
    ]
