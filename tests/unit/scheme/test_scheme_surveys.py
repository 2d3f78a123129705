"""What a survey component of a scheme file may say."""

from fractions import Fraction

import pytest

from survey_app.domain.scheme.scheme import Design
from survey_app.domain.scheme.scheme_file import read_scheme
from tests.support.small_scheme import (
    SMALL_SCHEME,
    changed,
    faults_after,
    faults_of,
    in_survey,
)

KIND_SURVEY = 'kind = "survey"'
DIRECT = 'full_marks = { published = "10" }'


def test_an_empty_group_never_counts_as_zero() -> None:
    faults = faults_after(in_survey('empty_group = { assumed = "zero" }'))

    assert faults == {
        "components[1].components[1].empty_group": '"zero" is not among the words '
        'known here; write "block" or "renormalise"; what is missing never counts as '
        "zero"
    }


def test_shared_values_must_exist_and_be_used() -> None:
    faults = faults_after(('values = "levels"', 'values = "level"'))

    assert faults == {
        "values.levels": 'no component uses these values; write values = "levels"',
        "components[1].components[1].values": "there is no [values.level]; "
        'did you mean "levels"?',
    }


def test_values_written_inside_a_component_are_the_same_rule() -> None:
    inline = "values = { bad = { assumed = 0 }, good = { assumed = 100 } }"
    shared = SMALL_SCHEME.index("[values"), SMALL_SCHEME.index("[[components")
    text = SMALL_SCHEME[: shared[0]] + SMALL_SCHEME[shared[1] :]
    text = changed(text, ('values = "levels"', inline))

    assert read_scheme(text, file="") == read_scheme(SMALL_SCHEME, file="")


def test_points_stay_within_the_full_marks() -> None:
    faults = faults_after(in_survey("full_marks = { assumed = 10 }"))

    assert faults == {
        "components[1].components[1].values": '"good" has 100 points, more than the '
        "full marks; write 0 to 10, or raise full_marks"
    }


@pytest.mark.parametrize("choice", ["abstain", "dont_know", "blank"])
def test_what_is_no_rating_has_no_points(choice: str) -> None:
    faults = faults_after(
        (
            'bad = { assumed = "0" }',
            f'bad = {{ assumed = "0" }}\n{choice} = {{ assumed = "0" }}',
        )
    )

    assert list(faults) == [f"values.levels.{choice}"]


@pytest.mark.parametrize(
    ("zh", "en"), [("满意率", "Satisfaction"), ("满意度", "Satisfaction rate")]
)
def test_a_score_with_a_lowest_choice_above_zero_is_never_called_a_rate(
    zh: str, en: str
) -> None:
    rate = ('zh = "满意度得分", en = "Satisfaction score"', f'zh = "{zh}", en = "{en}"')
    lifted = ('bad = { assumed = "0" }', 'bad = { assumed = "40" }')

    assert list(faults_after(rate, lifted)) == ["components[1].components[1].label"]


@pytest.mark.parametrize(("zh", "en"), [("工作效率", "Efficiency"), ("评分", "Rating")])
def test_words_that_only_resemble_a_rate_are_allowed(zh: str, en: str) -> None:
    name = ('zh = "满意度得分", en = "Satisfaction score"', f'zh = "{zh}", en = "{en}"')
    lifted = ('bad = { assumed = "0" }', 'bad = { assumed = "40" }')

    assert read_scheme(changed(SMALL_SCHEME, name, lifted), file="")


def test_a_roster_needs_fewer_answers_unless_the_survey_says_how_many() -> None:
    def minima(text: str) -> dict[Design, int]:
        rules = read_scheme(text, file="").component("satisfaction").survey
        assert rules is not None
        return {g.design: rules.minimum_for(g).value for g in rules.rater_groups}

    stated = changed(SMALL_SCHEME, in_survey("minimum_answers = { published = 12 }"))

    assert minima(SMALL_SCHEME) == {Design.ROSTER: 8, Design.OPEN: 30}
    assert minima(stated) == {Design.ROSTER: 12, Design.OPEN: 12}


def test_only_a_survey_has_survey_settings() -> None:
    assert faults_after((DIRECT, f'{DIRECT}\nvalues = "levels"')) == {
        "components[2].values": 'only a component of kind "survey" has values; '
        "remove it"
    }


def test_direct_points_have_full_marks_and_no_weight() -> None:
    faults = faults_after((DIRECT, "weight = { published = 10 }"))

    assert list(faults) == ["components[2].weight", "components[2].full_marks"]


def test_faults_inside_a_component_of_unreadable_kind_are_still_named() -> None:
    faults = faults_after((KIND_SURVEY, 'kind = "poll"'), ('"3" }', '"-3" }'))

    assert list(faults) == [
        "components[1].components[1].kind",
        "components[1].components[1].rater_groups[0].weight",
    ]


