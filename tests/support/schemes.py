"""Schemes for tests: built in a few words, every number published."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from survey_app.domain.counting.tally import Counts, Tally
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.stated import Stated
from survey_app.domain.scheme.scheme import (
    AlertRule,
    Comparator,
    Component,
    ComponentKind,
    CountsAs,
    Denominator,
    Design,
    Grouping,
    Rate,
    RaterGroup,
    Scheme,
    SubjectKind,
    SurveyRules,
    Weight,
    WhenEmpty,
)
from survey_app.domain.scheme.total_rules import AdjustmentRules, Order

T = TypeVar("T")
Number = int | str | Fraction

FOUR_LEVELS = {"satisfied": 100, "fairly": 80, "basically": 60, "dissatisfied": 0}
THREE_LEVELS = {"satisfied": 100, "basically": 70, "dissatisfied": 30}


def published(value: T) -> Stated[T]:
    return Stated(value, published=True)


def same(weight: Number, deputy: Number | None = None) -> Weight:
    """One weight for both posts, or one for each."""
    other = weight if deputy is None else deputy
    return Weight(published(Fraction(weight)), published(Fraction(other)))


def named(key: str) -> Bilingual:
    return Bilingual(f"{key}（中文）", key)


def group(
    key: str,
    weight: Number = 1,
    design: Design = Design.OPEN,
    *,
    deputy: Number | None = None,
) -> RaterGroup:
    return RaterGroup(key, named(key), same(weight, deputy), design)


def survey(
    *groups: RaterGroup,
    values: Mapping[str, Number] = FOUR_LEVELS,
    questions: Mapping[str, Number] | None = None,
    grouping: Grouping = Grouping.AVERAGED,
    empty: WhenEmpty = WhenEmpty.BLOCK,
    minimum: int = 1,
) -> SurveyRules:
    """Abstentions, "don't know" and blanks are out of n."""
    return SurveyRules(
        questionnaire="test",
        values=tuple((c, published(Fraction(v))) for c, v in values.items()),
        abstain=published(CountsAs.OUT),
        dont_know=published(CountsAs.OUT),
        blank=published(CountsAs.OUT),
        question_weights=tuple(
            (key, published(Fraction(weight)))
            for key, weight in (questions or {}).items()
        ),
        rater_groups=groups or (group("masses"),),
        grouping=published(grouping),
        empty_group=published(empty),
        empty_question=published(empty),
        minimum_answers=published(minimum),
    )


def component(
    key: str,
    weight: Number | None = 100,
    *,
    survey: SurveyRules | None = None,
    parts: tuple[Component, ...] = (),
    kind: ComponentKind = ComponentKind.GIVEN,
    full: Number = 100,
    missing: WhenEmpty = WhenEmpty.BLOCK,
) -> Component:
    if survey is not None:
        kind = ComponentKind.SURVEY
    if parts:
        kind = ComponentKind.SUM
    return Component(
        key=key,
        label=named(key),
        kind=kind,
        about=SubjectKind.CADRE,
        weight=None if weight is None else same(weight),
        full_marks=published(Fraction(full)),
        when_missing=published(missing),
        source=named(f"source of {key}"),
        components=parts,
        survey=survey,
    )


def scheme(
    *components: Component,
    alerts: tuple[AlertRule, ...] = (),
    rates: tuple[Rate, ...] = (),
    adjustments: AdjustmentRules | None = None,
    total: Number = 100,
    places: int = 2,
) -> Scheme:
    return Scheme(
        key="test",
        title=named("test scheme"),
        subject=SubjectKind.CADRE,
        source=named("source of the scheme"),
        note=named("note"),
        total=published(Fraction(total)),
        components=components,
        rates=rates,
        alerts=alerts,
        adjustments=adjustments or AdjustmentRules(published(Order.AFTER)),
        places=published(places),
        fingerprint="0" * 64,
    )


def one_third(
    *groups: str,
    component: str = "survey",
    comparator: Comparator = Comparator.MORE_THAN,
    threshold: Number = "1/3",
    denominator: Denominator = Denominator.VALID,
    minimum: int = 1,
    pooled: bool = False,
) -> AlertRule:
    """More than one third of the valid ballots dissatisfied."""
    return AlertRule(
        key="one_third",
        label=named("one third"),
        component=component,
        questions=("overall",),
        choices=("dissatisfied",),
        comparator=published(comparator),
        threshold=published(Fraction(threshold)),
        denominator=published(denominator),
        rater_groups=groups or ("masses",),
        pooled=pooled,
        minimum_answers=published(minimum),
        inverse_alpha=published(40),
        source=named("source of the rule"),
    )


def rate(
    *choices: str,
    denominator: Denominator = Denominator.VALID,
    component: str = "survey",
) -> Rate:
    kind, source = published(denominator), named("source of the rate")
    return Rate("rate", named("rate"), component, choices, kind, source)


def answers(
    *counts: int, values: Mapping[str, Number] = FOUR_LEVELS, **others: int
) -> Counts:
    """Counts in the order of the choices; others, such as abstentions, by name."""
    return dict(zip(values, counts, strict=True)) | others


def tally(counts: Counts, *, group: str = "masses", question: str = "overall") -> Tally:
    """The answers of one rater group to one question."""
    return {group: {question: counts}}


def with_rules(whole: Scheme, **changes: object) -> Scheme:
    """The scheme with other rules in its only survey."""
    (only,) = whole.components
    assert only.survey is not None
    rules = replace(only.survey, **changes)  # type: ignore[arg-type]  # names differ in type
    return replace(whole, components=(replace(only, survey=rules),))
