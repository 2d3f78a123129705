"""The counts of one survey component on a sheet, and the formulas of their means."""

from collections.abc import Callable, Mapping

from survey_app.analytics.workbook.sheet_writer import (
    AS_IT_IS,
    COUNT,
    LETTERS,
    Book,
    Cell,
    Column,
    Formula,
)
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.questionnaire import (
    WITHOUT_POINTS,
    WITHOUT_POINTS_LABELS,
    Questionnaire,
)
from survey_app.domain.scheme.scheme import Component, SurveyRules
from survey_app.domain.scoring.question_score import points_by_choice
from survey_app.domain.scoring.score_sheet import Choices, Node

Translate = Callable[[str], str]
Questionnaires = Mapping[str, Questionnaire]
FIRST = 4
"""Columns of a sheet of counts before its choices."""


class CountSheet:
    """The counts of one survey component that may be told."""

    def __init__(
        self,
        book: Book,
        component: Component,
        labels: Mapping[str, Bilingual],
        _: Translate,
        language: str,
    ) -> None:
        rules = component.survey
        assert rules is not None  # noqa: S101 -- of a survey component
        points = {key: one.value for key, one in points_by_choice(rules).items()}
        self._rules, self._language = rules, language
        self._points = dict(sorted(points.items(), key=lambda pair: pair[1]))
        self._keys = [
            *self._points,
            *(k for k in WITHOUT_POINTS[:3] if k not in points),
        ]
        label = component.label.in_language(language)
        named = [labels[key].in_language(language) for key in self._keys]
        counts = _("counts")
        counted = [f"{counts}: {one}" for one in named[: len(points)]]
        self._sheet = book.sheet(
            book.free_name(_("Counts %(component)s") % {"component": label}),
            [
                Column(_("No."), 7, COUNT),
                Column(_("Subject"), 18),
                Column(_("Rater group"), 18),
                Column(_("Question"), 40),
                *(Column(one, 11, AS_IT_IS) for one in named),
                *(Column(one, 11, AS_IT_IS) for one in counted if rules.trim),
            ],
        )
        self._sheet.row("", "", "", _("Points of a choice"), *self._points.values())

    def add(self, number: int, about: str, group: str, question: Node) -> str:
        """Add the counts of one question; return the formula of its mean."""
        sheet, row = self._sheet, self._sheet.next_row
        assert isinstance(question.parts, Choices)  # noqa: S101 -- they are told
        picked = {
            blank.key: count
            for blank, (count, _) in zip(
                question.parts.blanks, question.parts.picked, strict=True
            )
        }
        text = question.label.in_language(self._language)
        counts = [picked.get(key, 0) for key in self._keys]
        counted: list[Cell] = []
        if self._rules.trim is not None:
            counted = [
                Formula(_kept(place, row, self._rules, len(self._points)), kept)
                for place, kept in enumerate(self._kept(question.parts))
            ]
        sheet.row(number, about, group, text, *counts, *counted)
        first = FIRST + (len(self._keys) if counted else 0)
        numbers = sheet.across(first, len(self._points), row)
        points = sheet.across(FIRST, len(self._points), 2, fixed=True)
        return f"=SUMPRODUCT({numbers},{points})/SUM({numbers})"

    def _kept(self, choices: Choices) -> list[int]:
        kept = {
            blank.key: counts
            for blank, (_, counts) in zip(choices.blanks, choices.picked, strict=True)
        }
        return [kept.get(key, 0) for key in self._points]


def _kept(place: int, row: int, rules: SurveyRules, many: int) -> str:
    """Return the formula of how many of a choice count without highest and lowest."""
    trim = rules.trim
    assert trim is not None  # noqa: S101 -- asked only where it is
    first, here, last = (LETTERS[FIRST + p] for p in (0, place, many - 1))
    every = f"SUM(${first}{row}:${last}{row})"
    upto = f"SUM(${first}{row}:{here}{row})"
    inside = f"MIN({upto},{every}-{trim.highest.value})"
    below = f"MAX({upto}-{here}{row},{trim.lowest.value})"
    more = f"{every}>{trim.when_more_than.value}"
    return f"=IF({more},MAX(0,{inside}-{below}),{here}{row})"


def choice_labels(
    rules: SurveyRules, questionnaires: Questionnaires
) -> Mapping[str, Bilingual]:
    """Return what the choices are called; the key where no survey has asked yet."""
    asked = questionnaires.get(rules.questionnaire)
    known = {
        choice.key: choice.label
        for question in (asked.questions if asked else ())
        for choice in question.choices
    }
    keys = {key: Bilingual(key, key) for key, _ in rules.values}
    return WITHOUT_POINTS_LABELS | keys | known
