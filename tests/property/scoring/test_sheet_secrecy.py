"""What a score sheet may not tell is not in it, whatever the scheme and the crowd."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.counting.evidence import Adjustment, ScoreInput
from survey_app.domain.counting.subject_plan import WHOLE, SubjectPlan
from survey_app.domain.counting.tally import Tally
from survey_app.domain.ground.wording import sentences
from survey_app.domain.scheme.scheme import (
    POOLED,
    ComponentKind,
    Grouping,
    Scheme,
    SurveyRules,
    WhenEmpty,
)
from survey_app.domain.scheme.total_rules import AdjustmentRules, Order
from survey_app.domain.scoring.score import score, shown_sheet
from survey_app.domain.scoring.score_sheet import Node, NodeKind, ScoreSheet
from tests.support.plans import subject_plan
from tests.support.schemes import component, group, published, same, scheme, survey

GROUPS, QUESTIONS = ("a", "b", "c"), ("one", "two")
BEST = 997
"""A prime: no other number of a sheet is a multiple of it by chance."""
ASKED = {NodeKind.GROUP, NodeKind.QUESTION, NodeKind.CHOICE}
NO_ORDER = AdjustmentRules(published(Order.AFTER))
REACHES = (
    NO_ORDER,
    AdjustmentRules(published(Order.BEFORE), "satisfaction"),
    AdjustmentRules(published(Order.BEFORE), "inner"),
    AdjustmentRules(published(Order.BEFORE), "own"),
)
"""What adjustments may change: the total, the survey, the sum around it, another."""


@dataclass(frozen=True)
class Case:
    """A survey inside a sum, what was answered and what else there is."""

    scheme: Scheme
    tally: Tally
    adjustments: tuple[Adjustment, ...]

    @property
    def rules(self) -> SurveyRules:
        rules = self.scheme.component("satisfaction").survey
        assert rules is not None
        return rules

    @property
    def plan(self) -> SubjectPlan:
        return subject_plan(self.scheme, self.tally)

    def evidence(self, tally: Tally) -> ScoreInput:
        return ScoreInput(
            tallies={"satisfaction": tally},
            values={"own": Fraction(90), "direct": Fraction(3)},
            adjustments=self.adjustments,
        )

    def exact(self) -> ScoreSheet:
        return score(self.scheme, self.evidence(self.tally))

    def shown(self) -> ScoreSheet:
        plans = {"satisfaction": self.plan}
        return shown_sheet(self.scheme, self.evidence(self.tally), plans)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any weights, policies and adjustments; groups of few, and groups that agree."""
    policies = st.sampled_from(WhenEmpty)
    rules = survey(
        *(group(key, draw(st.integers(0, 5))) for key in GROUPS),
        values={"good": BEST, "bad": 0},
        grouping=draw(st.sampled_from(Grouping)),
        empty=draw(policies),
        minimum=draw(st.sampled_from([1, 3])),
    )
    asked = component(
        "satisfaction", 40, survey=rules, full=BEST, missing=draw(policies)
    )
    inner = component("inner", 60, parts=(asked, component("own", 20)))
    direct = component("direct", None, kind=ComponentKind.POINTS, full=10)
    whole = scheme(inner, direct, adjustments=draw(st.sampled_from(REACHES)))
    size = st.sampled_from([0, 2, 5, 9, 10, 11, 13, 17, 19, 23])
    tally = {
        key: {q: draw(_said(n)) for q in QUESTIONS}
        for key in GROUPS
        if (n := draw(size))
    }
    bonus = Adjustment("bonus", Fraction(2), "a", "b")
    return Case(whole, tally, (bonus,) if draw(st.booleans()) else ())


def _said(n: int) -> st.SearchStrategy[dict[str, int]]:
    """Draw what so many said; often all of them, or all but one, object."""
    few = st.sampled_from([0, 1]) | st.integers(0, n)
    return few.map(lambda good: {"good": min(good, n), "bad": n - min(good, n)})


