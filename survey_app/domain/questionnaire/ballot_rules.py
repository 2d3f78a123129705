"""Rules about single ballots and extremes: what is refused, and what is left out.

A scheme says `BallotRule`; on a sheet with so many marks it becomes a `SheetRule` with
a whole number that stands on the page. `broken_rules` is the one judgement: before a
ballot is sent, after a box was opened, and on paper.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from survey_app.domain.ground.stated import Stated
from survey_app.domain.questionnaire.questionnaire import WITHOUT_POINTS

Mark = tuple[int, str]
"""Subject and question: one thing that is marked on a sheet."""


@dataclass(frozen=True, slots=True)
class Trim:
    """Leave out the highest and lowest ratings of a question in a group."""

    highest: Stated[int]
    lowest: Stated[int]
    when_more_than: Stated[int]


class BallotRuleKind(StrEnum):
    """What a rule for a single ballot asks for."""

    AT_MOST = "at-most"
    AT_LEAST = "at-least"
    NOT_ALL_EQUAL = "not-all-equal"


class Over(StrEnum):
    """How far a rule looks."""

    BALLOT = "ballot"
    """All marks of the sheet, about whomever."""
    SUBJECT = "subject"
    """The marks of each subject by themselves."""


@dataclass(frozen=True, slots=True)
class BallotRule:
    """A rule a single ballot must obey before it is sent; on paper: or be invalid."""

    kind: str
    """See `BallotRuleKind`."""
    choices: tuple[str, ...] = ()
    count: Stated[int] | None = None
    share: Stated[Fraction] | None = None
    """In place of the count: of the marks the rule governs."""
    questions: tuple[str, ...] = ()
    """Empty: all."""
    over: Over = Over.BALLOT

    def limit(self, marks: int) -> int:
        """Return how many of so many marks may, or must, be among the choices.

        A share is rounded so that it holds exactly: a cap down, but never to none, for
        a sheet about few would then forbid a choice it offers; a minimum up.
        """
        if self.count is not None:
            return self.count.value
        share = self.share.value if self.share else Fraction(0)
        if self.kind == BallotRuleKind.AT_MOST:
            return max(1, floor(share * marks))
        return ceil(share * marks)


@dataclass(frozen=True, slots=True)
class SheetRule:
    """A rule on one sheet: which marks it governs, and the number that holds there."""

    number: int
    """Which rule of the survey it is, from 0."""
    rule: BallotRule
    marks: tuple[Mark, ...]

    @property
    def limit(self) -> int:
        """How many marks may, or must, be among the choices."""
        return self.rule.limit(len(self.marks))

    @property
    def subject(self) -> int | None:
        """Whom it is about by himself; None for a rule over the whole sheet."""
        return self.marks[0][0] if self.rule.over is Over.SUBJECT else None

    @property
    def can_be_broken(self) -> bool:
        """Whether any marks at all would break it; a cap of 3 on 2 marks is none."""
        if self.rule.kind == BallotRuleKind.AT_MOST:
            return self.limit < len(self.marks)
        return len(self.marks) > (self.rule.kind == BallotRuleKind.NOT_ALL_EQUAL)

    @property
    def can_be_obeyed(self) -> bool:
        """Whether there are as many marks as it asks for."""
        return self.rule.kind != BallotRuleKind.AT_LEAST or self.limit <= len(
            self.marks
        )

    def used(self, picks: Mapping[Mark, str]) -> int:
        """Return how many of its marks are among its choices."""
        return sum(picks.get(mark) in self.rule.choices for mark in self.marks)

    def is_broken(self, picks: Mapping[Mark, str]) -> bool:
        """Return whether no filling in of what is still open would obey it.

        Only ratings count: whoever rates nothing obeys every rule.
        """
        ratings = [
            picks[mark]
            for mark in self.marks
            if mark in picks and picks[mark] not in WITHOUT_POINTS
        ]
        still_open = sum(mark not in picks for mark in self.marks)
        if self.rule.kind == BallotRuleKind.AT_MOST:
            return self.used(picks) > self.limit
        if self.rule.kind == BallotRuleKind.AT_LEAST:
            return bool(ratings) and self.used(picks) + still_open < self.limit
        return not still_open and len(ratings) > 1 and len(set(ratings)) == 1


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule that these marks break."""

    rule: SheetRule
    used: int
    """Marks among its choices."""

    @property
    def to_change(self) -> int:
        """At least so many marks must change."""
        if self.rule.rule.kind == BallotRuleKind.NOT_ALL_EQUAL:
            return 1
        return abs(self.used - self.rule.limit)


def sheet_rules(
    rules: Iterable[BallotRule], subjects: Sequence[int], questions: Sequence[str]
) -> tuple[SheetRule, ...]:
    """Return what a sheet about these subjects must obey, in the order of the rules.

    Rules that no marks on it could break are left out.
    """
    return tuple(
        one
        for number, rule in enumerate(rules)
        for one in _on_the_sheet(number, rule, subjects, questions)
        if one.can_be_broken
    )


def _on_the_sheet(
    number: int, rule: BallotRule, subjects: Sequence[int], questions: Sequence[str]
) -> Iterable[SheetRule]:
    asked = [key for key in questions if not rule.questions or key in rule.questions]
    whole = [tuple((subject, key) for subject in subjects for key in asked)]
    each = [tuple((subject, key) for key in asked) for subject in subjects]
    for marks in each if rule.over is Over.SUBJECT else whole:
        yield SheetRule(number, rule, marks)


def broken_rules(
    rules: Iterable[SheetRule], picks: Mapping[Mark, str]
) -> tuple[BrokenRule, ...]:
    """Return every rule these marks break; marks that are missing are still open."""
    return tuple(
        BrokenRule(rule, rule.used(picks)) for rule in rules if rule.is_broken(picks)
    )
