"""Where nearly everybody objects, the number cannot be worked out from the rest."""

from collections.abc import Iterable
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.subject_plan import WHOLE, Place, SubjectPlan
from survey_app.domain.counting.tally import Counts, Tally
from survey_app.domain.disclosure.span import Leaf, Published, leaks
from survey_app.domain.scheme.scheme import POOLED, Scheme
from survey_app.domain.scoring.score import score, shown_sheet
from tests.support.plans import subject_plan
from tests.support.schemes import component, group, scheme, survey

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
TWO_GROUPS = asking(("a", "b"))

AGREED: Counts = {"good": 0, "bad": 12}
SPLIT: Counts = {"good": 6, "bad": 6}


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


def agreeing(tally: Tally) -> set[Place]:
    """Return where nearly everybody of a group objected."""
    return {
        (key, q)
        for key, asked in tally.items()
        for q, counts in asked.items()
        if counts["bad"] > sum(counts.values()) - SHROUD
    }


def of_groups(places: Iterable[Place]) -> set[Place]:
    return {place for place in places if place[0] != POOLED}


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
    bands = [frozenset({place}) for place in agreeing(tally)]

    assert leaks(published(tally, plan), {}, 0, bands) == ()


@given(opinions())
def test_a_band_stands_exactly_where_nearly_everybody_objected(tally: Tally) -> None:
    plan = subject_plan(SCHEME, tally)

    assert of_groups(plan.banded) == agreeing(tally)


@given(opinions())
def test_where_nobody_agrees_so_far_every_number_is_told(tally: Tally) -> None:
    plan = subject_plan(SCHEME, tally)

    if not agreeing(tally):
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

    assert of_groups(plan.banded) == {("a", "one")}
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
    nearly: Counts = {"good": 1, "bad": 11}
    tally: Tally = {"a": {"one": nearly}, "b": {"one": nearly}, "c": {"one": SPLIT}}

    plan = subject_plan(SCHEME, tally)

    # 28 of 36 in all less 6 of 12 would say that each band stands for eleven.
    assert {("a", "one"), ("b", "one")} <= plan.banded
    assert not (plan.tells(POOLED, "one") and plan.tells("c", "one"))


def test_the_mean_of_two_bands_is_not_told() -> None:
    tally: Tally = {
        "a": {"one": AGREED, "two": AGREED, "three": SPLIT},
        "b": {"one": SPLIT, "two": SPLIT, "three": SPLIT},
    }

    plan = subject_plan(TWO_GROUPS, tally)

    assert not plan.tells("a", WHOLE)


def test_of_a_secret_ballot_what_was_posted_does_not_give_way() -> None:
    many: Counts = {"good": 12, "bad": 12}
    tally: Tally = {
        "a": dict.fromkeys(QUESTIONS, many),
        "b": dict.fromkeys(QUESTIONS, SPLIT),
        "c": dict.fromkeys(QUESTIONS, AGREED),
    }

    public = subject_plan(SCHEME, tally)
    secret = subject_plan(SCHEME, tally, secret=True)

    # One more number must go: of a ballot, one that was not posted with its head.
    assert not all(public.tells("a", question) for question in QUESTIONS)
    assert all(secret.tells("a", question) for question in QUESTIONS)


def test_what_another_group_said_gives_way_last() -> None:
    tally: Tally = {
        "a": {"one": SPLIT, "two": SPLIT, "three": SPLIT},
        "b": {"one": AGREED, "two": SPLIT, "three": SPLIT},
    }

    plan = subject_plan(TWO_GROUPS, tally)

    assert all(plan.tells("a", question) for question in (*QUESTIONS, WHOLE))
    assert sum(plan.tells("b", question) for question in QUESTIONS) == 1
