"""From one tally to what may be said about it, question by question."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from survey_app.analytics.question_answers import ToldQuestion, told_choices
from survey_app.analytics.survey_results import (
    GroupScore,
    QuestionResults,
    QuestionShare,
)
from survey_app.domain.counting.evidence import NamedRating, ScoreInput
from survey_app.domain.counting.shares import Share, rates_of
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import Counts, Tally, Turnout, added
from survey_app.domain.disclosure.cells import OtherQuestion, other_questions
from survey_app.domain.disclosure.frozen_plan import dissatisfied
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark
from survey_app.domain.questionnaire.questionnaire import Question, Questionnaire
from survey_app.domain.scheme.other_value_checks import counts as counts_at_all
from survey_app.domain.scheme.scheme import POOLED, Component, Post, Scheme, SurveyRules
from survey_app.domain.scoring.counting_questions import counting_tally
from survey_app.domain.scoring.group_score import Scales, Shared
from survey_app.domain.scoring.score import shown_sheet
from survey_app.domain.scoring.score_sheet import Node, NodeKind
from survey_app.domain.scoring.survey_score import ALL_POOLED


@dataclass(frozen=True)
class TallyResults:
    """One subject's tally under the rules of its component, and the plan for it."""

    scheme: Scheme
    """With the rater groups as they were counted about this subject."""
    key: str
    """Of the component."""
    questionnaire: Questionnaire
    tally: Tally
    plan: SubjectPlan
    turnout: Mapping[str, Turnout] = field(default_factory=dict)
    named: Mapping[str, tuple[NamedRating, ...]] = field(default_factory=dict)
    """Rater group → what its people signed, where they do not answer."""
    scales: Scales = field(default_factory=dict)

    @property
    def component(self) -> Component:
        """The component, with its groups as they were counted."""
        return self.scheme.component(self.key)

    @property
    def rules(self) -> SurveyRules:
        """The rules of the survey; opening a survey makes sure there are some."""
        if self.component.survey is None:
            raise ValueError("the component takes no survey")
        return self.component.survey

    @property
    def _evidence(self) -> ScoreInput:
        turnout = {self.key: self.turnout} if self.turnout else {}
        counting = counting_tally(self.tally, self.rules, self.questionnaire)
        return ScoreInput(
            tallies={self.key: counting},
            turnout=turnout,
            named={self.key: self.named} if self.named else {},
        )

    def score(self, post: Post) -> tuple[Node, tuple[Remark, ...]]:
        """Return the component's node with its groups, and why it has no value."""
        alone = replace(self.scheme, components=(self.component,))
        sheet = shown_sheet(
            alone,
            self._evidence,
            {self.key: self.plan},
            post=post,
            questionnaires={self.questionnaire.key: self.questionnaire},
            shared=Shared(self.scales),
        )
        node = sheet.root.parts[0]
        return node, sheet.blocked if node.value is None else ()

    def groups(self, node: Node, post: Post) -> tuple[GroupScore, ...]:
        """Return every rater group; one that is not shown without any number."""
        scores = {
            part.key: part.value for part in node.parts if part.kind is NodeKind.GROUP
        }
        return tuple(
            GroupScore(
                key=group.key,
                label=group.label,
                n=n,
                score=scores.get(group.key) if n or not group.is_asked else None,
                weight=group.weight.of(post).value,
                signed=None if group.is_asked else len(self.named.get(group.key, ())),
            )
            for group in self.rules.rater_groups
            for n in [self.plan.sizes.get(group.key) if group.is_asked else 0]
        )

    def objections(self) -> tuple[QuestionShare, ...]:
        """Return for each question in which one can object how many do, of everybody.

        Made of counts that are shown themselves; of the others only their band.
        """
        alerts = [a for a in self.scheme.alerts if a.component == self.key]
        objects = set(dissatisfied(self.rules, alerts))
        asked = self.rules.asked
        everybody = POOLED if len(asked) > 1 else asked[0].key if asked else ""
        return tuple(
            self._objection(question, everybody, objects)
            for question in self.questionnaire.ratings
            if objects.intersection(c.key for c in question.choices if c.rates)
        )

    def _objection(
        self, question: Question, everybody: str, objects: Set[str]
    ) -> QuestionShare:
        told = {key: counts for key, _, counts in self._counts(question.key)}
        if everybody not in told:
            nobody = not any(n is None or n for n in self.plan.sizes.values())
            return QuestionShare(question.key, 0 if nobody else None)
        counts = told[everybody]
        if not self.plan.tells(everybody, question.key):
            n = _asked(question, counts)
            band = self.plan.band(everybody, question.key, n)
            return QuestionShare(question.key, None, band=band)
        ratings = [choice.key for choice in question.choices if choice.rates]
        return QuestionShare(
            question.key,
            rated=sum(counts.get(choice, 0) for choice in ratings),
            objecting=sum(counts.get(choice, 0) for choice in objects),
        )

    @property
    def is_full_count(self) -> bool:
        """Whether everybody who may answer handed in a valid ballot, where known."""
        turnouts = [self.turnout.get(group.key) for group in self.rules.asked]
        return bool(turnouts) and all(map(_is_full, turnouts))

    def questions(self, node: Node) -> tuple[QuestionResults, ...]:
        """Return each question with the groups that may be shown."""
        scores = dict(self._scores(node))
        return tuple(
            QuestionResults(
                key=question.key,
                text=question.text,
                groups=tuple(
                    replace(answers, score=score) if answers.is_told else answers
                    for key, label, counts in self._counts(question.key)
                    if counts
                    for rates in [self._rates(question.key, key)]
                    for score in [scores.get((key, question.key))]
                    for answers in [told.answers((key, label), counts, rates)]
                ),
                choices=told_choices(question),
                kind=question.kind,
                is_scored=counts_at_all(self.rules, question),
                is_plain=question.is_plain,
            )
            for question in self.questionnaire.questions
            for other in [self._others.get(question.key)]
            for told in [ToldQuestion(question, other, self.plan)]
        )

    @cached_property
    def _others(self) -> Mapping[str, OtherQuestion]:
        """How the questions are told that are no plain ratings."""
        if self.questionnaire.is_plain:
            return {}
        alerts = [a for a in self.scheme.alerts if a.component == self.key]
        objecting = dissatisfied(self.rules, alerts)
        found = other_questions(self.questionnaire, self.rules, objecting)
        return {one.key: one for one in found}

    def _counts(self, question: str) -> Iterator[tuple[str, Bilingual, Counts]]:
        """Yield key, name and counts of every group that may be shown, then of all."""
        for group in self.rules.rater_groups:
            if group.key in self.plan.shown:
                yield group.key, group.label, self._of(group.key, question)
        if self.plan.together is not None and len(self.rules.asked) > 1:
            everybody = added(self._of(group, question) for group in self.tally)
            yield POOLED, ALL_POOLED, everybody

    def _of(self, group: str, question: str) -> Counts:
        return self.tally.get(group, {}).get(question, {})

    def _scores(self, node: Node) -> Iterator[tuple[tuple[str, str], Fraction | None]]:
        """Yield (group, question) → mean points, as they stand on the score sheet."""
        for part in node.parts:
            if part.kind is NodeKind.QUESTION:
                yield (POOLED, part.key), part.value
            elif part.kind is NodeKind.GROUP:
                for question in part.parts:
                    yield (part.key, question.key), question.value

    def _rates(self, question: str, group: str) -> tuple[Share, ...]:
        return self._all_rates.get((question, group), ())

    @cached_property
    def _all_rates(self) -> Mapping[tuple[str, str], tuple[Share, ...]]:
        """(question, group) → the scheme's rates of it."""
        ours = tuple(r for r in self.scheme.rates if r.component == self.key)
        found: dict[tuple[str, str], tuple[Share, ...]] = {}
        for share in rates_of(replace(self.scheme, rates=ours), self._evidence):
            place = share.question, share.group
            found[place] = (*found.get(place, ()), share)
        return found


def _is_full(turnout: Turnout | None) -> bool:
    if turnout is None or turnout.returned is None or not turnout.membership:
        return False
    return turnout.returned - (turnout.invalid or 0) >= turnout.membership


def all_objections(shares: Sequence[QuestionShare]) -> tuple[Fraction | None, int]:
    """Return the share of all ratings that objects, and how many people gave them.

    None where one of them is not shown, and where nobody rated.
    """
    rated = [share.rated for share in shares if share.rated is not None]
    whole = sum(rated)
    if len(rated) < len(shares) or not whole:
        return None, 0
    objecting = sum(share.objecting for share in shares)
    return Fraction(objecting, whole), whole // len(rated)


def _asked(question: Question, counts: Counts) -> int:
    """Return how many answers to the question were counted."""
    return sum(counts.get(choice.key, 0) for choice in question.choices)
