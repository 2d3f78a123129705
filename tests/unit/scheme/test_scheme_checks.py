"""The parts of a scheme agree: sums, keys, references, who is thrown together."""

import pytest

from survey_app.domain.scheme.scheme_file import read_scheme
from tests.support.small_scheme import (
    SMALL_SCHEME,
    changed,
    faults_after,
    faults_of,
    in_survey,
)


def test_weights_are_added_up_for_each_kind_of_post() -> None:
    both = "{ principal = { published = 70 }, deputy = { assumed = 60 } }"

    assert faults_after(('{ published = "70" }', both)) == {
        "components": "the weights of deputy posts add up to 90, not 100; "
        "write weights that add up to 100"
    }


def test_top_weights_add_up_to_the_total() -> None:
    faults = faults_after(('total = { published = "100" }', "total = { assumed = 99 }"))

    assert faults == {
        "components": "the weights add up to 100, not 99; "
        "write weights that add up to 99"
    }


def test_the_parts_of_a_sum_add_up_to_its_own_weight() -> None:
    faults = faults_after(
        ('weight = { published = "10" }', "weight = { published = 9 }")
    )

    assert faults == {
        "components[1].components": "the weights add up to 29, not 30; "
        "write weights that add up to 30"
    }


def test_an_unreadable_weight_is_not_blamed_for_the_sum_as_well() -> None:
    assert list(faults_after(('{ published = "70" }', '{ published = "much" }'))) == [
        "components[0].weight"
    ]


def test_group_weights_are_ratios_and_need_no_sum() -> None:
    text = changed(SMALL_SCHEME, ('{ published = "6" }', '{ published = "1/7" }'))

    assert read_scheme(text, file="").component("satisfaction").survey


def test_one_group_at_least_has_a_weight() -> None:
    faults = faults_after(('"3" }', "0 }"), ('{ published = "6" }', "{ assumed = 0 }"))

    assert "no group has a weight" in faults["components[1].components[1].rater_groups"]


def test_keys_are_unique_over_the_whole_tree() -> None:
    faults = faults_after(('key = "body"', 'key = "achievements"'))

    assert faults == {
        "components[1].components[0].key": '"achievements" is taken by components[0]; '
        "choose another"
    }


def test_rater_groups_rates_and_alerts_have_keys_of_their_own() -> None:
    again = SMALL_SCHEME[SMALL_SCHEME.index("[[rates]]") :]
    twice = changed(SMALL_SCHEME, ('key = "staff"', 'key = "residents"')) + again

    assert list(faults_of(twice)) == [
        "rates[1].key",
        "alerts[1].key",
        "components[1].components[1].rater_groups[1].key",
    ]


def test_a_share_of_people_is_never_called_a_score() -> None:
    assert list(faults_after(("好评率", "好评得分"))) == ["rates[0].label"]


def test_a_rate_speaks_only_of_choices_that_exist() -> None:
    assert faults_after(('choices = ["good"]', 'choices = ["godo"]')) == {
        "rates[0].choices": 'there is no choice "godo"; did you mean "good"?'
    }


def test_a_share_is_taken_of_ballots_its_choices_are_among() -> None:
    faults = faults_after(('choices = ["good"]', 'choices = ["dont_know"]'))

    assert faults == {
        "rates[0].denominator": '"dont_know" is not part of "valid"; write "responses"'
    }


def test_an_alert_names_only_what_exists() -> None:
    faults = faults_after(
        ('choices = ["bad"]', 'choices = ["worse"]'),
        ('rater_groups = ["residents"]', 'rater_groups = ["resident"]'),
    )

    assert faults == {
        "alerts[0].choices": 'there is no choice "worse"; known here: good, bad',
        "alerts[0].rater_groups": 'there is no rater group "resident"; '
        'did you mean "residents"?',
    }


@pytest.mark.parametrize(
    ("component", "wrong"),
    [
        ("satisfied", 'there is no component "satisfied"'),
        ("achievements", '"achievements" is not a survey'),
    ],
)
def test_rates_and_alerts_speak_of_a_survey(component: str, wrong: str) -> None:
    text = SMALL_SCHEME.replace(
        'component = "satisfaction"', f'component = "{component}"'
    )

    faults = faults_of(text)

    assert list(faults) == ["rates[0].component", "alerts[0].component"]
    assert faults["alerts[0].component"].startswith(wrong)


def test_an_alert_on_every_rating_is_refused() -> None:
    faults = faults_after(('choices = ["bad"]', 'choices = ["bad", "good"]'))

    assert list(faults) == ["alerts[0].choices"]


