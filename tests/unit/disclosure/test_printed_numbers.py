"""Plan and audit reckon with what is printed: all of those numbers, and only those."""

from dataclasses import replace

import pytest

from survey_app.analytics.tally_results import TallyResults
from survey_app.audit.derivable import derivable
from survey_app.audit.printed_numbers import Counts, printed_numbers
from survey_app.domain.counting.subject_plan import WHOLE, SubjectPlan
from survey_app.domain.counting.tally import Tally
from survey_app.domain.disclosure.span import Cost
from survey_app.domain.scheme.scheme import (
    Grouping,
    Post,
    RaterGroup,
    Scheme,
    WhenEmpty,
)
from tests.support.plans import (
    COMPONENT,
    QUESTIONNAIRE,
    SUBJECT,
    Posts,
    frozen,
    subject_plan,
)
from tests.support.schemes import component, group, one_third, scheme, survey

PRINCIPAL, DEPUTY = (Post.PRINCIPAL,), (Post.DEPUTY,)

AGREED, SPLIT = {"good": 0, "bad": 12}, {"good": 6, "bad": 6}
ONE_AGREES: Tally = {"a": {"overall": AGREED}, "b": {"overall": SPLIT}}
OF_FEW: Tally = {
    "a": {"overall": AGREED},
    "b": {"overall": SPLIT},
    "few": {"overall": {"good": 2, "bad": 4}},
}

EVERY_PLACE = frozenset((group, q) for group in "ab" for q in ("overall", WHOLE))


def weighing(*groups: RaterGroup, grouping: Grouping = Grouping.AVERAGED) -> Scheme:
    rules = survey(
        *groups,
        values={"good": 100, "bad": 0},
        grouping=grouping,
        empty=WhenEmpty.RENORMALISE,
    )
    return scheme(component(COMPONENT, survey=rules))


BY_POST = weighing(group("a", 5, deputy=3), group("b", 2, deputy=7))
FEW_WEIGH_NOTHING = weighing(
    group("a", 5, deputy=3), group("b", 2, deputy=7), group("few", 0, deputy=4)
)


def audited(whole: Scheme, tally: Tally, plan: SubjectPlan, posts: Posts) -> Counts:
    results = TallyResults(whole, COMPONENT, QUESTIONNAIRE, tally, plan)
    return Counts(SUBJECT, results, posts)


def found(whole: Scheme, tally: Tally, plan: SubjectPlan, posts: Posts) -> list[str]:
    """Return what the audit can work out from the plan."""
    about = audited(whole, tally, plan, posts)
    plans = frozen(whole, {SUBJECT: tally})
    numbers = printed_numbers(about, plans)
    return [what for _, what in derivable(about, plans, numbers)]


@pytest.mark.parametrize("posts", [PRINCIPAL, DEPUTY])
def test_the_score_by_one_post_does_not_give_a_band_away(posts: Posts) -> None:
    plan = subject_plan(BY_POST, ONE_AGREES, posts=posts)

    # The score and what b said would tell what a said.
    assert not plan.tells("b", "overall")
    assert found(BY_POST, ONE_AGREES, plan, posts) == []


def test_the_audit_finds_a_plan_made_for_scores_that_are_not_printed() -> None:
    plan = subject_plan(BY_POST, ONE_AGREES, posts=tuple(Post))

    # Two scores alone give the band away, so nothing was withheld for its sake.
    assert plan.tells("b", "overall")
    assert found(BY_POST, ONE_AGREES, plan, tuple(Post)) == []
    assert found(BY_POST, ONE_AGREES, plan, PRINCIPAL) != []


def test_a_few_whose_group_weighs_nothing_hide_no_score() -> None:
    plan = subject_plan(FEW_WEIGH_NOTHING, OF_FEW, posts=PRINCIPAL)
    about = audited(FEW_WEIGH_NOTHING, OF_FEW, plan, PRINCIPAL)

    assert (plan.small, plan.blocking) == (("few",), ())
    assert about.results.score(Post.PRINCIPAL)[0].value is not None
    # It is an equation for what a said, and b gives way to it.
    assert not plan.tells("b", "overall")


