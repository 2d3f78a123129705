"""Results as a workbook: the numbers of the page, what they mean and how to check them.

It holds what the page shows and nothing else: what is withheld there is absent here.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import BytesIO
from typing import IO

from survey_app.analytics.rate_meaning import rate_meaning
from survey_app.analytics.survey_results import (
    GroupAnswers,
    QuestionResults,
    SubjectResults,
    SurveyResults,
    UntoldChoice,
)
from survey_app.analytics.workbook.answer_sheets import AnswerSheets, add_codebook
from survey_app.analytics.workbook.check_sheets import (
    CheckSheet,
    Rows,
    ScoresSheet,
    add_reconciled,
)
from survey_app.analytics.workbook.sheet_writer import Book, Column

Translate = Callable[[str], str]
"""From an English text to the language of the workbook."""


def results_workbook(results: SurveyResults, _: Translate, language: str) -> bytes:
    """Return the .xlsx file of results that are all at hand, made in memory."""
    file = BytesIO()
    write_workbook(file, results, results.subjects, _, language)
    return file.getvalue()


def write_workbook(
    file: IO[bytes],
    results: SurveyResults,
    subjects: Iterable[SubjectResults],
    _: Translate,
    language: str,
    *,
    record: str = "",
) -> None:
    """Write the .xlsx file about these subjects, of whom one is at hand at a time.

    `record`: number and hash of the newest act about the survey (decision 53).
    """
    book = Book(results.title, made_on=results.closes_on)
    sheets = _GrowingSheets(book, results, _, language)
    if record:
        sheets.tell(_("Record of acts"), record)
    for number, subject in enumerate(subjects, start=1):
        sheets.add(number, subject)
    sheets.end()
    add_reconciled(book, results, _, language)
    book.write_to(file)


class _GrowingSheets:
    """The sheets that grow with every subject, and the codebook between them."""

    def __init__(
        self, book: Book, results: SurveyResults, _: Translate, language: str
    ) -> None:
        self._left_out = partial(_left_out, _=_, language=language)
        columns = [Column(_("What"), 26), Column(_("Content"), 90)]
        self._about = book.sheet(_("About"), columns)
        for what, content in about_lines(results, _, language):
            self._about.row(what, content)
        self._scores = ScoresSheet(book, results, _, language)
        self._counts = AnswerSheets(book, results, _, language)
        add_codebook(book, results, _)
        rules = results.component.survey
        self._checks = None
        exact = any(rule.is_mean for _, rule in rules.numbers) if rules else False
        # No cell may hold the numbers, so no formula could work out their mean.
        if rules is not None and rules.trim is None and not exact and results.scored:
            self._checks = CheckSheet(book, rules, self._counts.answers, _)

    def tell(self, what: str, content: str) -> None:
        """Say something more of the whole."""
        self._about.row(what, content)

    def add(self, number: int, subject: SubjectResults) -> None:
        """Add a subject to all of them."""
        for what, content in self._left_out(subject):
            self._about.row(what, content)
        self._scores.add(number, subject)
        first = self._counts.answers.next_row
        self._counts.add(number, subject)
        if self._checks is not None:
            last = self._counts.answers.next_row - 1
            self._checks.add(number, subject, Rows(first, last))

    def end(self) -> None:
        """Add what could not be said before everybody was there."""
        if self._checks is not None:
            self._checks.end()


def about_lines(
    results: SurveyResults, _: Translate, language: str
) -> Iterator[tuple[str, str]]:
    """Yield what the reader of the numbers must know."""
    scheme, questionnaire = results.scheme, results.questionnaire
    yield _("Survey"), results.title
    yield _("Cycle") if results.scored else _("Series"), results.cycle
    yield _("Days"), f"{results.opens_on} – {results.closes_on}"
    yield _("Questionnaire"), questionnaire.title.in_language(language)
    yield _("Fingerprint of the questionnaire"), questionnaire.fingerprint
    if results.scored:
        yield _("Scheme"), scheme.title.in_language(language)
        yield _("Source of the scheme"), scheme.source.in_language(language)
        yield _("Fingerprint of the scheme"), scheme.fingerprint
        yield _("Component"), results.component.label.in_language(language)
    else:
        yield _("Score"), _("A stand-alone survey: nothing is scored.")
    yield (
        _("Shares"),
        _("of all answers of a rater group to a question, “don't know” included"),
    )
    for rate in results.rates:
        meaning = rate_meaning(rate, questionnaire).in_language(language)
        status = "" if rate.denominator.published else _(" (assumed)")
        yield rate.label.in_language(language), meaning + status
    yield (
        _("Intervals"),
        _(
            "Wilson, 95 per cent: how far chance alone can move a share; for reading, "
            "never for a threshold"
        ),
    )
    yield from _never_in_it(results, _)


def _never_in_it(results: SurveyResults, _: Translate) -> Iterator[tuple[str, str]]:
    """Yield what no workbook of ours holds, and why."""
    yield (
        _("Never stored"),
        _("time, address, device and order of the answers; so they cannot be here"),
    )
    yield (
        _("Withheld"),
        _(
            "rater groups with fewer than %(floor)s answers, and every number from "
            "which theirs could be worked out"
        )
        % {"floor": results.floor},
    )


def _in_its_place(
    question: QuestionResults, group: GroupAnswers, _: Translate, language: str
) -> str:
    """Return what is told instead of counts on which nearly everybody agrees."""
    if group.untold:
        return " · ".join(
            f"{one.label.in_language(language)}: {_ticked(one, _)}"
            for one in group.untold
        )
    if group.band is None and not question.is_plain:
        return _("not shown: it could tell what few people said")
    if group.band is None:
        return _("not shown: a band could be worked out from it")
    if group.said is not None:
        return _("more than %(most)s of %(answers)s said the same: %(choice)s") % {
            "most": group.band.more_than,
            "answers": group.band.of,
            "choice": group.said.in_language(language),
        }
    return _("more than %(most)s of %(answers)s dissatisfied") % {
        "most": group.band.more_than,
        "answers": group.band.of,
    }


def _ticked(choice: UntoldChoice, _: Translate) -> str:
    """Return what is told of one of several choices that all or hardly any ticked."""
    if choice.band is not None:
        told = {"most": choice.band.more_than, "answers": choice.band.of}
        return _("more than %(most)s of %(answers)s") % told
    if choice.fewer_than is not None:
        few = choice.fewer_than
        return _("fewer than %(most)s of %(answers)s") % {
            "most": few.more_than,
            "answers": few.of,
        }
    return _("not shown")


def _left_out(
    subject: SubjectResults, _: Translate, language: str
) -> Iterator[tuple[str, str]]:
    """Yield what the workbook does not tell about a subject, and why."""
    for question, group in subject.untold:
        yield (
            _("Not told about %(name)s") % {"name": subject.name},
            f"{group.label.in_language(language)} · "
            f"{question.text.in_language(language)}: "
            f"{_in_its_place(question, group, _, language)}",
        )
    names = [group.label.in_language(language) for group in subject.withheld]
    if names:
        yield _("Withheld about %(name)s") % {"name": subject.name}, " · ".join(names)
