"""The part of a scheme file that says how the counts of one survey become points."""

from enum import StrEnum

from survey_app.domain.ballot_rules import BallotRule, Trim
from survey_app.domain.files.checked_table import CheckedTable
from survey_app.domain.files.value_sets import ValueSets
from survey_app.domain.files.weight_fields import EQUAL, weight_of
from survey_app.domain.files.written_value import POINTS, SHARE, one_of, whole
from survey_app.domain.scheme import (
    Comparator,
    Condition,
    CountsAs,
    Denominator,
    Design,
    Grouping,
    RaterGroup,
    SurveyRules,
    WhenEmpty,
)
from survey_app.domain.stated import assumed

SURVEY_KEYS = (
    "questionnaire",
    "values",
    "abstain",
    "dont_know",
    "blank",
    "question_weights",
    "rater_groups",
    "grouping",
    "empty_group",
    "empty_question",
    "minimum_answers",
    "conditions",
    "trim",
    "ballot_rules",
)
"""What only a component of kind "survey" may say."""

MANY, FEW = 30, 8
"""Answers a group needs before it has a score: from anybody, and from a roster."""

COUNTS = one_of(CountsAs)
EMPTY = one_of(WhenEmpty, because="; what is missing never counts as zero")
ANSWERS = whole(1, 1_000_000)


class BallotRuleKind(StrEnum):
    """What a rule for a single ballot asks for."""

    AT_MOST = "at-most"
    AT_LEAST = "at-least"
    NOT_ALL_EQUAL = "not-all-equal"


def survey_rules(table: CheckedTable, sets: ValueSets) -> SurveyRules:
    """Return the rules of one survey component."""
    grouping = table.stated("grouping", one_of(Grouping), default=Grouping.AVERAGED)
    own_minimum = table.get("minimum_answers") is not None
    return SurveyRules(
        questionnaire=table.text("questionnaire"),
        values=sets.of(table),
        abstain=table.stated("abstain", COUNTS, default=CountsAs.OUT),
        dont_know=table.stated("dont_know", COUNTS, default=CountsAs.OUT),
        blank=table.stated("blank", COUNTS, default=CountsAs.OUT),
        question_weights=tuple(
            (question, weights.stated(question, POINTS))
            for weights in [table.table("question_weights")]
            for question in sorted(weights.content)
        ),
        rater_groups=tuple(
            rater_group(group, grouping.value, own_minimum=own_minimum)
            for group in table.tables("rater_groups")
        ),
        grouping=grouping,
        empty_group=table.stated("empty_group", EMPTY, default=WhenEmpty.BLOCK),
        empty_question=table.stated("empty_question", EMPTY, default=WhenEmpty.BLOCK),
        minimum_answers=table.stated("minimum_answers", ANSWERS, default=MANY),
        conditions=tuple(condition(one) for one in table.tables("conditions")),
        trim=trim(table),
        ballot_rules=tuple(ballot_rule(one) for one in table.tables("ballot_rules")),
    )


def rater_group(
    table: CheckedTable, grouping: Grouping, *, own_minimum: bool
) -> RaterGroup:
    """Return one rater group; a roster needs fewer answers unless the survey says."""
    design = table.word("design", Design, default=Design.OPEN)
    minimum = table.perhaps("minimum_answers", ANSWERS)
    if design is Design.NAMED:
        table.forbid("minimum_answers", "a named rating needs no minimum")
    if minimum is None and design is Design.ROSTER and not own_minimum:
        minimum = assumed(FEW)
    if grouping is Grouping.POOLED:
        table.forbid("weight", "has no effect: all answers are pooled")
    return RaterGroup(
        key=table.name("key"),
        label=table.words("label"),
        weight=EQUAL if grouping is Grouping.POOLED else weight_of(table),
        design=design,
        scope=table.text("scope", default="all"),
        minimum_answers=minimum,
    )


def condition(table: CheckedTable) -> Condition:
    """Return one condition between two ballot counts."""
    return Condition(
        key=table.name("key"),
        part=table.word("part", Denominator),
        whole=table.word("whole", Denominator),
        comparator=table.word("comparator", Comparator),
        threshold=table.stated("threshold", SHARE),
    )


def trim(table: CheckedTable) -> Trim | None:
    """Return how many extremes are left out, or None where nothing is said."""
    if table.get("trim") is None:
        return None
    extremes = table.table("trim")
    some = whole(0, 1000)
    return Trim(
        highest=extremes.stated("highest", some),
        lowest=extremes.stated("lowest", some),
        when_more_than=extremes.stated("when_more_than", some),
    )


def ballot_rule(table: CheckedTable) -> BallotRule:
    """Return one rule for a single ballot."""
    kind = table.word("kind", BallotRuleKind)
    if kind is BallotRuleKind.NOT_ALL_EQUAL:
        table.forbid("choices", "this kind of rule counts no choices")
        table.forbid("count", "this kind of rule counts no choices")
        return BallotRule(kind.value)
    return BallotRule(
        kind.value, table.names("choices"), table.stated("count", whole(0, 1000))
    )
