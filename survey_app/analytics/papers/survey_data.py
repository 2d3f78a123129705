"""The results of a survey as data: tidy tables for a spreadsheet and for SPSS.

Of what: of counts and scores that may be shown, one row a subject, question, rater
group and choice. Never of single answers: nobody's answer is a row anywhere. The only
importer of pandas and pyreadstat.
"""

import csv
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pandas
import pyreadstat

from survey_app.analytics.question_answers import told_points
from survey_app.analytics.survey_results import (
    QuestionResults,
    SubjectResults,
    SurveyResults,
)
from survey_app.analytics.workbook.answer_sheets import told
from survey_app.analytics.workbook.results_workbook import about_lines
from survey_app.domain.ground.clean_text import no_formula
from survey_app.domain.ground.stated import Stated
from survey_app.domain.questionnaire.question import QuestionKind

Translate = Callable[[str], str]
Cell: TypeAlias = str | int | float | None
BOM = "\ufeff"
"""Without it spreadsheets garble Chinese that is opened by a double click."""
LONGEST_LABEL, LONGEST_NAME = 120, 250
"""Bytes that SPSS takes as the label of a value, and of a variable."""
DAY_AT, DAY_LONG = 92, 17
"""Where an SPSS file says when it was written: eight bytes of time end its 17 bytes."""
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905
TOGETHER = "pooled"


@dataclass(slots=True)
class Codes:
    """Numbers for the keys of one variable, in the order in which they come."""

    labels: dict[str, str] = field(default_factory=dict)

    def of(self, key: str, label: str) -> int:
        """Return the number of a key, and remember what it is called."""
        self.labels.setdefault(key, label)
        return list(self.labels).index(key) + 1

    @property
    def values(self) -> dict[int | float, str]:
        """Number → label, as SPSS takes it."""
        named = enumerate(self.labels.values(), start=1)
        return {number: _cut(label, LONGEST_LABEL) for number, label in named}


class Table:
    """One table that grows row by row, as text for people and as numbers."""

    def __init__(self, name: str, columns: Mapping[str, str]) -> None:
        self.name = name
        self._labels = columns
        self._text = StringIO(BOM, newline="")
        self._text.seek(0, 2)
        self._csv = csv.writer(self._text)
        self._csv.writerow(columns)
        self._numbers: dict[str, array[float]] = {}
        self._values: dict[str, dict[int | float, str]] = {}

    def row(self, cells: Sequence[Cell], numbers: Mapping[str, float | None]) -> None:
        """Add one row, in words and in numbers."""
        self._csv.writerow([escaped(cell) for cell in cells])
        for name, number in numbers.items():
            column = self._numbers.setdefault(name, array("d"))
            column.append(float("nan") if number is None else number)

    def name_values(self, values: Mapping[str, Codes]) -> None:
        """Say what the numbers of some columns stand for."""
        self._values |= {name: codes.values for name, codes in values.items()}

    def text(self) -> bytes:
        """Return the table as CSV."""
        return self._text.getvalue().encode()

    def _called(self, name: str) -> str:
        """Return the label of a variable: where it has words of its own, of those."""
        words = (f"{name}_label", f"{name}_text", name)
        return next(self._labels[one] for one in words if one in self._labels)

    def spss(self, title: str, written_on: date) -> bytes:
        """Return the table as an SPSS file, which bears this day."""
        frame = pandas.DataFrame(self._numbers)
        with TemporaryDirectory() as folder:
            file = Path(folder) / "data.sav"
            pyreadstat.write_sav(
                frame,
                file,
                file_label=_cut(title, 60),
                row_compress=True,
                column_labels={
                    name: _cut(self._called(name), LONGEST_NAME)
                    for name in frame.columns
                },
                variable_value_labels=self._values,
                variable_measure={
                    name: "nominal" if name in self._values else "scale"
                    for name in frame.columns
                },
            )
            content = bytearray(file.read_bytes())
        month = MONTHS[written_on.month - 1]
        day = f"{written_on.day:02d} {month} {written_on.year % 100:02d}00:00:00"
        content[DAY_AT : DAY_AT + DAY_LONG] = day.encode()
        return bytes(content)


def write_survey_data(
    file: IO[bytes],
    results: SurveyResults,
    subjects: Iterable[SubjectResults],
    words: tuple[Translate, str],
) -> None:
    """Write a ZIP file with the tables, the codebook and what must be known of them."""
    data = _SurveyData(results, *words)
    for number, subject in enumerate(subjects, start=1):
        data.add(number, subject)
    with ZipFile(file, "w") as packed:
        for name, content in data.files():
            day = results.closes_on
            place = ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            place.compress_type = ZIP_DEFLATED
            packed.writestr(place, content)


