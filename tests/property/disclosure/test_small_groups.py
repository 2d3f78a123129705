"""Nothing that is shown depends on what the people of a small group said."""

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.counting.tally import Counts, Tally
from survey_app.domain.disclosure.shown_alert import shown_alerts
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scoring.score import score, shown_sheet
from survey_app.domain.scoring.score_sheet import Node
from tests.support.plans import plans_for, subject_plan
from tests.support.small_scheme import SMALL_SCHEME, changed

AVERAGED = 'values = "levels"\n'
BOTH = 'rater_groups = ["staff", "residents"]\npooled = true'
EAGER = 'minimum_answers = { published = "3" }\n'
"""A scheme that would count far smaller groups than may be shown."""


def scheme_with(survey: str) -> Scheme:
    """Return the small scheme; its alert judges both groups, apart and together."""
    text = changed(
        SMALL_SCHEME,
        (AVERAGED, AVERAGED + survey),
        ('rater_groups = ["residents"]', BOTH),
        ('design = "roster"\n', ""),
    )
    if "pooled" in survey:
        text = text.replace('weight = { published = "3" }', "")
        text = text.replace('weight = { published = "6" }', "")
    return read_scheme(text, file="small.toml")


SCHEMES = [
    scheme_with(""),
    scheme_with(EAGER),
    scheme_with(EAGER + 'empty_group = { published = "renormalise" }\n'),
    scheme_with(EAGER + 'grouping = { published = "pooled" }\n'),
]

FLOORS = {False: 10, True: 5}
"""Whether it is a secret ballot → the fewest people of a group that is shown."""
MERGED = with_merged_groups(SCHEMES[1], "satisfaction", {"residents": "staff"})
"""Residents are counted with the staff: one group is left."""


def evidence_of(tally: Tally) -> ScoreInput:
    values = {key: Fraction(9) for key in ("achievements", "body", "direct")}
    return ScoreInput(tallies={"satisfaction": tally}, values=values)


def splits(total: int) -> st.SearchStrategy[Counts]:
    """Draw one way in which this many people may have answered."""
    return st.tuples(st.integers(0, total), st.integers(0, total)).map(
        lambda cut: {
            "good": min(cut),
            "bad": max(cut) - min(cut),
            "dont_know": total - max(cut),
        }
    )


def told(node: Node, *above: str) -> dict[tuple[str, ...], Fraction]:
    """Return where on the sheet → the number that stands there."""
    here = (*above, node.key)
    found = {} if node.value is None else {here: node.value}
    return found | {
        place: value
        for child in node.parts
        for place, value in told(child, *here).items()
    }


@st.composite
def two_worlds(draw: st.DrawFn, floor: int = 10) -> tuple[Tally, Tally]:
    """Draw two tallies that differ only in what the residents, a few people, said."""
    few = draw(st.integers(0, floor - 1))
    # Two small groups may hide each other; then what both said together is shown.
    staff = draw(st.one_of(st.just(0), st.integers(floor, 60)))
    kept = draw(splits(staff))
    first, second = draw(splits(few)), draw(splits(few))
    return (
        {"staff": {"overall": kept}, "residents": {"overall": first}},
        {"staff": {"overall": kept}, "residents": {"overall": second}},
    )


@given(data=st.data(), scheme=st.sampled_from(SCHEMES), secret=st.booleans())
def test_a_sheet_is_the_same_whatever_a_small_group_said(
    *, data: st.DataObject, scheme: Scheme, secret: bool
) -> None:
    worlds = data.draw(two_worlds(FLOORS[secret]))

    one, other = (
        shown_sheet(scheme, evidence_of(tally), plans_for(scheme, tally, secret=secret))
        for tally in worlds
    )

    assert one == other


@given(data=st.data(), scheme=st.sampled_from(SCHEMES), secret=st.booleans())
def test_the_plan_is_the_same_whatever_a_small_group_said(
    *, data: st.DataObject, scheme: Scheme, secret: bool
) -> None:
    worlds = data.draw(two_worlds(FLOORS[secret]))

    one, other = (subject_plan(scheme, tally, secret=secret) for tally in worlds)

    assert one == other


@given(data=st.data(), scheme=st.sampled_from(SCHEMES), secret=st.booleans())
def test_the_numbers_of_alerts_are_the_same_whatever_a_small_group_said(
    *, data: st.DataObject, scheme: Scheme, secret: bool
) -> None:
    worlds = data.draw(two_worlds(FLOORS[secret]))

    one, other = (
        [
            (shown.alert.numerator, shown.alert.denominator, shown.has_numbers)
            for shown in shown_alerts(
                scheme,
                evidence_of(tally),
                "satisfaction",
                subject_plan(scheme, tally, secret=secret),
            )
        ]
        for tally in worlds
    )

    assert one == other


@given(st.integers(0, 4).flatmap(lambda n: st.tuples(splits(n), splits(n))))
def test_a_merged_group_below_the_floor_moves_nothing_either(
    said: tuple[Counts, Counts],
) -> None:
    sheets = [
        shown_sheet(MERGED, evidence_of(tally), plans_for(MERGED, tally, secret=True))
        for tally in ({"staff": {"overall": counts}} for counts in said)
    ]

    assert sheets[0] == sheets[1]


@given(two_worlds(), st.sampled_from(SCHEMES))
def test_every_number_on_a_shown_sheet_is_the_true_one(
    worlds: tuple[Tally, Tally], scheme: Scheme
) -> None:
    evidence = evidence_of(worlds[0])

    shown = shown_sheet(scheme, evidence, plans_for(scheme, worlds[0]))

    assert told(shown.root).items() <= told(score(scheme, evidence).root).items()


@given(st.data(), st.sampled_from(SCHEMES))
def test_where_nobody_is_few_and_not_all_object_the_sheet_is_the_full_one(
    data: st.DataObject, scheme: Scheme
) -> None:
    sizes = st.one_of(st.just(0), st.integers(10, 60))
    tally = {
        group: {"overall": data.draw(splits(data.draw(sizes)))}
        for group in ("staff", "residents")
    }
    plan = subject_plan(scheme, tally)
    assume(not plan.gives_way)

    shown = shown_sheet(scheme, evidence_of(tally), {"satisfaction": plan})

    assert shown == score(scheme, evidence_of(tally))
