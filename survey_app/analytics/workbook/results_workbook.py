"""Results as a workbook: the numbers of the page, what they mean and how to check them.

It holds what the page shows and nothing else: what is withheld there is absent here.
"""

from collections.abc import Callable, Iterator

from survey_app.analytics.rate_meaning import rate_meaning
from survey_app.analytics.survey_results import GroupAnswers, SurveyResults
from survey_app.analytics.workbook.answer_sheets import (
    add_answers,
    add_codebook,
    add_rates,
)
from survey_app.analytics.workbook.check_sheets import (
    add_checks,
    add_reconciled,
    add_scores,
)
from survey_app.analytics.workbook.sheet_writer import Book, Column

Translate = Callable[[str], str]
"""From an English text to the language of the workbook."""


def results_workbook(results: SurveyResults, _: Translate, language: str) -> bytes:
    """Return the .xlsx file, made in memory."""
    book = Book(results.title, made_on=results.closes_on)
    about = book.sheet(_("About"), [Column(_("What"), 26), Column(_("Content"), 90)])
    for what, content in _about(results, _, language):
        about.row(what, content)
    add_scores(book, results, _, language)
    answers = add_answers(book, results, _, language)
    add_rates(book, results, _, language)
    add_codebook(book, results, _)
    add_checks(book, results, answers, _)
    add_reconciled(book, results, _, language)
    return book.content()


def _about(
    results: SurveyResults, _: Translate, language: str
) -> Iterator[tuple[str, str]]:
    """Yield what the reader of the numbers must know."""
    scheme, questionnaire = results.scheme, results.questionnaire
    yield _("Survey"), results.title
    yield _("Cycle"), results.cycle
    yield _("Days"), f"{results.opens_on} – {results.closes_on}"
    yield _("Questionnaire"), questionnaire.title.in_language(language)
    yield _("Fingerprint of the questionnaire"), questionnaire.fingerprint
    yield _("Scheme"), scheme.title.in_language(language)
    yield _("Source of the scheme"), scheme.source.in_language(language)
    yield _("Fingerprint of the scheme"), scheme.fingerprint
    yield _("Component"), results.component.label.in_language(language)
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
    yield from _left_out(results, _, language)


def _in_its_place(group: GroupAnswers, _: Translate) -> str:
    """Return what is told instead of counts on which nearly everybody agrees."""
    if group.band is None:
        return _("not shown: a band could be worked out from it")
    return _("more than %(most)s of %(answers)s dissatisfied") % {
        "most": group.band.more_than,
        "answers": group.band.of,
    }


def _left_out(
    results: SurveyResults, _: Translate, language: str
) -> Iterator[tuple[str, str]]:
    """Yield what is not in the workbook, and why."""
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
    for subject in results.subjects:
        for question, group in subject.untold:
            yield (
                _("Not told about %(name)s") % {"name": subject.name},
                f"{group.label.in_language(language)} · "
                f"{question.text.in_language(language)}: {_in_its_place(group, _)}",
            )
        names = [group.label.in_language(language) for group in subject.withheld]
        if names:
            yield (
                _("Withheld about %(name)s") % {"name": subject.name},
                " · ".join(names),
            )