def every(node: Node, *above: str) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Yield where on the sheet → the number that stands there."""
    here = (*above, node.key)
    yield here, node
    for part in node.parts:
        yield from every(part, *here)


def answered(sheet: ScoreSheet, case: Case) -> Iterator[tuple[str, str, Node]]:
    """Yield (group or POOLED, question or WHOLE, number) of the survey's parts."""
    for place, node in every(sheet.root):
        if node.kind is NodeKind.GROUP:
            yield node.key, WHOLE, node
        elif node.kind is NodeKind.QUESTION:
            pooled = case.rules.grouping.value is Grouping.POOLED
            yield POOLED if pooled else place[-2], node.key, node


@given(cases())
def test_the_exact_value_of_what_became_a_band_is_nowhere_in_the_sheet(
    case: Case,
) -> None:
    shown = case.shown()
    written = repr(shown.written(sentences(shown.remarks, str, "en"), "en"))

    exact = case.exact()
    # The score stays; where one group alone has one, it is the group's as well.
    told = [node for _, node in every(exact.root) if node.kind not in ASKED]
    told += [node for *place, node in answered(exact, case) if case.plan.tells(*place)]
    numbers = {number for one in told for number in (one.value, one.contribution)}
    for *place, node in answered(exact, case):
        hidden = not case.plan.tells(*place) and node.value not in numbers
        if hidden and node.value and node.value.denominator > 1:
            assert repr(node.value) not in repr(shown)
            # As a whole number: 997/10 is no part of 997/100.
            assert not re.search(rf"(?<!\d){node.value}(?!\d)", written)


@given(cases())
def test_a_number_that_is_not_told_has_no_value_no_part_and_adds_nothing(
    case: Case,
) -> None:
    plan = case.plan

    for group_key, question, node in answered(case.shown(), case):
        if plan.tells(group_key, question):
            continue
        assert (node.value, node.contribution) == (None, None)
        if question != WHOLE:
            assert node.parts == ()


@given(cases())
def test_where_a_score_would_betray_few_nothing_made_of_it_is_told(case: Case) -> None:
    plan, shown = case.plan, case.shown()
    averaged = case.rules.grouping.value is Grouping.AVERAGED
    counting = [
        one.key
        for one in case.rules.rater_groups
        if one.key in plan.blocking and (one.weight.principal.value or not averaged)
    ]

    if counting:
        above = {
            "overall",
            "inner",
            "inner-before",
            "satisfaction",
            "satisfaction-before",
        }
        assert shown.overall is None
        assert all(
            (node.value, node.contribution) == (None, None)
            for place, node in every(shown.root)
            if node.key in above
        )
        assert not any(node.kind is NodeKind.CUT for _, node in every(shown.root))


@given(cases())
def test_a_sheet_with_hidden_groups_is_the_sheet_without_them(case: Case) -> None:
    """Where the scheme passes over who is missing, and the few weigh nothing."""
    lenient = replace(
        case.rules,
        empty_group=published(WhenEmpty.RENORMALISE),
        rater_groups=tuple(
            replace(one, weight=same(0)) if one.key in case.plan.small else one
            for one in case.rules.rater_groups
        ),
        grouping=published(Grouping.AVERAGED),
    )
    case = replace(case, scheme=_asking(case.scheme, lenient))
    plan = case.plan

    without = score(
        case.scheme,
        case.evidence({g: q for g, q in case.tally.items() if g not in plan.small}),
    )

    shown = case.shown()
    assert shown.overall == without.overall
    told = {place: node.value for place, node in every(shown.root)}
    for place, node in every(without.root):
        assert told.get(place) in (node.value, None)


def _asking(whole: Scheme, rules: SurveyRules) -> Scheme:
    """Return the scheme with other rules for its survey."""
    inner, *others = whole.components
    asked, *own = inner.components
    inner = replace(inner, components=(replace(asked, survey=rules), *own))
    return replace(whole, components=(inner, *others))


@given(cases())
def test_parts_make_the_number_they_are_the_parts_of(case: Case) -> None:
    """Of the full sheet; a number is what its parts add, every kind in its way."""
    for _, node in every(case.exact().root):
        if node.value is None or node.kind in (
            NodeKind.CHOICE,
            NodeKind.GIVEN,
            NodeKind.POINTS,
        ):
            continue
        if node.parts:
            added = [part.contribution or Fraction(0) for part in node.parts]
            assert sum(added, Fraction(0)) == node.value