def test_the_audit_sees_a_score_beside_a_few_that_weigh_nothing() -> None:
    of_frozen = frozen(FEW_WEIGH_NOTHING, {SUBJECT: OF_FEW})
    plan = subject_plan(FEW_WEIGH_NOTHING, OF_FEW, posts=PRINCIPAL)

    by_post = {
        posts: [
            one
            for one in printed_numbers(
                audited(FEW_WEIGH_NOTHING, OF_FEW, plan, posts), of_frozen
            )
            if one.cost is Cost.PINNED
        ]
        for posts in (PRINCIPAL, DEPUTY)
    }

    assert [set(one.vector) for one in by_post[PRINCIPAL]] == [
        {("a", "overall"), ("b", "overall")}
    ]
    careless = replace(plan, banded=frozenset(), concealed=frozenset())
    assert found(FEW_WEIGH_NOTHING, OF_FEW, careless, PRINCIPAL) != []


def test_the_same_few_hide_the_score_in_which_they_weigh_something() -> None:
    plan = subject_plan(FEW_WEIGH_NOTHING, OF_FEW, posts=DEPUTY)
    about = audited(FEW_WEIGH_NOTHING, OF_FEW, plan, DEPUTY)

    assert plan.blocking == ("few",)
    assert about.results.score(Post.DEPUTY)[0].value is None


def test_a_post_the_plan_did_not_foresee_gets_no_score_where_something_hides() -> None:
    plan = subject_plan(BY_POST, ONE_AGREES, posts=PRINCIPAL)
    nothing_hides: Tally = {"a": {"overall": SPLIT}, "b": {"overall": SPLIT}}
    other = subject_plan(BY_POST, nothing_hides, posts=PRINCIPAL)

    node, why = audited(BY_POST, ONE_AGREES, plan, DEPUTY).results.score(Post.DEPUTY)
    told, _ = audited(BY_POST, nothing_hides, other, DEPUTY).results.score(Post.DEPUTY)

    assert node.value is None
    assert [remark.key for remark in why] == ["post-not-foreseen"]
    assert told.value is not None


def test_the_audit_reads_what_alerts_count_together() -> None:
    rule = one_third("a", "b", component=COMPONENT, pooled=True)
    whole = replace(weighing(*map(group, "abc")), alerts=(rule,))
    apart: Tally = {key: {"overall": SPLIT} for key in "abc"}
    plan = subject_plan(whole, apart, posts=PRINCIPAL)

    numbers = printed_numbers(
        audited(whole, apart, plan, PRINCIPAL), frozen(whole, {SUBJECT: apart})
    )

    both = {("a", "overall"): 1, ("b", "overall"): 1}
    assert both in [dict(one.vector) for one in numbers]


def test_what_rates_nothing_is_no_part_of_a_score_and_hides_nobody_in_it() -> None:
    whole = weighing(group("a"), group("b"), grouping=Grouping.POOLED)
    unknown = {"dont_know": 12}
    tally: Tally = {
        "a": {"overall": AGREED, "work": unknown},
        "b": {"overall": SPLIT, "work": SPLIT},
    }

    plan = subject_plan(whole, tally, posts=PRINCIPAL)

    # To withhold what a said on "work" would not help: it is in no score.
    assert not (plan.tells("b", "overall") and plan.tells("b", "work"))
    assert found(whole, tally, plan, PRINCIPAL) == []


TWO_BANDS: Tally = {
    "a": {"one": AGREED, "two": AGREED, "three": SPLIT},
    "b": {"one": SPLIT, "two": SPLIT, "three": SPLIT},
}


def test_the_audit_finds_the_sum_of_one_group_s_two_bands() -> None:
    plan = subject_plan(BY_POST, TWO_BANDS, posts=PRINCIPAL)
    careless = replace(plan, concealed=plan.concealed - {("a", "three")})

    assert not plan.tells("a", "three")
    assert found(BY_POST, TWO_BANDS, plan, PRINCIPAL) == []
    # From the score and the third question follows what both bands stand for together.
    assert found(BY_POST, TWO_BANDS, careless, PRINCIPAL) != []


def test_everybody_has_what_was_posted_whatever_the_pages_withhold() -> None:
    torn = {"good": 12, "bad": 12}
    tally: Tally = {key: {"overall": torn} for key in "ab"}
    nothing = replace(
        subject_plan(BY_POST, tally, secret=True), concealed=EVERY_PLACE, bare=True
    )
    about = audited(BY_POST, tally, nothing, PRINCIPAL)

    posted, withheld = (
        {
            tuple(one.vector)
            for one in printed_numbers(
                about, frozen(BY_POST, {SUBJECT: tally}, secret=secret)
            )
            if len(one.vector) == 1
        }
        for secret in (True, False)
    )

    assert posted == {(("a", "overall"),), (("b", "overall"),)}
    assert withheld == set()
