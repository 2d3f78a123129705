"""Laws of merged rater groups, for every weight, every crowd and every merger."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.counting.tally import Tally
from survey_app.domain.ground.stated import Stated
from survey_app.domain.scheme.scheme import (
    Design,
    Grouping,
    Post,
    RaterGroup,
    Scheme,
    SurveyRules,
    WhenEmpty,
)
from survey_app.domain.scoring.score import score
from tests.support.schemes import (
    FOUR_LEVELS,
    component,
    group,
    one_third,
    published,
    scheme,
    survey,
)

KEYS = ("superiors", "peers", "subordinates", "masses")
DESIGNS = st.sampled_from([Design.OPEN, Design.SAMPLE, Design.ROSTER])
WEIGHTS = st.integers(1, 9)
COUNTS = st.fixed_dictionaries({choice: st.integers(0, 9) for choice in FOUR_LEVELS})
TALLIES = st.fixed_dictionaries(
    {key: st.fixed_dictionaries({"one": COUNTS, "two": COUNTS}) for key in KEYS}
)

mergers = st.permutations(KEYS).flatmap(
    lambda order: st.integers(1, 3).flatmap(
        lambda count: st.fixed_dictionaries(
            {key: st.sampled_from(order[count:]) for key in order[:count]}
        )
    )
)
"""One to three groups, each counted in one that stays."""


@st.composite
def schemes(draw: st.DrawFn, *, grouping: Grouping | None = None) -> Scheme:
    """One survey, deep inside a sum, with any weights, designs and minimums."""
    rules = survey(
        *(
            replace(
                group(key, draw(WEIGHTS), draw(DESIGNS), deputy=draw(WEIGHTS)),
                minimum_answers=draw(st.none() | st.builds(published, WEIGHTS)),
            )
            for key in KEYS
        ),
        questions={"one": draw(WEIGHTS), "two": draw(WEIGHTS)},
        grouping=grouping or draw(st.sampled_from(Grouping)),
        empty=WhenEmpty.RENORMALISE,
    )
    inside = component("survey", 30, survey=rules)
    return scheme(
        component("sum", parts=(inside, component("given", 70)), full=100),
        alerts=(one_third(*KEYS), one_third(*KEYS[2:])),
    )


def rules_of(a_scheme: Scheme) -> SurveyRules:
    rules = a_scheme.component("survey").survey
    assert rules is not None
    return rules


def group_of(a_scheme: Scheme, key: str) -> RaterGroup:
    [found] = [one for one in rules_of(a_scheme).rater_groups if one.key == key]
    return found


def minimums(a_scheme: Scheme) -> list[Stated[int]]:
    rules = rules_of(a_scheme)
    return [rules.minimum_for(one) for one in rules.rater_groups]


def together(tally: Tally, keys: Iterable[str]) -> dict[str, Counter[str]]:
    """All their ballots in one heap."""
    heap: dict[str, Counter[str]] = {"one": Counter(), "two": Counter()}
    for key in keys:
        for question, counts in tally[key].items():
            heap[question].update(counts)
    return heap


def counted_together(tally: Tally, merged: Mapping[str, str]) -> Tally:
    parts = {
        key: [one for one in KEYS if merged.get(one, one) == key]
        for key in KEYS
        if key not in merged
    }
    return {key: together(tally, ones) for key, ones in parts.items()}


def overall(rules: Scheme, tally: Tally) -> Fraction | None:
    evidence = ScoreInput(tallies={"survey": tally}, values={"given": Fraction(90)})
    return score(rules, evidence).overall


@given(schemes(), mergers)
def test_no_weight_is_won_or_lost(before: Scheme, merged: dict[str, str]) -> None:
    after = with_merged_groups(before, "survey", merged)

    for post in Post:
        weights = [
            sum(one.weight.of(post).value for one in rules_of(rules).rater_groups)
            for rules in (before, after)
        ]
        assert weights[0] == weights[1]


@given(schemes(), mergers)
def test_every_group_goes_where_it_was_sent(
    before: Scheme, merged: dict[str, str]
) -> None:
    after = with_merged_groups(before, "survey", merged)
    strength = [Design.OPEN, Design.SAMPLE, Design.ROSTER]
    old = rules_of(before)

    left = [one.key for one in rules_of(after).rater_groups]
    assert left == [key for key in KEYS if key not in merged]
    for key in left:
        parts = [one for one in old.rater_groups if merged.get(one.key, one.key) == key]
        whole = group_of(after, key)
        assert whole.weight.deputy.value == sum(p.weight.deputy.value for p in parts)
        assert strength.index(whole.design) == min(
            strength.index(part.design) for part in parts
        )
        assert rules_of(after).minimum_for(whole).value == max(
            old.minimum_for(part).value for part in parts
        )
        if len(parts) == 1:
            assert whole == parts[0]


@given(schemes(), mergers)
def test_alerts_watch_the_groups_that_are_left(
    before: Scheme, merged: dict[str, str]
) -> None:
    after = with_merged_groups(before, "survey", merged)

    for old, new in zip(before.alerts, after.alerts, strict=True):
        assert len(new.rater_groups) == len(set(new.rater_groups))
        assert set(new.rater_groups) == {merged.get(k, k) for k in old.rater_groups}


@given(schemes())
def test_merging_nothing_changes_nothing(before: Scheme) -> None:
    assert with_merged_groups(before, "survey", {}) == before


@given(schemes(), mergers)
def test_everything_else_stays(before: Scheme, merged: dict[str, str]) -> None:
    after = with_merged_groups(before, "survey", merged)
    undone = replace(rules_of(after), rater_groups=rules_of(before).rater_groups)

    assert undone == rules_of(before)
    assert replace(after, components=(), alerts=()) == replace(
        before, components=(), alerts=()
    )
    assert after.component("given") == before.component("given")


@given(schemes(), mergers, TALLIES)
def test_the_merged_mean_counts_every_ballot_alike(
    before: Scheme, merged: dict[str, str], tally: Tally
) -> None:
    after = with_merged_groups(before, "survey", merged)
    # The same, written out: groups that never were apart, and their weights added.
    groups = tuple(
        replace(
            group_of(before, key),
            weight=group_of(after, key).weight,
            minimum_answers=rules_of(after).minimum_for(group_of(after, key)),
        )
        for key in KEYS
        if key not in merged
    )
    written = replace(rules_of(before), rater_groups=groups)
    inside = replace(before.component("survey"), survey=written)
    whole = replace(
        before.component("sum"), components=(inside, before.component("given"))
    )
    counts = counted_together(tally, merged)

    assert overall(after, counts) == overall(
        replace(before, components=(whole,)), counts
    )


@given(schemes(), TALLIES)
def test_all_in_one_group_score_as_one_heap(before: Scheme, tally: Tally) -> None:
    after = with_merged_groups(before, "survey", dict.fromkeys(KEYS[:-1], "masses"))
    heap = together(tally, KEYS)
    minimum = rules_of(after).minimum_for(group_of(after, "masses")).value
    assume(all(counts.total() >= max(minimum, 1) for counts in heap.values()))
    weights = {key: stated.value for key, stated in rules_of(after).question_weights}

    mean = sum(
        weights[question] * sum(FOUR_LEVELS[c] * n for c, n in counts.items())
        / Fraction(counts.total())
        for question, counts in heap.items()
    ) / sum(weights.values())  # fmt: skip
    assert overall(after, {"masses": heap}) == mean * 30 / 100 + 90 * Fraction(70, 100)


@given(schemes(grouping=Grouping.AVERAGED), COUNTS, st.sampled_from(KEYS))
def test_where_the_rest_is_empty_merging_it_changes_no_score(
    before: Scheme, counts: dict[str, int], key: str
) -> None:
    """With a third group left it does: the weight goes to one, no longer to all."""
    largest = max(one.value for one in minimums(before))
    assume(sum(counts.values()) >= largest)
    only = {key: {"one": counts, "two": counts}}
    rest = dict.fromkeys((one for one in KEYS if one != key), key)

    after = with_merged_groups(before, "survey", rest)
    assert overall(after, only) == overall(before, only) is not None