def test_a_trim_leaves_something() -> None:
    trim = "highest = { published = 2 }, lowest = { published = 2 }"
    faults = faults_after(
        in_survey(f"trim = {{ {trim}, when_more_than = {{ published = 3 }} }}")
    )

    assert list(faults) == ["components[1].components[1].trim.when_more_than"]


def test_quorum_trim_and_ballot_rules_are_read() -> None:
    extremes = "highest = { published = 1 }, lowest = { published = 1 }"
    quorum = (
        'key = "quorum", part = "present", whole = "membership", '
        'comparator = "more-than", threshold = { published = "1/2" }'
    )
    cap = 'kind = "at-most", choices = ["good"], count = { published = 3 }'
    text = changed(
        SMALL_SCHEME,
        in_survey(
            f"trim = {{ {extremes}, when_more_than = {{ published = 5 }} }}\n"
            f"conditions = [{{ {quorum} }}]\n"
            f'ballot_rules = [{{ {cap} }}, {{ kind = "not-all-equal" }}]'
        ),
    )

    rules = read_scheme(text, file="").component("satisfaction").survey

    assert rules is not None
    assert rules.trim is not None
    assert rules.trim.when_more_than.value == 5
    assert rules.conditions[0].comparator.holds(11, 20, Fraction(1, 2))
    assert [rule.kind for rule in rules.ballot_rules] == ["at-most", "not-all-equal"]


def test_one_unreadable_value_is_one_fault() -> None:
    label = "Satisfaction score", "Satisfaction rate"
    wrong = 'good = { assumed = "100" }', 'good = { assumed = "all" }'

    assert list(faults_after(label, wrong)) == ["values.levels.good"]


def test_a_score_that_is_a_share_of_people_may_be_called_a_rate() -> None:
    text = changed(SMALL_SCHEME, ("Satisfaction score", "Satisfaction rate"))

    assert read_scheme(text, file="")


def test_two_ratings_at_least_have_points() -> None:
    assert list(faults_after(('bad = { assumed = "0" }', ""))) == ["values.levels"]


def test_a_choice_is_a_key() -> None:
    assert "values.levels.Bad" in faults_after(("bad = {", "Bad = {"))


def test_a_sum_is_out_of_its_own_weight() -> None:
    parts = 'kind = "sum"', 'kind = "sum"\nfull_marks = { assumed = 20 }'
    social = read_scheme(SMALL_SCHEME, file="").component("social")

    assert social.full_marks.value == 30
    assert list(faults_after(parts)) == ["components[1].full_marks"]


def test_somebody_is_asked_and_nobody_is_called_pooled() -> None:
    groups = SMALL_SCHEME.index("[[components.components.rater_groups]]")
    direct = SMALL_SCHEME.index('[[components]]\nkey = "direct"')
    nobody = SMALL_SCHEME[:groups] + SMALL_SCHEME[direct:]

    assert "components[1].components[1].rater_groups" in faults_of(nobody)
    assert list(faults_after(('key = "staff"', 'key = "pooled"'))) == [
        "components[1].components[1].rater_groups[0].key"
    ]


def test_some_question_weighs_something() -> None:
    weights = "question_weights = { overall = { assumed = 0 } }"

    assert list(faults_after(in_survey(weights))) == [
        "components[1].components[1].question_weights"
    ]


def test_a_condition_compares_two_different_counts() -> None:
    same = (
        'key = "quorum", part = "present", whole = "present", '
        'comparator = "more-than", threshold = { published = "1/2" }'
    )

    assert list(faults_after(in_survey(f"conditions = [{{ {same} }}]"))) == [
        "components[1].components[1].conditions[0]"
    ]


def test_a_trim_that_just_leaves_something_is_allowed() -> None:
    trim = "highest = { published = 2 }, lowest = { published = 1 }"
    text = changed(
        SMALL_SCHEME,
        in_survey(f"trim = {{ {trim}, when_more_than = {{ published = 3 }} }}"),
    )

    rules = read_scheme(text, file="").component("satisfaction").survey

    assert rules is not None
    assert rules.trim is not None
    assert (rules.trim.highest.value, rules.trim.lowest.value) == (2, 1)


def test_who_belongs_to_a_group_is_a_free_word() -> None:
    text = changed(
        SMALL_SCHEME, ('design = "roster"', 'design = "roster"\nscope = "heads"')
    )

    rules = read_scheme(text, file="").component("satisfaction").survey

    assert rules is not None
    assert [group.scope for group in rules.rater_groups] == ["heads", "all"]
