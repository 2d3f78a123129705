"""What may be told of one question of any kind: its cells, its bands, its blanks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey_app.analytics.survey_results import (
    ChoiceShare,
    GroupAnswers,
    SurveyResults,
    UntoldChoice,
)
from survey_app.domain.counting.number_bands import in_bands
from survey_app.domain.counting.shares import Share
from survey_app.domain.counting.subject_plan import Band, SubjectPlan
from survey_app.domain.counting.tally import Counts, heard, people
from survey_app.domain.disclosure.cells import (
    TICKED,
    OtherQuestion,
    cell_of,
    most_alike,
)
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.question import (
    ANSWERED,
    ANSWERED_LABEL,
    BLANK,
    NOT_ASKED,
    WITHOUT_POINTS,
    Choice,
    Question,
    QuestionKind,
)
from survey_app.domain.questionnaire.questionnaire import listed
from survey_app.domain.scheme.other_value_checks import counts as counts_at_all
from survey_app.domain.scoring.question_score import Points, points_by_choice

Named = tuple[str, Bilingual]
"""Key and name of a rater group, or of all together."""


def told_choices(question: Question) -> tuple[Choice, ...]:
    """Return what is counted of a question: choices, bands, or who answered."""
    if question.kind is QuestionKind.NUMBER:
        return tuple(Choice(band.key, band.label) for band in question.number_bands)
    if question.kind is QuestionKind.TEXT:
        return (Choice(ANSWERED, ANSWERED_LABEL),)
    return question.choices


def told_points(results: SurveyResults, question: Question) -> Points:
    """Return what each choice or band of a question is worth; nothing: none is.

    Of a survey that stands alone none is.
    """
    if not results.scored:
        return {}
    rules, full = results.component.survey, results.component.full_marks.value
    if rules is None or not counts_at_all(rules, question):
        return {}
    if question.kind is not QuestionKind.NUMBER:
        return points_by_choice(rules, question.key, full)
    rule = rules.number_rule(question.key)
    if rule is None or rule.is_mean:
        return {}
    return {band.key: rule.of_band(band.low) for band in question.number_bands}


@dataclass(frozen=True, slots=True)
class ToldQuestion:
    """One question, as the plan lets it be told."""

    question: Question
    other: OtherQuestion | None
    """How it is told where it is no plain rating."""
    plan: SubjectPlan

    def answers(
        self, group: Named, counts: Counts, rates: tuple[Share, ...]
    ) -> GroupAnswers:
        """Return what is told of one group's answers; its score comes besides."""
        if not self.plan.tells(group[0], self.question.key):
            return self._untold(group, counts)
        if self.other is None:
            return self._of_rating(group, counts, rates)
        n, told = self._base(counts), dict(self._cells(group[0], counts))
        rated = self.question.kind is QuestionKind.RATING
        return GroupAnswers(
            *group,
            n,
            tuple(
                ChoiceShare(c.key, c.label, self._rates(c), told[c.key], n)
                for c in told_choices(self.question)
                if c.key in told and n
            ),
            rates if rated else (),
            None,
            untold=tuple(self._gone(group[0], counts)),
            blank=counts.get(BLANK, 0),
            not_asked=counts.get(NOT_ASKED, 0),
        )

    def _of_rating(
        self, group: Named, counts: Counts, rates: tuple[Share, ...]
    ) -> GroupAnswers:
        n = sum(counts.get(choice.key, 0) for choice in self.question.choices)
        choices = tuple(
            ChoiceShare(c.key, c.label, c.rates, counts.get(c.key, 0), n)
            for c in self.question.choices
        )
        return GroupAnswers(*group, n, choices, rates, None)

    def _rates(self, choice: Choice) -> bool:
        rating = self.question.kind is QuestionKind.RATING
        return choice.rates if rating else choice.key not in WITHOUT_POINTS

    def _base(self, counts: Counts) -> int:
        """Return of how many people a share is taken."""
        if self.question.kind is QuestionKind.TEXT:
            return people(counts) - counts.get(NOT_ASKED, 0)
        return heard(counts)

    def _cells(self, group: str, counts: Counts) -> Iterator[tuple[str, int]]:
        """Yield each choice or band that is told, and how many picked it."""
        if self.question.kind is QuestionKind.NUMBER:
            counts = in_bands(counts, self.question.number_bands)
        several = self.question.kind is QuestionKind.SEVERAL
        for choice in told_choices(self.question):
            cell = cell_of(self.question.key, choice.key)
            if not several or self.plan.tells(group, cell):
                yield choice.key, counts.get(choice.key, 0)

    def _gone(self, group: str, counts: Counts) -> Iterator[UntoldChoice]:
        """Yield the choices of several that are not told, with a band if any."""
        if self.question.kind is not QuestionKind.SEVERAL:
            return
        n, shroud = heard(counts), self.plan.floors.shroud
        for choice in self.question.choices:
            cell = cell_of(self.question.key, choice.key)
            if n and not self.plan.tells(group, cell):
                band = self.plan.band(group, cell, n)
                few = counts.get(choice.key, 0) < shroud
                yield UntoldChoice(
                    choice.key,
                    choice.label,
                    band if not few else None,
                    fewer_than=Band(shroud, n) if band and few else None,
                )

    def _untold(self, group: Named, counts: Counts) -> GroupAnswers:
        """Return a group whose numbers gave way, with the band where there is one."""
        if self.other is None:
            n = sum(counts.get(choice.key, 0) for choice in self.question.choices)
            band = self.plan.band(group[0], self.question.key, n)
            return GroupAnswers(*group, n, (), (), None, band)
        band = self.plan.band(group[0], self.question.key, heard(counts))
        told = band.of if band else None
        return GroupAnswers(
            *group, told or 0, (), (), None, band, said=self._alike(counts, band)
        )

    def _alike(self, counts: Counts, band: Band | None) -> Bilingual | None:
        """Return what nearly everybody said, where it is no objection."""
        if band is None or self.other is None or self.other.telling:
            return None
        cells: Mapping[str, Counts] = dict(self.other.counted(counts))
        said = cells.get(self.question.key, {})
        most, _ = most_alike(said, self.other.alike(said))
        labels = {c.key: c.label for c in told_choices(self.question)}
        return listed([labels[key] for key in most if key in labels and key != TICKED])
