"""No generated county leaks: the plan against the span auditor, over whole trees."""

from collections.abc import Iterator
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.counting.tally import Tally
from survey_app.domain.disclosure.evaluation import Group, flat
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.disclosure.span import Leaf, Published, leaks
from survey_app.domain.scheme.scheme import POOLED
from tests.support.plans import plan_of
from tests.support.schemes import component, group, scheme, survey

GROUPS = ("a", "b", "c")
SCHEME = scheme(
    component(
        "satisfaction",
        survey=survey(
            *(
                group(key, weight)
                for key, weight in zip(GROUPS, (5, 3, 2), strict=True)
            ),
            values={"good": 100, "bad": 0},
        ),
    )
)
County = dict[int, dict[str, int]]
"""Subject → rater group → how many answered."""


@st.composite
def counties(draw: st.DrawFn) -> County:
    """Draw up to four subjects with three rater groups, many of them small."""
    sizes = st.one_of(st.integers(0, 9), st.integers(0, 40))
    return {
        subject: {key: draw(sizes) for key in GROUPS}
        for subject in range(1, draw(st.integers(1, 4)) + 1)
    }


def tallies(county: County) -> dict[int, Tally]:
    """Half of everybody is content, so that nothing becomes a band."""
    return {
        subject: {
            key: {"overall": {"good": n - n // 2, "bad": n // 2}}
            for key, n in groups.items()
        }
        for subject, groups in county.items()
    }


def leaf(key: str, subject: int) -> Leaf:
    return key, str(subject)


def published(county: County, plan: EvaluatedPlan) -> Iterator[Published]:
    """Every number the plan lets anybody see, as a sum over the groups of people."""
    for subject, groups in county.items():
        told = plan.of_subject(subject)
        everybody = {leaf(key, subject): 1 for key in groups}
        for key in told.shown - {POOLED}:
            yield Published(("answers", f"{key} {subject}"), {leaf(key, subject): 1})
        if POOLED in told.shown:
            yield Published(("together", str(subject)), everybody)
        if not told.blocking:
            weights = dict(zip(GROUPS, (5, 3, 2), strict=True))
            counted = {k: Fraction(weights[k], groups[k]) for k in groups if groups[k]}
            vector = {leaf(key, subject): part for key, part in counted.items()}
            yield Published(("score", str(subject)), vector)
    every = {leaf(key, s): 1 for s, groups in county.items() for key in groups}
    if plan.total is not None:
        yield Published(("total", ""), every)
    head = plan.head()
    for key in GROUPS:
        if head.of_group(key) is not None:
            yield Published(("group", key), {leaf(key, s): 1 for s in county})


def sizes(county: County) -> dict[Leaf, int]:
    return {leaf(k, s): n for s, groups in county.items() for k, n in groups.items()}


@given(counties(), st.booleans())
def test_no_generated_county_leaks(county: County, secret: bool) -> None:  # noqa: FBT001 -- drawn, not switched
    plan = plan_of(SCHEME, tallies(county), secret=secret)

    numbers = list(published(county, plan))

    assert leaks(numbers, sizes(county), plan.floors.office) == ()


@given(counties(), st.booleans())
def test_every_group_that_reaches_the_floor_is_shown(
    county: County,
    secret: bool,  # noqa: FBT001 -- drawn, not switched
) -> None:
    plan = plan_of(SCHEME, tallies(county), secret=secret)

    assert all(
        (key in plan.of_subject(subject).shown) == (n >= plan.floors.office)
        for subject, groups in county.items()
        for key, n in groups.items()
    )


def test_a_floor_alone_would_have_leaked() -> None:
    county = {1: {"a": 2, "b": 9, "c": 15}}
    whole = flat(county[1], POOLED)
    floor_only = [
        Published((key.key, ""), {leaf(part, 1): 1 for part in _leaves(key)})
        for key in whole.everyone()
        if key.n >= 5
    ]

    assert leaks(floor_only, sizes(county), 5) == (frozenset({leaf("a", 1)}),)


def _leaves(node: Group) -> list[str]:
    return [part.key for part in node.everyone() if not part.parts]


@given(counties())
def test_the_numbers_of_a_plan_survive_being_stored(county: County) -> None:
    plan = plan_of(SCHEME, tallies(county))

    assert EvaluatedPlan.from_json(plan.to_json()) == plan
    assert EvaluatedPlan.from_json(plan.to_json()).to_json() == plan.to_json()
