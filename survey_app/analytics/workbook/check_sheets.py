"""The sheets of scores, of slips that add up, and the check in live formulas.

Three steps, each from the one before: question by question from the counted choices,
rater group by rater group from the questions, subject by subject from the groups.
What rests on a number that is not told is not checked. A trimmed mean cannot be
repeated so simply; a scheme that trims has no check.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from survey_app.analytics.survey_results import SubjectResults, SurveyResults
from survey_app.analytics.workbook.answer_sheets import COUNTED, POINTS, told
from survey_app.analytics.workbook.sheet_writer import (
    COUNT,
    SCORE,
    Book,
    Column,
    Formula,
    Sheet,
)
from survey_app.domain.counting.batch_counts import NAMES
from survey_app.domain.scheme.scheme import Grouping, SurveyRules

Translate = Callable[[str], str]


class ScoresSheet:
    """The sheet of each subject's rater groups, then all of them together.

    Of a survey that stands alone it says only how many answered.
    """

    def __init__(
        self, book: Book, results: SurveyResults, _: Translate, language: str
    ) -> None:
        columns, name = _score_columns(results, _), _("Scores")
        if not results.scored:
            columns.pop()
            name = _("Rater groups")
        self._sheet = book.sheet(name, columns)
        self._language, self._is_scored = language, results.scored
        self._fewer = _("fewer than %(floor)s: not shown") % {"floor": results.floor}
        self._counted_with = _("counted with %(group)s")
        self._everybody = (
            _("All together, as the scheme weighs them")
            if results.scored
            else _("All together")
        )

    def add(self, number: int, subject: SubjectResults) -> None:
        """Add a subject, which is the so-and-so-manieth here."""
        about = number, subject.name, subject.unit
        for group in subject.groups:
            label = group.label.in_language(self._language)
            n: int | str = self._fewer if group.n is None else group.n
            if group.counted_in is not None:
                into = group.counted_in.in_language(self._language)
                n = self._counted_with % {"group": into}
            self._sheet.row(*about, group.key, label, n, *self._score(group.score))
        total = _or_dash(subject.together), *self._score(subject.score)
        self._sheet.row(*about, "", self._everybody, *total)

    def _score(self, score: Fraction | None) -> tuple[Fraction | int | str, ...]:
        return (_or_dash(score),) if self._is_scored else ()


def _score_columns(results: SurveyResults, _: Translate) -> list[Column]:
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


def add_reconciled(
    book: Book, results: SurveyResults, _: Translate, language: str
) -> None:
    """Add the sheet, with the page's numbers; none for an open survey."""
    if not results.reconciled:
        return
    sheet = book.sheet(_("Reconciliation"), _reconciled_columns(_))
    for row in results.reconciled:
        sheet.row(
            row.unit,
            results.label_of(row.rater_groups).in_language(language),
            *(getattr(row, name) for name in NAMES),
            _("void: none of its ballots was decrypted") if row.void else "",
        )


def _reconciled_columns(_: Translate) -> list[Column]:
    return [
        Column(_("Unit"), 16),
        Column(_("Rater group"), 18),
        *(Column(_(name), 12, COUNT) for name in NAMES.values()),
        Column(_("Note"), 30),
    ]


def _columns(_: Translate) -> list[Column]:
    return [
        Column(_("Step"), 14),
        Column(_("No."), 6, COUNT),
        Column(_("Subject"), 14),
        Column(_("Rater group (key)"), 16),
        Column(_("Question (key)"), 16),
        Column(_("Weight"), 9, SCORE),
        Column(_("Worked out here"), 14, SCORE),
        Column(_("On the page"), 14, SCORE),
        Column(_("Agrees"), 9),
    ]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one sheet that are about one subject."""

    first: int
    last: int

    def mean_where(self, *conditions: str) -> str:
        """Return the formula of the weighted mean of these rows' numbers."""
        chosen = "*".join(
            f"({self._all(column)}={value})"
            for column, value in (condition.split("=") for condition in conditions)
        )
        weights, numbers = self._all("F"), self._all("G")
        total = f"SUMPRODUCT({chosen}*{weights})"
        return f"=SUMPRODUCT({chosen}*{weights}*{numbers})/{total}"

    def _all(self, column: str) -> str:
        return f"${column}${self.first}:${column}${max(self.first, self.last)}"


