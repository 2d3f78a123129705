"""What is told of questions that are no plain ratings, cell by cell.

A plain rating is one cell: everybody answers it, once. Of several choices each is a
cell of its own, with those who did not tick it; numbers are told in bands; a question
that may be left empty, or that depends on another, is about fewer people than answered.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from survey_app.domain.counting.number_bands import bands_from, in_bands
from survey_app.domain.counting.tally import Counts, GroupTally, heard
from survey_app.domain.questionnaire.question import (
    ANSWERED,
    BLANK,
    DONT_KNOW,
    NOT_ASKED,
    Question,
    QuestionKind,
)
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.other_value_checks import least_of
from survey_app.domain.scheme.scheme import SurveyRules

TICKED, UNTICKED = "ticked", "unticked"
UNSAID = (BLANK, NOT_ASKED)
Together = tuple[str, ...]
"""Answers of which "nearly everybody" is told as a band."""


def cell_of(question: str, choice: str) -> str:
    """Return what stands for one choice of several in a plan; no key has a point."""
    return f"{question}.{choice}"


def question_of(cell: str) -> str:
    """Return the question a cell belongs to."""
    return cell.partition(".")[0]


@dataclass(frozen=True, slots=True)
class OtherQuestion:
    """A question of the plan that is no plain rating."""

    key: str
    kind: QuestionKind
    choices: tuple[str, ...] = ()
    bands: tuple[int, ...] = ()
    """Lower ends, lowest first."""
    telling: tuple[Together, ...] = ()
    """Empty: every answer by itself; else those that count as dissatisfied."""
    condition: str = ""
    """The question it depends on."""
    is_loose: bool = False
    """Whether it may be about fewer people than answered."""
    is_mean: bool = False
    """Whether the scheme makes an exact mean of its numbers."""
    counts: bool = False
    """Whether it enters the score."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells it is told in, the one of all who answered first."""
        ticks = self.choices if self.kind is QuestionKind.SEVERAL else ()
        return (self.key, *(cell_of(self.key, choice) for choice in ticks))

    def counted(self, counts: Counts) -> Iterator[tuple[str, Counts]]:
        """Yield the cells with what is told in them, of those who said anything."""
        said = {choice: n for choice, n in counts.items() if choice not in UNSAID}
        if self.kind is QuestionKind.NUMBER:
            said = in_bands(said, bands_from(self.bands))
        if self.kind is not QuestionKind.SEVERAL:
            yield self.key, said
            return
        answered = heard(counts)
        yield self.key, {ANSWERED: answered} if answered else {}
        for choice in self.choices if answered else ():
            ticked = said.get(choice, 0)
            cell = {TICKED: ticked, UNTICKED: answered - ticked}
            yield cell_of(self.key, choice), cell

    def alike(self, counts: Counts) -> Iterator[Together]:
        """Yield the answers of a cell whose sum "nearly everybody" is asked of."""
        if self.telling:
            yield from self.telling
            return
        for answer in counts:
            if answer not in (ANSWERED, DONT_KNOW):
                yield (answer,)


def most_alike(counts: Counts, alike: Iterable[Together]) -> tuple[Together, int]:
    """Return the answers that most gave, and how many; nobody: none."""
    sums = [(some, sum(counts.get(one, 0) for one in some)) for some in alike]
    return max(sums, key=lambda pair: pair[1], default=((), 0))


def cell_tally(
    asked: GroupTally, others: Mapping[str, OtherQuestion]
) -> dict[str, Counts]:
    """Return one group's counts by cell."""
    cells: dict[str, Counts] = {}
    for question, counts in asked.items():
        other = others.get(question)
        cells |= {question: counts} if other is None else dict(other.counted(counts))
    return cells


def other_questions(
    questionnaire: Questionnaire, rules: SurveyRules | None, watched: Iterable[str]
) -> tuple[OtherQuestion, ...]:
    """Return the questions that are no plain ratings, in the order asked.

    `watched` are the choices that count as dissatisfied.
    """
    objecting = frozenset(watched)
    return tuple(
        _other(question, rules, objecting)
        for question in questionnaire.questions
        if not question.is_plain
    )


def _other(
    question: Question, rules: SurveyRules | None, objecting: frozenset[str]
) -> OtherQuestion:
    rule = rules.number_rule(question.key) if rules else None
    valued = rules is not None and question.key in rules.other_valued
    rates = question.kind is QuestionKind.RATING
    return OtherQuestion(
        key=question.key,
        kind=question.kind,
        choices=tuple(choice.key for choice in question.choices),
        bands=tuple(band.low for band in question.number_bands),
        telling=_telling(question, rules, objecting) if valued or rates else (),
        condition=question.show_if.question if question.show_if else "",
        is_loose=question.optional or question.show_if is not None,
        is_mean=rule is not None and rule.is_mean,
        counts=valued or rates,
    )


def _telling(
    question: Question, rules: SurveyRules | None, objecting: frozenset[str]
) -> tuple[Together, ...]:
    """Return the answers that count as dissatisfied where the question is scored."""
    watched = tuple(c.key for c in question.choices if c.key in objecting)
    if watched or rules is None:
        return (watched,) if watched else ()
    if question.number_bands:
        rule = rules.number_rule(question.key)
        lowest = question.number_bands[0].key
        if rule is None or rule.is_mean:
            return ((lowest,),)
        worth = tuple((b.key, rule.of_band(b.low).value) for b in question.number_bands)
        return (least_of(worth),)
    values = rules.values_of(question.key)
    offered = {choice.key for choice in question.choices}
    worth = tuple((key, points.value) for key, points in values if key in offered)
    return (least_of(worth),) if worth else ()
