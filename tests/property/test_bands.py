"""Where nearly everybody objects, the number cannot be worked out from the rest."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.alerts.alert import POOLED
from survey_app.domain.disclosure.plan import WHOLE, SubjectPlan
from survey_app.domain.disclosure.shown_sheet import shown_sheet
from survey_app.domain.disclosure.span import Leaf, Published, leaks
from survey_app.domain.scheme import Scheme
from survey_app.domain.scoring.score import score
from survey_app.domain.scoring.score_input import ScoreInput
from survey_app.domain.tally import Counts, Tally
from tests.plans import subject_plan
from tests.schemes import component, group, scheme, survey

GROUPS, QUESTIONS = ("a", "b", "c"), ("one", "two", "three")
WEIGHTS = dict(zip(GROUPS, (5, 3, 2), strict=True))
SHROUD = 2


def asking(groups: tuple[str, ...] = GROUPS) -> Scheme:
    return scheme(
        component(
            "satisfaction",
            survey=survey(
                *(group(key, WEIGHTS[key]) for key in groups),
                values={"good": 100, "bad": 0},
            ),
        )
    )


SCHEME = asking()


@st.composite
def opinions(draw: st.DrawFn, groups: tuple[str, ...] = GROUPS) -> Tally:
    """Draw a tally of three questions; often all, or all but one, of a group object."""
    return {
        key: {q: draw(_split(n)) for q in QUESTIONS}
        for key in groups
        for n in [draw(st.integers(10, 40))]
    }


def _split(n: int) -> st.SearchStrategy[Counts]:
    few = st.integers(0, n) | st.sampled_from([0, 1])
    return few.map(lambda good: {"good": good, "bad": n - good})


def agree(counts: Counts) -> bool:
    return counts["bad"] > sum(counts.values()) - SHROUD


def published(tally: Tally, plan: SubjectPlan) -> list[Published]:
    """Every number that is told, as a sum of points over (group, question)."""
    found = [
        Published((key, q), {(key, q): 1})
        for key in tally
        for q in QUESTIONS
        if plan.tells(key, q)
    ]
    if POOLED in plan.shown:
        found += [
            Published((POOLED, q), {(key, q): 1 for key in tally})
            for q in QUESTIONS
            if plan.tells(POOLED, q)
        ]
    for key in tally:
        if plan.tells(key):
            found.append(Published((key, WHOLE), {(key, q): 1 for q in QUESTIONS}))
    return [*found, Published(("score", WHOLE), of_score(tally))]


def of_score(tally: Tally) -> dict[Leaf, Fraction]:
    return {
        (key, q): Fraction(WEIGHTS[key], sum(tally[key][q].values()))
        for key in tally
        for q in QUESTIONS
    }


@given(opinions())
def test_no_band_can_be_worked_out_from_the_score_and_what_else_is_told(
    tally: Tally,
) -> None:
    plan = subject_plan(SCHEME, tally)
    bands = [
        frozenset({(key, q)})
        for key in tally
        for q in QUESTIONS
        if agree(tally[key][q])
    ]

    assert leaks(published(tally, plan), {}, 0, bands) == ()


@given(opinions())
def test_a_band_stands_exactly_where_nearly_everybody_objected(tally: Tally) -> None:
    plan = subject_plan(SCHEME, tally)

    groups = {(key, q) for key in tally for q in QUESTIONS if agree(tally[key][q])}
    assert {place for place in plan.banded if place[0] != POOLED} == groups


@given(opinions())
def test_where_nobody_agrees_so_far_every_number_is_told(tally: Tally) -> None:
    plan = subject_plan(SCHEME, tally)

    if not any(agree(counts) for asked in tally.values() for counts in asked.values()):
        assert (plan.banded, plan.concealed) == (frozenset(), frozenset())


@given(opinions())
def test_the_score_stays_and_is_the_true_one(tally: Tally) -> None:
    evidence = ScoreInput(tallies={"satisfaction": tally})

    shown = shown_sheet(SCHEME, evidence, {"satisfaction": subject_plan(SCHEME, tally)})

    assert shown.overall == score(SCHEME, evidence).overall
    assert shown.overall is not None


def test_of_one_group_alone_only_what_must_go_goes() -> None:
    tally: Tally = {
        "a": {
            "one": {"good": 0, "bad": 12},
            "two": {"good": 6, "bad": 6},
            "three": {"good": 5, "bad": 7},
        }
    }

    plan = subject_plan(asking(("a",)), tally)

    assert {place for place in plan.banded if place[0] != POOLED} == {("a", "one")}
    # One more question must go, or the group's score would give the first away.
    assert [q for q in QUESTIONS if plan.tells("a", q)] in (["three"], ["two"])
    assert plan.tells("a")


def test_a_few_hidden_people_who_all_object_do_not_show_in_the_sum() -> None:
    tally: Tally = {
        "a": {"one": {"good": 20, "bad": 5}},
        "b": {"one": {"good": 0, "bad": 7}},
        "c": {"one": {"good": 1, "bad": 3}},
    }

    plan = subject_plan(SCHEME, tally)

    # Eleven people are left when group a is taken from the whole; ten of them objected.
    assert plan.small == ("b", "c")
    assert POOLED in plan.shown
    assert not plan.tells(POOLED, "one")
    assert plan.tells("a", "one")


def test_the_sum_of_two_bands_does_not_tell_how_far_they_go() -> None:
    agreed: Counts = {"good": 1, "bad": 11}
    split: Counts = {"good": 6, "bad": 6}
    tally: Tally = {"a": {"one": agreed}, "b": {"one": agreed}, "c": {"one": split}}

    plan = subject_plan(SCHEME, tally)

    # 28 of 36 in all less 6 of 12 would say that each band stands for eleven.
    assert {("a", "one"), ("b", "one")} <= plan.banded
    assert not (plan.tells(POOLED, "one") and plan.tells("c", "one"))


def test_the_mean_of_two_bands_is_not_told() -> None:
    agreed: Counts = {"good": 0, "bad": 12}
    split: Counts = {"good": 6, "bad": 6}
    tally: Tally = {
        "a": {"one": agreed, "two": agreed, "three": split},
        "b": {"one": split, "two": split, "three": split},
    }

    plan = subject_plan(asking(("a", "b")), tally)

    assert not plan.tells("a", WHOLE)


def test_of_a_secret_ballot_what_was_posted_is_the_last_to_give_way() -> None:
    agreed: Counts = {"good": 0, "bad": 24}
    split: Counts = {"good": 12, "bad": 12}
    tally: Tally = {
        "a": {"one": agreed, "two": split, "three": split},
        "b": {"one": split, "two": split, "three": split},
    }

    public = subject_plan(asking(("a", "b")), tally)
    secret = subject_plan(asking(("a", "b")), tally, secret=True)

    # One more number must go: of a ballot, one that was not posted with its head.
    assert public.tells("b", "one")
    assert not secret.tells("b", "one")
    assert all(secret.tells(key, q) for key in "ab" for q in ("two", "three"))


def test_what_another_group_said_gives_way_last() -> None:
    agreed: Counts = {"good": 0, "bad": 12}
    split: Counts = {"good": 6, "bad": 6}
    tally: Tally = {
        "a": {"one": split, "two": split, "three": split},
        "b": {"one": agreed, "two": split, "three": split},
    }

    plan = subject_plan(asking(("a", "b")), tally)

    assert all(plan.tells("a", question) for question in (*QUESTIONS, WHOLE))
    assert sum(plan.tells("b", question) for question in QUESTIONS) == 1
