"""Every number that is printed about a subject, and what answers it is made of.

Nothing of the plan's own reckoning is used here. The values behind the pages are read
as they are printed; how much an answer weighs in a score is found by letting it be
another one and working the score sheet out anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from survey_app.analytics.tally_results import TallyResults
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.subject_plan import Place, SubjectPlan
from survey_app.domain.counting.tally import Tally, heard, people
from survey_app.domain.disclosure.cells import cell_of, question_of
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.posted_cells import open_cells
from survey_app.domain.disclosure.shown_alert import shown_alerts
from survey_app.domain.disclosure.span import Cost, Published
from survey_app.domain.questionnaire.question import Question, QuestionKind
from survey_app.domain.questionnaire.questionnaire import questions_of
from survey_app.domain.scheme.floors import PUBLIC_FLOOR
from survey_app.domain.scheme.scheme import POOLED, Post, SurveyRules
from survey_app.domain.scoring.counting_questions import counting_tally
from survey_app.domain.scoring.score_sheet import Node

Names = tuple[str, ...]
Leaves = frozenset[Place]


@dataclass(frozen=True, slots=True)
class Counts:
    """The true counts about one subject, and what its plan shows of them."""

    subject: int
    results: TallyResults
    posts: tuple[Post, ...]
    """By whose weights a score is printed."""

    @property
    def plan(self) -> SubjectPlan:
        """What may be shown."""
        return self.results.plan

    @property
    def tally(self) -> Tally:
        """What was counted."""
        return self.results.tally

    @property
    def rules(self) -> SurveyRules:
        """The rules it was counted by."""
        return self.results.rules

    def people(self, groups: Names) -> int:
        """Return how many answered in these groups: the most on any question each."""
        return sum(
            max((people(counts) for counts in self.tally[group].values()), default=0)
            for group in groups
        )

    def asked(self, key: str) -> Question:
        """Return a question by its key; one nobody describes is a plain rating."""
        (question,) = questions_of(self.results.questionnaire, [key])
        return question

    def heard(self, group: str, question: str) -> int:
        """Return how many of a group said anything to this question.

        To one that everybody answers, an empty line on paper is an answer too.
        """
        counts = self.tally.get(group, {}).get(question, {})
        return people(counts) if self.asked(question).is_plain else heard(counts)

    def leaves(self, groups: Names, cell: str) -> Leaves:
        """Return those of the groups in which anybody answered this question.

        Of several choices each is a cell of its own; see `cell_of`.
        """
        question = question_of(cell)
        return frozenset((g, cell) for g in groups if self.heard(g, question))

    @property
    def inhabited(self) -> Names:
        """The groups anybody answered in."""
        return tuple(group for group in self.tally if self.people((group,)))

    @property
    def shown(self) -> Names:
        """The groups the plan shows."""
        return tuple(group for group in self.inhabited if group in self.plan.shown)

    @property
    def hidden(self) -> Names:
        """The groups the plan does not show."""
        return tuple(group for group in self.inhabited if group not in self.plan.shown)


def printed_numbers(about: Counts, frozen: FrozenPlan) -> tuple[Published, ...]:
    """Return every printed number about the subject as a sum over (group, question).

    Pinned are the component's score, and what was posted when a box was opened.
    """
    told = dict.fromkeys((*_counted(about), *_judged(about)))
    posted = _posted(about, frozen) if frozen.is_secret else ()
    return (
        *(_number("told", leaves, Cost.LEAF) for leaves in told),
        *(_number("posted", leaves, Cost.PINNED) for leaves in posted),
        *(one for post in about.posts for one in _scored(about, post)),
    )


def _number(kind: str, leaves: Leaves, cost: Cost) -> Published:
    """Return the number of the answers of these leaves."""
    return Published((kind, repr(sorted(leaves))), dict.fromkeys(leaves, 1), cost)


def _counted(about: Counts) -> Iterator[Leaves]:
    """Yield whose answers are counted on the page, question by question."""
    node, _ = about.results.score(about.posts[0])
    for question in about.results.questions(node):
        condition = about.asked(question.key).show_if
        for told in question.groups:
            groups = about.inhabited if told.key == POOLED else (told.key,)
            if told.is_told:
                yield about.leaves(groups, question.key)
            if question.kind is QuestionKind.SEVERAL:
                for choice in told.choices:
                    yield about.leaves(groups, cell_of(question.key, choice.key))
            if condition and (told.is_told or told.n):
                # How many were asked is how many answered so before.
                yield about.leaves(groups, condition.question)


def _judged(about: Counts) -> Iterator[Leaves]:
    """Yield whose answers an alert counts with its numbers."""
    results = about.results
    counting = counting_tally(about.tally, about.rules, results.questionnaire)
    evidence = ScoreInput(
        tallies={results.key: counting}, turnout={results.key: results.turnout}
    )
    for shown in shown_alerts(results.scheme, evidence, results.key, about.plan):
        if shown.has_numbers:
            every = shown.rule.rater_groups or about.inhabited
            groups = every if shown.alert.group == POOLED else (shown.alert.group,)
            if leaves := about.leaves(tuple(groups), shown.alert.question):
                yield leaves


def _posted(about: Counts, frozen: FrozenPlan) -> Iterator[Leaves]:
    """Yield whose counts everybody has, because they were posted with the head."""
    floors = frozen.floors
    posted = {
        group: {q: counts for q, counts in asked.items() if about.asked(q).is_plain}
        for group, asked in about.tally.items()
    }
    cells = open_cells(
        {about.subject: posted},
        floor=max(floors.office, floors.public, PUBLIC_FLOOR),
        shroud=floors.shroud,
        dissatisfied=frozen.dissatisfied,
    )
    for _, group, question in sorted(cells):
        yield frozenset({(group, question)})


def _scored(about: Counts, post: Post) -> Iterator[Published]:
    """Yield every score on the sheet of this post, the component's own one pinned."""
    dull = {
        group: {q: _all(about, q, counts, best=False) for q, counts in asked.items()}
        for group, asked in about.tally.items()
    }
    before = _values(about, dull, post)
    vectors: dict[Names, dict[Place, Fraction]] = {place: {} for place in before}
    for group, asked in about.tally.items():
        for question, counts in asked.items():
            if not _rated(about, question, counts):
                continue
            other = _all(about, question, counts, best=True)
            changed = {**dull[group], question: other}
            after = _values(about, {**dull, group: changed}, post)
            for place in before:
                if before[place] != after.get(place, before[place]):
                    moved = (after[place] - before[place]) / _rated(
                        about, question, counts
                    )
                    vectors[place][group, question] = moved
    for place, vector in vectors.items():
        if vector:
            name = f"{post}: {' '.join(place)}", ""
            yield Published(name, vector, Cost.LEAF if place else Cost.PINNED)


