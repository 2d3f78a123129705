"""Every number of a sheet says what it is, and what may not be told is not in it."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from survey_app.domain.counting.evidence import Adjustment, ScoreInput
from survey_app.domain.counting.tally import Tally
from survey_app.domain.ground.remark import remark
from survey_app.domain.scheme.scheme import (
    Component,
    ComponentKind,
    Grouping,
    Scheme,
    WhenEmpty,
)
from survey_app.domain.scheme.total_rules import AdjustmentRules, Order
from survey_app.domain.scoring.score import score, shown_sheet
from survey_app.domain.scoring.score_sheet import Node, NodeKind, ScoreSheet
from tests.support.plans import plans_for
from tests.support.schemes import (
    component,
    group,
    named,
    published,
    scheme,
    survey,
)

BONUS = Adjustment("bonus", Fraction(3), "a prize", "notice 7")
SPLIT = {"good": 6, "bad": 6}
AGREED = {"good": 1, "bad": 12}
"""Thirteen people, all but one of whom object: told as a band."""
FEW = {"good": 2, "bad": 2}
"""Four people, enough for the scheme and too few to be shown."""


def asked(grouping: Grouping = Grouping.AVERAGED) -> Component:
    rules = survey(
        group("a"),
        group("b", 2),
        values={"good": 100, "bad": 0},
        grouping=grouping,
        empty=WhenEmpty.RENORMALISE,
    )
    return component("satisfaction", 40, survey=rules)


def whole(changed: str, grouping: Grouping = Grouping.AVERAGED) -> Scheme:
    """A survey beside another value in a sum; adjustments change one of the three."""
    rules = AdjustmentRules(published(Order.BEFORE), changed)
    parts = (asked(grouping), component("own", 20))
    direct = component("direct", None, kind=ComponentKind.POINTS, full=10)
    return scheme(component("inner", 60, parts=parts), direct, adjustments=rules)


def evidence(a: dict[str, int], b: dict[str, int], *given: Adjustment) -> ScoreInput:
    tally: Tally = {"a": {"one": a}, "b": {"one": b}}
    values = {"own": Fraction(90), "direct": Fraction(2)}
    return ScoreInput({"satisfaction": tally}, values=values, adjustments=given)


def shown(rules: Scheme, given: ScoreInput) -> ScoreSheet:
    plans = plans_for(rules, given.tallies["satisfaction"])
    return shown_sheet(rules, given, plans)


def every(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from every(part)


def kinds(node: Node) -> object:
    """The kinds of the tree, of choices only that they are there."""
    if node.kind in (NodeKind.CHOICE, NodeKind.GIVEN, NodeKind.POINTS):
        return node.kind.value
    return {node.kind.value: [kinds(part) for part in node.parts]}


def test_every_number_says_what_it_is() -> None:
    sheet = score(whole("inner"), evidence(SPLIT, SPLIT, BONUS))

    answered = {"group": [{"question": ["choice", "choice"]}]}
    assert kinds(sheet.root) == {
        "overall": [
            {
                "adjusted": [
                    {"sum": [{"survey": [answered, answered]}, "given"]},
                    {"adjustments": [{"adjustment": []}]},
                ]
            },
            "points",
        ]
    }


def test_thrown_together_the_questions_are_parts_of_the_survey() -> None:
    sheet = score(whole("own", Grouping.POOLED), evidence(SPLIT, SPLIT))

    (satisfaction,) = (n for n in every(sheet.root) if n.kind is NodeKind.SURVEY)
    assert [part.kind for part in satisfaction.parts] == [NodeKind.QUESTION]


@pytest.mark.parametrize("changed", ["own", "satisfaction", "inner"])
def test_a_band_stands_wherever_bonuses_are_counted(changed: str) -> None:
    """A sum changed before the weighting once showed what should have given way."""
    sheet = shown(whole(changed), evidence(AGREED, SPLIT, BONUS))

    told = [
        n for n in every(sheet.root) if n.kind in (NodeKind.GROUP, NodeKind.QUESTION)
    ]
    assert [node.rule.key for node in told if node.kind is NodeKind.QUESTION] == [
        "told-as-band",
        "gives-way-to-band",
    ]
    assert {node.value for node in told} == {None}
    assert sheet.overall is not None
    assert repr(Fraction(100, 13)) not in repr(sheet)


@pytest.mark.parametrize("changed", ["own", "satisfaction", "inner"])
@pytest.mark.parametrize("grouping", list(Grouping))
def test_nothing_made_of_few_people_is_told_wherever_bonuses_are_counted(
    changed: str, grouping: Grouping
) -> None:
    sheet = shown(whole(changed, grouping), evidence(SPLIT, FEW, BONUS))

    assert sheet.overall is None
    assert sheet.blocked[0].key == "withheld-below-floor"
    made = [
        node
        for node in every(sheet.root)
        if node.kind in (NodeKind.OVERALL, NodeKind.SUM, NodeKind.SURVEY)
        or (node.kind is NodeKind.ADJUSTED and changed != "own")
    ]
    assert {(node.value, node.contribution) for node in made} == {(None, None)}


def test_what_was_cut_off_does_not_tell_what_was_withheld() -> None:
    large = replace(BONUS, points=Fraction(500))

    sheet = shown(whole("satisfaction"), evidence(SPLIT, FEW, large))

    assert not [node for node in every(sheet.root) if node.kind is NodeKind.CUT]


def test_a_group_may_be_called_like_a_component_and_stays_a_group() -> None:
    rules = scheme(
        replace(asked(), weight=component("", 60).weight),
        component("a", 20),
        component("b", 20),
    )
    given = replace(evidence(SPLIT, FEW), values={"a": Fraction(80), "b": Fraction(70)})

    sheet = shown(rules, given)

    satisfaction, *components = sheet.root.parts
    assert [(one.kind, one.value) for one in components] == [
        (NodeKind.GIVEN, Fraction(80)),
        (NodeKind.GIVEN, Fraction(70)),
    ]
    assert [(one.kind, one.value) for one in satisfaction.parts] == [
        (NodeKind.GROUP, Fraction(50)),
        (NodeKind.GROUP, None),
    ]


def test_a_sheet_says_what_a_missing_tally_waits_for() -> None:
    waits = remark("survey-still-open", where=named("satisfaction"))
    given = ScoreInput(
        values={"own": Fraction(90), "direct": Fraction(2)},
        waits_for={"satisfaction": waits},
    )

    sheet = shown_sheet(whole("own"), given, {})

    assert sheet.blocked == (waits,)
    (satisfaction,) = (n for n in every(sheet.root) if n.kind is NodeKind.SURVEY)
    assert satisfaction.rule == waits


def test_a_sum_that_bonuses_changed_is_one_step_of_the_overall_score() -> None:
    opened = score(whole("own"), evidence(SPLIT, SPLIT))
    changed = score(whole("inner"), evidence(SPLIT, SPLIT, BONUS))

    assert [step.label.en for step in opened.steps] == ["satisfaction", "own", "direct"]
    assert [step.label.en for step in changed.steps] == ["inner", "direct"]
    assert sum(step.points for step in changed.steps) == changed.overall


def test_a_written_sheet_has_digits_for_what_is_told_and_nothing_for_the_rest() -> None:
    sheet = shown(whole("own"), evidence(AGREED, SPLIT))

    written = sheet.written({one: one.key for one in sheet.remarks}, "en")

    inner, direct = written.root.parts
    satisfaction, own = inner.parts
    group_a, group_b = satisfaction.parts
    assert (direct.value, direct.exact, direct.adds) == ("2.00", "2", "2.00")
    assert (own.value, own.weight) == ("90.00", "20")
    assert (group_a.value, group_a.exact, group_a.adds) == ("", "", "")
    assert group_b.parts[0].rule == "gives-way-to-band"
    assert [step.label for step in written.steps] == ["satisfaction", "own", "direct"]
