"""A reader of results who adds, subtracts and scales all that is told.

Nothing of the plan's own reckoning is used: the unknowns are single counts, of one
answer in one rater group, and what binds a question to the one it depends on is known.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from survey_app.analytics.tally_results import TallyResults
from survey_app.domain.counting.tally import Tally, added
from survey_app.domain.disclosure.evaluation import Counted, evaluated
from survey_app.domain.disclosure.frozen_plan import Asking, FrozenPlan, frozen_plan
from survey_app.domain.disclosure.span import PRIME, Span
from survey_app.domain.questionnaire.question import (
    ANSWERED,
    BLANK,
    NOT_ASKED,
    Question,
    QuestionKind,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import POOLED, Grouping, Post, Scheme
from survey_app.domain.scoring.counting_questions import counting_tally
from survey_app.domain.scoring.score_sheet import Node, NodeKind
from tests.support.kinds_crowd import DRAWN

Row = dict[tuple[str, str], Fraction]
COMPONENT = "satisfaction"


def told_of(
    scheme: Scheme,
    questionnaire: Questionnaire,
    tally: Tally,
    *,
    is_secret: bool = False,
) -> tuple[TallyResults, FrozenPlan]:
    """Return the results of one subject as they are told."""
    asking = Asking(1, "", COMPONENT, is_secret)
    frozen = frozen_plan(asking, scheme, questionnaire, (1,))
    plan = evaluated(frozen, [Counted(1, tally, scheme)]).of_subject(1)
    return TallyResults(scheme, COMPONENT, questionnaire, tally, plan), frozen


class Reader:
    """What can be worked out about one subject."""

    def __init__(self, results: TallyResults, *, with_score: bool = True) -> None:
        self.results, self.span, self.known = results, Span(), 0
        self.node, self.blocked = results.score(Post.PRINCIPAL)
        for row in self._bound():
            self._learn(row)
        for row in self._told():
            self._learn(row)
        for row in self._scores() if with_score else ():
            self._learn(row)

    def knows(self, row: Row) -> bool:
        """Return whether this sum can be worked out; nobody asks for nothing."""
        return bool(row) and self.span.derivation(_whole(row)) is not None

    def _learn(self, row: Row) -> None:
        if row:
            self.known += 1
            self.span.add(("told", str(self.known)), _whole(row))

    def _groups(self, key: str) -> tuple[str, ...]:
        every = tuple(self.results.tally)
        return every if key == POOLED else (key,)

    def answers(self, question: Question) -> tuple[str, ...]:
        """Return everything that could be counted of a question here."""
        seen = {
            answer
            for asked in self.results.tally.values()
            for answer in asked.get(question.key, {})
        }
        numbers = question.kind is QuestionKind.NUMBER
        every = {*map(str, DRAWN)} if numbers else set(question.answers)
        return tuple(sorted({*every, *seen, BLANK, NOT_ASKED}))

    def _bound(self) -> Iterator[Row]:
        """Yield what binds counts whatever was said: who was asked, and how many."""
        questions = self.results.questionnaire.questions
        by_key = {question.key: question for question in questions}
        for group in self.results.tally:
            for question in questions:
                unasked = {(group, f"{question.key}={NOT_ASKED}"): Fraction(1)}
                condition = question.show_if
                if condition is None:
                    yield unasked
                    continue
                others = set(self.answers(by_key[condition.question]))
                for answer in others - set(condition.choices):
                    place = group, f"{condition.question}={answer}"
                    unasked[place] = Fraction(-1)
                yield unasked
        for group in self.results.plan.shown - {POOLED}:
            for question in questions:
                yield {
                    (group, f"{question.key}={answer}"): Fraction(1)
                    for answer in self._once(question)
                }

    def _once(self, question: Question) -> tuple[str, ...]:
        """Return the answers every person gives exactly one of."""
        if question.kind is QuestionKind.SEVERAL:
            return (ANSWERED, BLANK, NOT_ASKED)
        return self.answers(question)

    def _inside(self, question: Question, key: str) -> tuple[str, ...]:
        if question.kind is not QuestionKind.NUMBER:
            return (key,)
        band = next(one for one in question.number_bands if one.key == key)
        return tuple(
            answer
            for answer in self.answers(question)
            if answer.isdigit() and band.low <= int(answer) <= band.high
        )

    def _sum(self, groups: tuple[str, ...], key: str, answers: Iterator[str]) -> Row:
        several = tuple(answers)
        return {
            (group, f"{key}={answer}"): Fraction(1)
            for group in groups
            for answer in several
        }

    def _told(self) -> Iterator[Row]:
        """Yield every count on the page."""
        asked = {q.key: q for q in self.results.questionnaire.questions}
        for told in self.results.questions(self.node):
            question = asked[told.key]
            for group in told.groups:
                groups = self._groups(group.key)
                for choice in group.choices:
                    inside = self._inside(question, choice.key)
                    yield self._sum(groups, told.key, iter(inside))
                if group.is_told or group.n:
                    heard = set(self._once(question)) - {BLANK, NOT_ASKED}
                    yield self._sum(groups, told.key, iter(heard))
                if group.is_told:
                    yield self._sum(groups, told.key, iter([BLANK]))
                    yield self._sum(groups, told.key, iter([NOT_ASKED]))

    def _scores(self) -> Iterator[Row]:
        """Yield every score on the sheet that has a value."""
        yield from self._scored(self.node, ())

    def _scored(self, node: Node, above: tuple[Node, ...]) -> Iterator[Row]:
        if node.value is not None and node.kind is not NodeKind.CHOICE:
            inside = (n.key for n in (*above, node) if n.kind is NodeKind.GROUP)
            group = next(inside, POOLED)
            if node.kind is NodeKind.QUESTION:
                yield self.mean(group, node.key)
            elif node.kind is NodeKind.GROUP:
                yield self._group(node)
            else:
                yield self._component(node)
        for part in node.parts:
            if part.kind is not NodeKind.CHOICE:
                yield from self._scored(part, (*above, node))

    def mean(self, group: str, key: str) -> Row:
        """Return the mean of one question as a sum of its counts."""
        rules, full = self.results.rules, self.results.component.full_marks.value
        values = dict(rules.values_of(key, full))
        groups = self._groups(group)
        counts = added(self.results.tally[one].get(key, {}) for one in groups)
        n = sum(count for answer, count in counts.items() if answer in values)
        question = self.results.questionnaire.question(key)
        assert question is not None
        return {
            (one, f"{key}={answer}"): values[answer].value / n
            for one in groups
            for answer in self.answers(question)
            if answer in values and values[answer].value
        }

    def _group(self, node: Node) -> Row:
        counting = counting_tally(
            self.results.tally, self.results.rules, self.results.questionnaire
        )
        values = [
            key
            for key, counts in counting[node.key].items()
            if any(
                n
                for a, n in counts.items()
                if a in dict(self.results.rules.values_of(key))
            )
        ]
        row: Row = {}
        for key in values:
            for place, part in self.mean(node.key, key).items():
                row[place] = part / len(values)
        return row

    def _pooled(self) -> Row:
        keys = [part.key for part in self.node.parts]
        rows = [self.mean(POOLED, key) for key in keys if self._rated(key)]
        return {place: part / len(rows) for row in rows for place, part in row.items()}

    def _rated(self, key: str) -> bool:
        values = dict(self.results.rules.values_of(key))
        return any(
            n and answer in values
            for asked in self.results.tally.values()
            for answer, n in asked.get(key, {}).items()
        )

    def _component(self, node: Node) -> Row:
        row: Row = {}
        if self.results.rules.grouping.value is Grouping.POOLED:
            return self._pooled()
        for group in node.parts:
            if group.weight and group.key in self.results.plan.shown:
                for place, part in self._group(group).items():
                    row[place] = part * group.weight
        return row


def sets_of(groups: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield every set of one group or more."""
    for size in range(1, len(groups) + 1):
        yield from combinations(groups, size)


def _whole(row: Row) -> dict[tuple[str, str], int]:
    return {
        place: part.numerator * pow(part.denominator, -1, PRIME) % PRIME
        for place, part in row.items()
    }