def _all(
    about: Counts, question: str, counts: Mapping[str, int], *, best: bool
) -> dict[str, int]:
    """Return the counts had everybody who gave a rating given the best, or worst."""
    worth = _worth(about, question)
    rated = _rated(about, question, counts)
    others = {key: n for key, n in counts.items() if key not in worth}
    if not rated:
        return others
    choice = (max if best else min)(worth, key=worth.__getitem__)
    return others | {choice: rated}


def _rated(about: Counts, question: str, counts: Mapping[str, int]) -> int:
    worth = _worth(about, question)
    return sum(n for choice, n in counts.items() if choice in worth)


def _worth(about: Counts, question: str) -> dict[str, Fraction]:
    """Return what the choices or numbers of a question are worth; of others nothing."""
    rates = about.asked(question).kind is QuestionKind.RATING
    if not rates and question not in about.rules.other_valued:
        return {}
    return {choice: s.value for choice, s in about.rules.values_of(question)}


def _values(about: Counts, tally: Tally, post: Post) -> dict[Names, Fraction]:
    """Return where on the sheet → the number printed there, had this been counted.

    The plan stays the one that is stored.
    """
    node, _ = replace(about.results, tally=tally).score(post)
    return dict(_below(node, ()))


def _below(node: Node, place: Names) -> Iterator[tuple[Names, Fraction]]:
    if node.value is not None:
        yield place, node.value
    for child in node.parts:
        yield from _below(child, (*place, child.key))