class _SurveyData:
    """The tables of one survey."""

    def __init__(self, results: SurveyResults, _: Translate, language: str) -> None:
        self._results, self._, self._language = results, _, language
        self._points = {
            one.key: told_points(results, one)
            for one in results.questionnaire.questions
        }
        self._worth: dict[str, Stated[Fraction] | None] = {}
        self._codes = {
            name: Codes() for name in ("subject", "rater_group", "question", "choice")
        }
        others: dict[str, str] = {}
        if not results.questionnaire.is_plain:
            self._codes["kind"] = Codes()
            others = {
                "kind": _("Kind of question"),
                "not_picked": _("Not picked, of several choices"),
            }
        who = {
            "subject": _("Subject"), "unit": _("Unit"), "post": _("Post"),
            "rater_group": _("Rater group (key)"),
            "rater_group_label": _("Rater group"),
        }  # fmt: skip
        self._answers = Table(
            "answers",
            who | {
                "question": _("Question (key)"), "question_text": _("Question"),
                "choice": _("Choice (key)"), "choice_label": _("Choice"),
                "picked": _("Picked"), "answers": _("Answers"), "share": _("Share"),
            } | ({"points": _("Points")} if results.scored else {}) | others,
        )  # fmt: skip
        many = who | {"answers": _("Answers")}
        self._scores = (
            Table("scores", many | {"score": _("Score")})
            if results.scored
            else Table("groups", many)
        )

    def add(self, number: int, subject: SubjectResults) -> None:
        """Add what may be told of a subject."""
        who = subject.name, subject.unit, subject.title
        codes = {"subject": self._codes["subject"].of(str(number), subject.name)}
        for question, group in told(subject):
            label, text = self._say(group.label), self._say(question.text)
            codes["rater_group"] = self._codes["rater_group"].of(group.key, label)
            codes["question"] = self._codes["question"].of(question.key, text)
            for choice in group.choices:
                worth = self._points[question.key]
                stated, name = worth.get(choice.key), self._say(choice.label)
                key = choice_code(question, choice.key)
                codes["choice"] = self._codes["choice"].of(key, name)
                self._worth[key] = stated
                points = float(stated.value) if stated else None
                share = float(choice.share)
                counted: dict[str, float | None] = {
                    "picked": choice.count, "answers": group.n, "share": share,
                }  # fmt: skip
                if self._results.scored:
                    counted["points"] = points
                what = group.key, label, question.key, text, choice.key, name
                numbers = codes | counted
                more, others = self._kinds(question, group.n - choice.count)
                cells = (*who, *what, *counted.values(), *more)
                self._answers.row(cells, numbers | others)
        self._score(who, codes["subject"], subject)

    def _kinds(
        self, question: QuestionResults, unpicked: int
    ) -> tuple[tuple[Cell, ...], dict[str, float | None]]:
        """Return what is said besides where not all questions are ratings.

        Of several choices each is a variable of its own: 1, so many ticked it; 0, so
        many did not.
        """
        if self._results.questionnaire.is_plain:
            return (), {}
        kind = self._codes["kind"].of(question.kind, question.kind)
        left = unpicked if question.kind is QuestionKind.SEVERAL else None
        return (question.kind.value, left), {"kind": kind, "not_picked": left}

    def _score(
        self, who: tuple[str, str, str], number: int, subject: SubjectResults
    ) -> None:
        groups = [
            (one.key, self._say(one.label), one.n, one.score) for one in subject.groups
        ]
        scored, _ = self._results.scored, self._
        weighed = _("All together, as the scheme weighs them")
        everybody = weighed if scored else _("All together")
        for key, label, n, score in (
            *groups, (TOGETHER, everybody, subject.together, subject.score),
        ):  # fmt: skip
            shown = None if score is None else float(score)
            group = self._codes["rater_group"].of(key, label)
            counted = {"answers": n} | ({"score": shown} if scored else {})
            numbers = {"subject": number, "rater_group": group} | counted
            self._scores.row((*who, key, label, *counted.values()), numbers)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield every file of the whole, by name."""
        title, day = self._results.title, self._results.closes_on
        for table in (self._answers, self._scores):
            table.name_values(self._codes)
            yield f"{table.name}.csv", table.text()
            yield f"{table.name}.sav", table.spss(title, day)
        about = about_lines(self._results, self._, self._language)
        yield "about.csv", _table([(self._("What"), self._("Content")), *about])
        yield "codebook.csv", _table(self._codebook())

    def _codebook(self) -> Iterator[tuple[Cell, ...]]:
        _, scored = self._, self._results.scored
        head = _("Variable"), _("Key"), _("Number in the .sav file"), _("Label")
        yield (*head, *((_("Points"),) if scored else ()))
        for name, codes in self._codes.items():
            for number, (key, label) in enumerate(codes.labels.items(), start=1):
                stated = self._worth.get(key) if name == "choice" else None
                points = float(stated.value) if stated else None
                yield name, key, number, label, *((points,) if scored else ())

    def _say(self, text: Any) -> str:
        said: str = text.in_language(self._language)
        return said


def choice_code(question: QuestionResults, choice: str) -> str:
    """Return the key of a choice among all: ratings share theirs, others do not."""
    rates = question.kind is QuestionKind.RATING
    return choice if rates else f"{question.key}.{choice}"


def escaped(cell: Cell) -> Cell:
    """Return the cell so that no spreadsheet takes a text for a formula."""
    return no_formula(cell) if isinstance(cell, str) else cell


def _table(rows: Iterable[Sequence[Cell]]) -> bytes:
    text = StringIO(BOM, newline="")
    text.seek(0, 2)
    csv.writer(text).writerows([escaped(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _cut(text: str, most: int) -> str:
    """Return as much of a text as fits in so many bytes."""
    return text.encode()[:most].decode(errors="ignore")
