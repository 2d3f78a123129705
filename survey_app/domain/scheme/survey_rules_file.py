"""The part of a scheme file that says how the counts of one survey become points."""

from collections.abc import Mapping
from fractions import Fraction

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.file_faults import nearest
from survey_app.domain.ground.stated import assumed
from survey_app.domain.ground.toml_table import CheckedTable
from survey_app.domain.ground.written_value import POINTS, SHARE, one_of, whole
from survey_app.domain.questionnaire.ballot_rules import (
    BallotRule,
    BallotRuleKind,
    Over,
    Trim,
)
from survey_app.domain.scheme.alert_watch import AlertKind
from survey_app.domain.scheme.alert_watch_file import alert_watch, threshold
from survey_app.domain.scheme.other_values import Values
from survey_app.domain.scheme.other_values_file import numbers_of, points_of, singles_of
from survey_app.domain.scheme.scheme import (
    AlertRule,
    Comparator,
    Component,
    Condition,
    CountsAs,
    Denominator,
    Design,
    Grouping,
    Post,
    Rate,
    RaterGroup,
    SurveyRules,
    Weight,
    WhenEmpty,
)

EQUAL = Weight(assumed(Fraction(1)), assumed(Fraction(1)))
"""What every rater group weighs where all answers are pooled."""


def weight_of(table: CheckedTable) -> Weight:
    """Return the weight written at `weight`, the same or different for the posts."""
    written = table.content.get("weight")
    if isinstance(written, dict) and set(Post) & written.keys():
        posts = table.table("weight")
        return Weight(
            principal=posts.stated(Post.PRINCIPAL, POINTS),
            deputy=posts.stated(Post.DEPUTY, POINTS),
        )
    one = table.stated("weight", POINTS)
    return Weight(one, one)


class ValueSets:
    """The sets under `[values.…]`, and which of them some component uses."""

    def __init__(self, shared: CheckedTable) -> None:
        self.shared = shared
        self.sets = {name: points_of(shared.table(name)) for name in shared.content}
        self.used: set[str] = set()

    def of(self, component: CheckedTable) -> Values:
        """Return the points a component writes down or names.

        None where it values questions of other kinds only.
        """
        others = component.content.keys() & {"singles", "numbers"}
        is_missing = "values" not in component.content
        if others and is_missing and component.get("values") is None:
            return ()
        found = component.need("values", '"five_levels"')
        if found is None:
            return ()
        if isinstance(found, str):
            return self.named(found, component)
        return points_of(component.table("values"))

    def named(self, name: str, component: CheckedTable) -> Values:
        """Return the shared set; noted at the component if there is none."""
        self.used.add(name)
        if name not in self.sets:
            component.note(
                "values", f"there is no [values.{name}]", nearest(name, self.sets)
            )
        elif component.faults.doubts(self.shared.at(name)):
            component.faults.doubt(component.at("values"))
        return self.sets.get(name, ())

    def refuse_unused(self) -> None:
        """Note every shared set no component uses: it would have no effect."""
        for name in self.sets.keys() - self.used:
            self.shared.note(
                name, "no component uses these values", f'write values = "{name}"'
            )


SURVEY_KEYS = (
    "questionnaire",
    "values",
    "singles",
    "numbers",
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


def survey_rules(table: CheckedTable, sets: ValueSets) -> SurveyRules:
    """Return the rules of one survey component."""
    grouping = table.stated("grouping", one_of(Grouping), default=Grouping.AVERAGED)
    own_minimum = table.get("minimum_answers") is not None
    return SurveyRules(
        questionnaire=table.text("questionnaire"),
        values=sets.of(table),
        singles=singles_of(table),
        numbers=numbers_of(table),
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
    """Return one rule for a single ballot; it names a number or a share."""
    kind = table.word("kind", BallotRuleKind)
    over = table.word("over", Over, default=Over.BALLOT)
    questions = table.names("questions") if table.get("questions") is not None else ()
    if kind is BallotRuleKind.NOT_ALL_EQUAL:
        for key in ("choices", "count", "share"):
            table.forbid(key, "this kind of rule counts no choices")
        return BallotRule(kind.value, questions=questions, over=over)
    choices, share = table.names("choices"), table.perhaps("share", SHARE)
    if share is None:
        count = table.stated("count", whole(0, 1000))
    else:
        count = None
        table.forbid("count", "the rule has a share already")
    return BallotRule(kind.value, choices, count, share, questions, over)


BASES = one_of(Denominator)
COMPARATORS = one_of(Comparator)


def rate(table: CheckedTable, source: Bilingual) -> Rate:
    """Return one share that is shown beside the scores."""
    return Rate(
        key=table.name("key"),
        label=table.words("label"),
        component=table.text("component"),
        choices=table.names("choices"),
        denominator=table.stated("denominator", BASES, default=Denominator.VALID),
        source=table.source(default=source),
    )


def alert_rule(
    table: CheckedTable, components: Mapping[str, Component], source: Bilingual
) -> AlertRule:
    """Return one alert rule; its minimum follows from how its raters were chosen."""
    component, groups = table.text("component"), table.names("rater_groups")
    few = only_rosters(components.get(component), groups)
    watch = alert_watch(table)
    single = watch.kind is AlertKind.RATING
    return AlertRule(
        key=table.name("key"),
        label=table.words("label"),
        component=component,
        questions=table.names("questions"),
        choices=table.names("choices"),
        comparator=table.stated(
            "comparator", COMPARATORS, default=Comparator.MORE_THAN
        ),
        threshold=threshold(table, watch),
        denominator=table.stated("denominator", BASES, default=Denominator.VALID),
        rater_groups=groups,
        pooled=table.flag("pooled"),
        minimum_answers=table.stated(
            "minimum_answers", ANSWERS, default=1 if single else FEW if few else MANY
        ),
        inverse_alpha=table.stated("inverse_alpha", whole(2, 1_000_000), default=40),
        source=table.source(default=source),
        watch=watch,
    )


def only_rosters(component: Component | None, groups: tuple[str, ...]) -> bool:
    """Return whether all raters named are known by a list."""
    known = component.survey.rater_groups if component and component.survey else ()
    designs = {group.design for group in known if group.key in groups}
    return designs == {Design.ROSTER}