@dataclass(frozen=True, slots=True)
class _Later:
    """What the second and the third step will check about one subject."""

    about: tuple[int, str]
    groups: tuple[tuple[str, Fraction, Fraction], ...]
    """Key, weight and score of each rater group that can be worked out."""
    score: Fraction | None
    questions: Rows
    """Where the first step stands."""


class CheckSheet:
    """The sheet of checks; every row compares a formula with the page's number.

    A formula reaches over the rows of its own subject and no further: a spreadsheet
    works all of them out whenever it opens the file.
    """

    def __init__(self, book: Book, rules: SurveyRules, answers: Sheet, _: Translate):
        self._sheet = book.sheet(_("Check"), _columns(_))
        self._answers = answers
        self._weights = dict(rules.question_weights)
        self._is_pooled = rules.grouping.value is Grouping.POOLED
        self._steps = _("question"), _("rater group"), _("all groups")
        self._later: list[_Later] = []

    def add(self, number: int, subject: SubjectResults, answers: Rows) -> None:
        """Check each question's mean against points and counts in these rows."""
        first = self._sheet.next_row
        for question, group in told(subject):
            if group.score is not None:
                stated = self._weights.get(question.key)
                self._row(
                    (self._steps[0], number, subject.name, group.key, question.key),
                    stated.value if stated else Fraction(1),
                    _mean_of_points(self._answers, answers, self._sheet.next_row),
                    group.score,
                )
        silent = {one.key for _, one in subject.untold}
        self._later.append(
            _Later(
                (number, subject.name),
                tuple(
                    (group.key, group.weight, group.score)
                    for group in subject.groups
                    if group.score is not None and group.key not in silent
                ),
                None if silent else subject.score,
                Rows(first, self._sheet.next_row - 1),
            )
        )

    def end(self) -> None:
        """Check the rater groups by their questions, and the subjects by the groups."""
        rows = [one.questions for one in self._later]
        if not self._is_pooled:
            rows = [self._groups(one) for one in self._later]
        for one, parts in zip(self._later, rows, strict=True):
            if one.score is not None:
                formula = parts.mean_where(f"B=B{self._sheet.next_row}")
                about = self._steps[2], *one.about, "", ""
                self._row(about, None, formula, one.score)

    def _groups(self, later: _Later) -> Rows:
        """Check each rater group's mean of its questions."""
        first = self._sheet.next_row
        for key, weight, score in later.groups:
            row = self._sheet.next_row
            formula = later.questions.mean_where(f"B=B{row}", f"D=D{row}")
            self._row((self._steps[1], *later.about, key, ""), weight, formula, score)
        return Rows(first, self._sheet.next_row - 1)

    def _row(
        self,
        about: tuple[str | int, ...],
        weight: Fraction | None,
        formula: str,
        on_the_page: Fraction,
    ) -> None:
        """Add a formula, the page's number, and whether the two agree."""
        row = self._sheet.next_row
        # A spreadsheet calculates with binary fractions; the platform does not.
        agrees = f'=IF(ABS(G{row}-H{row})<0.000001,"✓","✗")'
        self._sheet.row(
            *about,
            weight,
            Formula(formula, float(on_the_page)),
            on_the_page,
            Formula(agrees, "✓"),
        )


SUBJECT, GROUP, QUESTION = "A", "D", "F"
"""Columns of the sheet of answers that say what a row of it is about."""


def _mean_of_points(answers: Sheet, rows: Rows, row: int) -> str:
    """Return the formula of the mean points of what this row is about."""
    numbers, groups, questions, counts, points = (
        answers.range(column, rows.first, max(rows.first, rows.last))
        for column in (SUBJECT, GROUP, QUESTION, COUNTED, POINTS)
    )
    mine = f"({numbers}=B{row})*({groups}=D{row})*({questions}=E{row})*{counts}"
    # A choice without points is an empty cell: it is left out below the line, too.
    return f'=SUMPRODUCT({mine},{points})/SUMPRODUCT({mine}*({points}<>""))'
