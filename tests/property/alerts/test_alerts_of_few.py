"""No word of an alert, its evidence included, tells what a hidden group said."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.alerts.alert import Evidence
from survey_app.domain.alerts.case_numbers import CaseNumbers, case_numbers
from survey_app.domain.alerts.one_third import alerts_of
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import Counts, Tally, Turnout
from survey_app.domain.disclosure.shown_alert import (
    ShownAlert,
    shown_alerts,
    shown_ballots,
)
from survey_app.domain.scheme.scheme import POOLED, Denominator, Design, Scheme
from tests.support.plans import COMPONENT, subject_plan
from tests.support.schemes import component, group, one_third, scheme, survey

CHOICES = ("satisfied", "dissatisfied", "dont_know")
FLOOR = 5
"""Of a secret ballot: fewer than these are hidden."""

Worlds = tuple[Tally, Tally]


def judging(*groups: str, denominator: Denominator = Denominator.VALID) -> Scheme:
    """Return a scheme whose rule judges these groups, apart and together."""
    rule = one_third(
        *groups, component=COMPONENT, pooled=True, denominator=denominator, minimum=3
    )
    rules = survey(
        group("crowd"),
        group("sample", 2, Design.SAMPLE),
        group("few", 3, Design.SAMPLE),
        group("others", 4, Design.SAMPLE),
    )
    return scheme(component(COMPONENT, survey=rules), alerts=(rule,))


SCHEMES = [
    judging("crowd", "sample", "few", "others"),
    judging("crowd", "few"),
    judging("sample", "few", "others"),
    judging("crowd", "few", denominator=Denominator.RETURNED),
]


def splits(n: int) -> st.SearchStrategy[Counts]:
    """Draw how so many people answered; unanimous groups are frequent."""
    said = st.sampled_from(CHOICES)
    return st.one_of(
        said.map(lambda choice: {choice: n}),
        st.lists(said, min_size=n, max_size=n).map(Counter),
    )


@st.composite
def worlds(draw: st.DrawFn) -> Worlds:
    """Draw two tallies that differ only in what two hidden groups said.

    Where the two are so many that all together may be shown, they said the same
    together.
    """
    kept = {
        key: {"overall": draw(splits(draw(st.integers(5, 40))))}
        for key in ("crowd", "sample")
    }
    few, others = draw(st.integers(1, 4)), draw(st.integers(0, 4))
    if few + others < FLOOR:
        said = [(draw(splits(few)), draw(splits(others))) for _ in range(2)]
    else:
        every = list(Counter(draw(splits(few + others))).elements())
        orders = [draw(st.permutations(every)) for _ in range(2)]
        said = [(Counter(one[:few]), Counter(one[few:])) for one in orders]
    one, other = (
        kept | {"few": {"overall": first}, "others": {"overall": second}}
        for first, second in said
    )
    return one, other


def told(whole: Scheme, tally: Tally) -> tuple[ShownAlert, ...]:
    plan = subject_plan(whole, tally, secret=True)
    return shown_alerts(whole, ScoreInput(tallies={COMPONENT: tally}), COMPONENT, plan)


@given(worlds(), st.sampled_from(SCHEMES))
def test_every_word_of_an_alert_is_the_same_whatever_a_hidden_group_said(
    both: Worlds, whole: Scheme
) -> None:
    one, other = (told(whole, tally) for tally in both)

    assert one == other


def in_full(whole: Scheme, tally: Tally) -> list[CaseNumbers | None]:
    """Every denominator of every alert, of a ballot whose turnout everybody knows."""
    slips = {
        key: Turnout(issued=60, returned=n + 1, invalid=1, present=55, membership=60)
        for key, asked in tally.items()
        for n in [sum(asked["overall"].values())]
    }
    evidence = ScoreInput(tallies={COMPONENT: tally}, turnout={COMPONENT: slips})
    rules = whole.component(COMPONENT).survey
    assert rules is not None
    plan = subject_plan(whole, tally, secret=True)
    return [
        case_numbers(one.rule, one.alert.design, ballots) if ballots else None
        for one in shown_alerts(whole, evidence, COMPONENT, plan)
        for ballots in [shown_ballots(one, evidence, rules)]
    ]


@given(worlds(), st.sampled_from(SCHEMES))
def test_all_denominators_together_are_the_same_whatever_a_hidden_group_said(
    both: Worlds, whole: Scheme
) -> None:
    one, other = (in_full(whole, tally) for tally in both)

    assert one == other
    assert [n is not None for n in one] == [n.has_numbers for n in told(whole, both[0])]


@given(worlds(), st.sampled_from(SCHEMES))
def test_no_crossing_is_lost_and_what_is_said_of_all_together_is_true(
    both: Worlds, whole: Scheme
) -> None:
    truth = alerts_of(whole, ScoreInput(tallies={COMPONENT: both[0]}))

    for alert, shown in zip(truth, told(whole, both[0]), strict=True):
        if alert.group == POOLED and shown.alert.evidence is Evidence.INSUFFICIENT:
            assert shown.alert.crossed or not alert.crossed
        elif alert.group not in {"few", "others"}:
            assert shown.alert.crossed == alert.crossed


def test_a_hidden_controlled_group_corroborates_nobody() -> None:
    crowd = {"satisfied": 20, "dissatisfied": 20}
    tally: Tally = {
        "crowd": {"overall": crowd},
        "few": {"overall": {"dissatisfied": 4}},
        "others": {"overall": {"satisfied": 4}},
    }

    words = {one.alert.group: one.alert.evidence for one in told(SCHEMES[0], tally)}

    assert words["crowd"] is Evidence.WATCH
    assert words[POOLED] is Evidence.WATCH


def test_a_shown_controlled_group_still_corroborates() -> None:
    crossing = {"overall": {"satisfied": 20, "dissatisfied": 20}}
    tally: Tally = {
        "crowd": crossing,
        "sample": crossing,
        "few": {"overall": {"satisfied": 4}},
    }

    words = {one.alert.group: one.alert.evidence for one in told(SCHEMES[0], tally)}

    assert words["crowd"] is Evidence.CORROBORATED
