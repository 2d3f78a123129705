"""The sheets of scores, of slips that add up, and the check in live formulas.

Three steps, each from the one before: question by question from the counted choices,
rater group by rater group from the questions, subject by subject from the groups.
What rests on a number that is not told is not checked. A trimmed mean cannot be
repeated so simply; a scheme that trims has no check.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from survey_app.analytics.survey_results import SurveyResults
from survey_app.analytics.workbook import answer_sheets
from survey_app.analytics.workbook.answer_sheets import places
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


def add_scores(book: Book, results: SurveyResults, _: Translate, language: str) -> None:
    """Add the sheet: each subject's rater groups, then all of them together."""
    sheet = book.sheet(_("Scores"), _score_columns(results, _))
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


def add_checks(
    book: Book, results: SurveyResults, answers: Sheet, _: Translate
) -> None:
    """Add the sheet of checks; every row compares a formula with the page's number."""
    rules = results.component.survey
    if rules is None or rules.trim is not None:
        return
    checks = _Checks(book.sheet(_("Check"), _columns(_)), results, rules)
    questions = checks.questions(answers, _("question"))
    if rules.grouping.value is Grouping.POOLED:
        checks.subjects(questions, _("all groups"))
    else:
        groups = checks.groups(questions, _("rater group"))
        checks.subjects(groups, _("all groups"))


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
class _Rows:
    """The rows of one step, for the formulas of the next."""

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
        return f"${column}${self.first}:${column}${self.last}"


@dataclass(frozen=True, slots=True)
class _Checks:
    """The sheet, written step by step."""

    sheet: Sheet
    results: SurveyResults
    rules: SurveyRules

    def questions(self, answers: Sheet, step: str) -> _Rows:
        """Check each question's mean against points and counts."""
        first, weights = self.sheet.next_row, dict(self.rules.question_weights)
        for number, subject, question, group in places(self.results):
            if group.score is not None:
                stated = weights.get(question.key)
                self._row(
                    (step, number, subject.name, group.key, question.key),
                    stated.value if stated else Fraction(1),
                    _mean_of_points(answers, self.sheet.next_row),
                    group.score,
                )
        return _Rows(first, self.sheet.next_row - 1)

    def groups(self, rows: _Rows, step: str) -> _Rows:
        """Check each rater group's mean of its questions."""
        first = self.sheet.next_row
        for number, subject in enumerate(self.results.subjects, start=1):
            for group in subject.groups:
                whole = all(one.key != group.key for _, one in subject.untold)
                if group.score is not None and whole:
                    row = self.sheet.next_row
                    self._row(
                        (step, number, subject.name, group.key, ""),
                        group.weight,
                        rows.mean_where(f"B=B{row}", f"D=D{row}"),
                        group.score,
                    )
        return _Rows(first, self.sheet.next_row - 1)

    def subjects(self, rows: _Rows, step: str) -> None:
        """Check each subject's score against the step before."""
        for number, subject in enumerate(self.results.subjects, start=1):
            if subject.score is not None and not subject.untold:
                row = self.sheet.next_row
                self._row(
                    (step, number, subject.name, "", ""),
                    None,
                    rows.mean_where(f"B=B{row}"),
                    subject.score,
                )

    def _row(
        self,
        about: tuple[str | int, ...],
        weight: Fraction | None,
        formula: str,
        on_the_page: Fraction,
    ) -> None:
        """Add a formula, the page's number, and whether the two agree."""
        row = self.sheet.next_row
        # A spreadsheet calculates with binary fractions; the platform does not.
        agrees = f'=IF(ABS(G{row}-H{row})<0.000001,"✓","✗")'
        self.sheet.row(
            *about,
            weight,
            Formula(formula, float(on_the_page)),
            on_the_page,
            Formula(agrees, "✓"),
        )


def _mean_of_points(answers: Sheet, row: int) -> str:
    """Return the formula of the mean points of what this row is about."""
    numbers, groups, questions, counts, points = (
        answers.range(column)
        for column in (
            answer_sheets.SUBJECT,
            answer_sheets.GROUP,
            answer_sheets.QUESTION,
            answer_sheets.COUNTED,
            answer_sheets.POINTS,
        )
    )
    mine = f"({numbers}=B{row})*({groups}=D{row})*({questions}=E{row})*{counts}"
    # A choice without points is an empty cell: it is left out below the line, too.
    return f'=SUMPRODUCT({mine},{points})/SUMPRODUCT({mine}*({points}<>""))'
