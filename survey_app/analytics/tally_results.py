"""From one tally to what may be said about it, question by question."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from survey_app.analytics.survey_results import (
    ChoiceShare,
    GroupAnswers,
    GroupScore,
    QuestionResults,
)
from survey_app.domain.alerts.alert import POOLED
from survey_app.domain.bilingual import Bilingual
from survey_app.domain.disclosure.shown_sheet import shown_sheet
from survey_app.domain.disclosure.shown_tally import ShownTally, shown_tally
from survey_app.domain.questionnaire import Question, Questionnaire
from survey_app.domain.remark import Remark
from survey_app.domain.scheme import Component, Grouping, Post, Scheme, SurveyRules
from survey_app.domain.scoring.ballot_counts import added
from survey_app.domain.scoring.score_input import ScoreInput
from survey_app.domain.scoring.score_sheet import Node
from survey_app.domain.scoring.shares import Share, rates_of
from survey_app.domain.scoring.survey_score import ALL_POOLED
from survey_app.domain.tally import Counts, Tally


@dataclass(frozen=True)
class TallyResults:
    """One subject's tally under the rules of its component."""

    scheme: Scheme
    component: Component
    questionnaire: Questionnaire
    tally: Tally

    @cached_property
    def shown(self) -> ShownTally:
        """What of the tally may be shown."""
        return shown_tally(self.rules, self.tally)

    @property
    def rules(self) -> SurveyRules:
        """The rules of the survey; opening a survey makes sure there are some."""
        if self.component.survey is None:
            raise ValueError("the component takes no survey")
        return self.component.survey

    @property
    def together(self) -> int | None:
        """How many answered in all, or None where that would betray a small group."""
        if not self.shown.together:
            return None
        return sum(self.shown.answers(group) for group in self.tally)

    def score(self, post: Post) -> tuple[Node, tuple[Remark, ...]]:
        """Return the component's node with its groups, and why it has no value."""
        alone = replace(self.scheme, components=(self.component,))
        sheet = shown_sheet(
            alone,
            ScoreInput(tallies={self.component.key: self.tally}),
            post=post,
            questionnaires={self.questionnaire.key: self.questionnaire},
        )
        node = sheet.root.children[0]
        return node, sheet.blocked if node.value is None else ()

    def groups(self, node: Node, post: Post) -> tuple[GroupScore, ...]:
        """Return every rater group; one below the floor without any number."""
        scores = {child.key: child.value for child in node.children}
        averaged = self.rules.grouping.value is Grouping.AVERAGED
        return tuple(
            GroupScore(
                key=group.key,
                label=group.label,
                n=self.shown.answers(group.key) if shown else None,
                score=scores.get(group.key) if shown and averaged else None,
                weight=group.weight.of(post).value,
            )
            for group in self.rules.rater_groups
            for shown in [group.key in self.shown.shown]
        )

    def questions(self, node: Node) -> tuple[QuestionResults, ...]:
        """Return each question with the groups that may be shown."""
        scores = dict(self._scores(node))
        return tuple(
            QuestionResults(
                key=question.key,
                text=question.text,
                groups=tuple(
                    _answers(
                        question,
                        (key, label),
                        counts,
                        rates=self._rates(question.key, key),
                        score=scores.get((key, question.key)),
                    )
                    for key, label, counts in self._counts(question.key)
                    if counts
                ),
            )
            for question in self.questionnaire.questions
        )

    def _counts(self, question: str) -> Iterator[tuple[str, Bilingual, Counts]]:
        """Yield key, name and counts of every group that may be shown, then of all."""
        for group in self.rules.rater_groups:
            if group.key in self.shown.shown:
                yield group.key, group.label, self._of(group.key, question)
        if self.shown.together and len(self.rules.rater_groups) > 1:
            everybody = added(self._of(group, question) for group in self.tally)
            yield POOLED, ALL_POOLED, everybody

    def _of(self, group: str, question: str) -> Counts:
        return self.tally.get(group, {}).get(question, {})

    def _scores(self, node: Node) -> Iterator[tuple[tuple[str, str], Fraction | None]]:
        """Yield (group, question) → mean points, as they stand on the score sheet."""
        if self.rules.grouping.value is Grouping.POOLED:
            for question in node.children:
                yield (POOLED, question.key), question.value
            return
        for group in node.children:
            for question in group.children:
                yield (group.key, question.key), question.value

    def _rates(self, question: str, group: str) -> tuple[Share, ...]:
        return self._all_rates.get((question, group), ())

    @cached_property
    def _all_rates(self) -> Mapping[tuple[str, str], tuple[Share, ...]]:
        """(question, group) → the scheme's rates of it."""
        key = self.component.key
        ours = tuple(rate for rate in self.scheme.rates if rate.component == key)
        found: dict[tuple[str, str], tuple[Share, ...]] = {}
        evidence = ScoreInput(tallies={key: self.tally})
        for share in rates_of(replace(self.scheme, rates=ours), evidence):
            place = share.question, share.group
            found[place] = (*found.get(place, ()), share)
        return found


def _answers(
    question: Question,
    group: tuple[str, Bilingual],
    counts: Counts,
    *,
    rates: tuple[Share, ...],
    score: Fraction | None,
) -> GroupAnswers:
    """Return one group's answers to one question."""
    key, label = group
    n = sum(counts.get(choice.key, 0) for choice in question.choices)
    choices = tuple(
        ChoiceShare(c.key, c.label, c.rates, counts.get(c.key, 0), n)
        for c in question.choices
    )
    return GroupAnswers(key, label, choices, rates, score)
