"""Nothing that is shown depends on what the people of a small group said."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.disclosure.shown_alert import shown_alerts
from survey_app.domain.disclosure.shown_sheet import shown_sheet
from survey_app.domain.files.scheme_file import read_scheme
from survey_app.domain.scheme import Scheme
from survey_app.domain.scoring.score import score
from survey_app.domain.scoring.score_input import ScoreInput
from survey_app.domain.scoring.score_sheet import Node
from survey_app.domain.tally import Counts, Tally
from tests.small_scheme import SMALL_SCHEME, changed

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
        for child in node.children
        for place, value in told(child, *here).items()
    }


@st.composite
def two_worlds(draw: st.DrawFn) -> tuple[Tally, Tally]:
    """Draw two tallies that differ only in what the residents, a few people, said."""
    few = draw(st.integers(0, 9))
    # Two small groups may hide each other; then what both said together is shown.
    staff = draw(st.one_of(st.just(0), st.integers(10, 60)))
    kept = draw(splits(staff))
    first, second = draw(splits(few)), draw(splits(few))
    return (
        {"staff": {"overall": kept}, "residents": {"overall": first}},
        {"staff": {"overall": kept}, "residents": {"overall": second}},
    )


@given(two_worlds(), st.sampled_from(SCHEMES))
def test_a_sheet_is_the_same_whatever_a_small_group_said(
    worlds: tuple[Tally, Tally], scheme: Scheme
) -> None:
    one, other = (shown_sheet(scheme, evidence_of(tally)) for tally in worlds)

    assert one == other


@given(two_worlds(), st.sampled_from(SCHEMES))
def test_the_numbers_of_alerts_are_the_same_whatever_a_small_group_said(
    worlds: tuple[Tally, Tally], scheme: Scheme
) -> None:
    one, other = (
        [
            (shown.alert.numerator, shown.alert.denominator, shown.has_numbers)
            for shown in shown_alerts(scheme, evidence_of(tally), "satisfaction")
        ]
        for tally in worlds
    )

    assert one == other


@given(two_worlds(), st.sampled_from(SCHEMES))
def test_every_number_on_a_shown_sheet_is_the_true_one(
    worlds: tuple[Tally, Tally], scheme: Scheme
) -> None:
    evidence = evidence_of(worlds[0])

    shown = shown_sheet(scheme, evidence)

    assert told(shown.root).items() <= told(score(scheme, evidence).root).items()


@given(st.data(), st.sampled_from(SCHEMES))
def test_where_nobody_is_few_the_sheet_is_the_full_one(
    data: st.DataObject, scheme: Scheme
) -> None:
    sizes = st.one_of(st.just(0), st.integers(10, 60))
    tally = {
        group: {"overall": data.draw(splits(data.draw(sizes)))}
        for group in ("staff", "residents")
    }

    shown = shown_sheet(scheme, evidence_of(tally))

    assert shown == score(scheme, evidence_of(tally))
