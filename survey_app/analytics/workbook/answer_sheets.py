"""The sheets of answers and rates, one row a number, and the codebook to them."""

from collections.abc import Callable, Iterator

from survey_app.analytics.question_answers import told_choices, told_points
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
)
from survey_app.domain.counting.ballots_handed_in import DENOMINATOR_NAMES
from survey_app.domain.scoring.question_score import Points

Translate = Callable[[str], str]


def add_codebook(book: Book, results: SurveyResults, _: Translate) -> None:
    """Add the sheet of questions with their choices, and of the rater groups."""
    worth = [Column(_("Points"), 9, SCORE), Column(_("Status"), 14)]
    sheet = book.sheet(
        _("Codebook"),
        [
            Column(_("Kind"), 12),
            Column(_("Question (key)"), 14),
            Column(_("Key"), 18),
            Column(_("Chinese"), 44),
            Column(_("English"), 44),
            *(worth if results.scored else ()),
        ],
    )
    for question in results.questionnaire.questions:
        points = told_points(results, question)
        sheet.row(_("question"), question.key, "", question.text.zh, question.text.en)
        for choice in told_choices(question):
            stated = points.get(choice.key)
            status = _status(stated.published if stated else None, _)
            sheet.row(
                _("choice"),
                question.key,
                choice.key,
                choice.label.zh,
                choice.label.en,
                *((stated.value if stated else None, status) if results.scored else ()),
            )
    for group in results.rater_groups:
        sheet.row(_("rater group"), "", group.key, group.label.zh, group.label.en)


def _status(published: bool | None, _: Translate) -> str:  # noqa: FBT001 -- a fact, not a switch
    """Return whether the points were published, assumed, or are none at all."""
    if published is None:
        return _("not counted")
    return _("published") if published else _("assumed")


class AnswerSheets:
    """The sheets of counts and shares, and of the scheme's rates; grow by subjects."""

    def __init__(
        self, book: Book, results: SurveyResults, _: Translate, language: str
    ) -> None:
        columns = _answer_columns(_)
        if not results.scored:
            columns.pop()  # what a choice is worth comes last
        self.answers = book.sheet(_("Results"), [*_what(_), *columns])
        self._rates = book.sheet(_("Rates"), [*_what(_), *_rate_columns(_)])
        self._language, self._is_scored = language, results.scored
        self._points = {
            one.key: told_points(results, one)
            for one in results.questionnaire.questions
        }

    def add(self, number: int, subject: SubjectResults) -> None:
        """Add whatever is told of a subject, which is the so-and-so-manieth here."""
        about = number, subject.name, subject.unit
        for question, group in told(subject):
            what = (
                *about,
                group.key,
                group.label.in_language(self._language),
                question.key,
                question.text.in_language(self._language),
            )
            self._count(what, group, self._points[question.key])
            self._rate(what, group)

    def _count(
        self, what: tuple[int | str, ...], group: GroupAnswers, points: Points
    ) -> None:
        for choice in group.choices:
            stated, interval = points.get(choice.key), choice.interval
            self.answers.row(
                *what,
                choice.key,
                choice.label.in_language(self._language),
                choice.count,
                group.n,
                choice.share,
                interval.low if interval else None,
                interval.high if interval else None,
                *((stated.value if stated else None,) if self._is_scored else ()),
            )

    def _rate(self, what: tuple[int | str, ...], group: GroupAnswers) -> None:
        for share in group.rates:
            interval = wilson(share.numerator, share.denominator or 0)
            kind = DENOMINATOR_NAMES[share.denominator_kind]
            self._rates.row(
                *what,
                share.label.in_language(self._language),
                share.numerator,
                share.denominator,
                kind.in_language(self._language),
                share.value,
                interval.low if interval else None,
                interval.high if interval else None,
            )


def told(subject: SubjectResults) -> Iterator[tuple[QuestionResults, GroupAnswers]]:
    """Yield every question and rater group whose counts are told."""
    for question in subject.questions:
        for group in question.told:
            yield question, group


COUNTED, POINTS = "J", "O"
"""Columns of the sheet of answers that the checks calculate with."""


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