def test_open_and_controlled_channels_are_never_mixed_in_one_denominator() -> None:
    pooled_alert = (
        'rater_groups = ["residents"]',
        'rater_groups = ["residents", "staff"]\npooled = true',
    )
    weightless = changed(
        SMALL_SCHEME,
        ('weight = { published = "3" }', ""),
        ('weight = { published = "6" }', ""),
        in_survey('grouping = { assumed = "pooled" }'),
    )

    assert list(faults_after(pooled_alert)) == ["alerts[0].pooled"]
    assert list(faults_of(weightless)) == ["components[1].components[1].grouping"]


def test_groups_of_one_design_may_be_pooled() -> None:
    text = changed(
        SMALL_SCHEME,
        ('design = "roster"', ""),
        (
            'rater_groups = ["residents"]',
            'rater_groups = ["residents", "staff"]\npooled = true',
        ),
    )

    assert read_scheme(text, file="").alerts[0].pooled


def test_a_leading_body_holds_no_post_and_contains_no_cadre() -> None:
    both = "{ principal = { published = 70 }, deputy = { assumed = 70 } }"
    faults = faults_after(
        ('subject = "cadre"', 'subject = "leading-body"'),
        ('{ published = "70" }', f'{both}\nabout = "cadre"'),
    )

    assert list(faults) == [
        "components[0].weight",
        "components[0].about",
        "components[1].components[0].kind",
    ]


def test_adjustments_before_the_weighting_name_their_component() -> None:
    order = '\n[adjustments]\norder = { published = "before" }\ncomponent = "{}"'
    unknown = SMALL_SCHEME + order.replace("{}", "achievement")
    known = SMALL_SCHEME + order.replace("{}", "achievements")

    assert read_scheme(known, file="").adjustments.component == "achievements"
    assert faults_of(unknown) == {
        "adjustments.component": 'there is no component "achievement"; '
        'did you mean "achievements"?'
    }


def test_a_component_weighs_something() -> None:
    faults = faults_after(
        ('{ published = "70" }', "{ published = 0 }"),
        ('total = { published = "100" }', "total = { published = 30 }"),
    )

    assert list(faults) == ["components[0].weight"]


def test_a_sum_has_parts_and_nothing_else_has() -> None:
    start = SMALL_SCHEME.index("[[components.components]]")
    end = SMALL_SCHEME.index('[[components]]\nkey = "direct"')
    parts = SMALL_SCHEME[start:end]
    emptied = SMALL_SCHEME.replace(parts, "").partition("[[rates]]")[0]
    moved = emptied + parts

    assert faults_of(emptied)["components[1]"].startswith("a sum of nothing")
    assert "components[2].components" in faults_of(moved)


def test_the_score_of_the_leading_body_is_about_the_leading_body() -> None:
    faults = faults_after(
        ('kind = "leading-body"', 'kind = "leading-body"\nabout = "cadre"')
    )

    assert list(faults) == ["components[1].components[0].about"]


def test_abstentions_are_part_of_the_ballots_that_include_them() -> None:
    text = changed(
        SMALL_SCHEME,
        (
            'choices = ["good"]',
            'choices = ["abstain", "good"]\n'
            'denominator = { assumed = "valid-with-abstentions" }',
        ),
    )

    assert read_scheme(text, file="").rates[0].choices == ("abstain", "good")


def test_groups_of_different_design_may_be_judged_each_for_itself() -> None:
    both = 'rater_groups = ["residents"]', 'rater_groups = ["residents", "staff"]'

    assert read_scheme(changed(SMALL_SCHEME, both), file="").alerts


def test_an_alert_on_rosters_alone_needs_fewer_answers() -> None:
    def minimum(groups: str) -> int:
        named = 'rater_groups = ["residents"]', f"rater_groups = {groups}"
        scheme = read_scheme(changed(SMALL_SCHEME, named), file="")
        return scheme.alerts[0].minimum_answers.value

    assert minimum('["staff"]') == 8
    assert minimum('["staff", "residents"]') == 30


def test_adjustments_after_the_weighting_belong_to_no_component() -> None:
    after = SMALL_SCHEME + '\n[adjustments]\ncomponent = "achievements"'

    assert list(faults_of(after)) == ["adjustments.component"]


def test_only_cadres_have_posts_that_weigh_rater_groups_differently() -> None:
    both = "{ principal = { published = 6 }, deputy = { assumed = 5 } }"
    faults = faults_after(
        ('subject = "cadre"', 'subject = "leading-body"'),
        ('kind = "leading-body"', 'kind = "given"'),
        ('{ published = "6" }', both),
    )

    assert list(faults) == ["components[1].components[1].rater_groups[1].weight"]
