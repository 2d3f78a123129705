"""A scheme file is read completely, or refused with everything that is wrong."""

from fractions import Fraction

import pytest

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.file_faults import SchemeRefused
from survey_app.domain.ground.stated import Stated, assumed
from survey_app.domain.scheme.scheme import (
    Comparator,
    CountsAs,
    Denominator,
    Grouping,
    Post,
    SubjectKind,
    WhenEmpty,
)
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scheme.total_rules import Order
from tests.support.small_scheme import (
    SMALL_SCHEME,
    changed,
    faults_after,
    faults_of,
    in_survey,
)

A_SOURCE = Bilingual("a source", "a source")
PAGE_4 = Bilingual("第4页", "p. 4")
RESIDENTS = 'label = { zh = "居民", en = "Residents" }'


def test_every_setting_left_out_takes_the_house_default_marked_as_assumed() -> None:
    scheme = read_scheme(SMALL_SCHEME, file="small.toml")
    rules = scheme.component("satisfaction").survey
    alert = scheme.alerts[0]

    assert rules is not None
    assert (rules.abstain, rules.dont_know, rules.blank) == (assumed(CountsAs.OUT),) * 3
    assert rules.grouping == assumed(Grouping.AVERAGED)
    assert rules.empty_group == rules.empty_question == assumed(WhenEmpty.BLOCK)
    assert rules.minimum_answers == alert.minimum_answers == assumed(30)
    assert scheme.component("achievements").full_marks == assumed(Fraction(100))
    assert scheme.component("achievements").when_missing == assumed(WhenEmpty.BLOCK)
    assert alert.comparator == assumed(Comparator.MORE_THAN)
    assert alert.denominator == assumed(Denominator.VALID)
    assert alert.inverse_alpha == assumed(40)
    assert scheme.rates[0].denominator == assumed(Denominator.VALID)
    assert scheme.adjustments.order == assumed(Order.AFTER)
    assert scheme.places == assumed(2)


def test_what_a_part_does_not_say_it_takes_over_from_the_scheme() -> None:
    scheme = read_scheme(SMALL_SCHEME, file="small.toml")

    assert scheme.component("achievements").about is SubjectKind.CADRE
    assert scheme.component("body").about is SubjectKind.LEADING_BODY
    assert scheme.component("satisfaction").source == A_SOURCE
    assert scheme.alerts[0].source == scheme.rates[0].source == A_SOURCE


def test_every_number_keeps_its_status_and_source() -> None:
    text = changed(
        SMALL_SCHEME,
        (
            'good = { assumed = "100" }',
            'good = { published = "93.2", source = { zh = "第4页", en = "p. 4" } }',
        ),
    )

    rules = read_scheme(text, file="small.toml").component("satisfaction").survey

    assert rules is not None
    assert rules.values == (
        ("good", Stated(Fraction(466, 5), published=True, source=PAGE_4)),
        ("bad", assumed(Fraction(0))),
    )


@pytest.mark.parametrize("written", ['"1/3"', '"2/6"', '"3/9"'])
def test_fractions_are_exact(written: str) -> None:
    text = changed(SMALL_SCHEME, ('"1/3"', written))

    assert read_scheme(text, file="").alerts[0].threshold.value == Fraction(1, 3)


@pytest.mark.parametrize(
    "written",
    ['"1/0"', '"1e3"', '" 1"', '"½"', '"٣"', "true", '"-1/3"', '"4/3"', "[1]"],
)
def test_what_is_no_share_is_refused(written: str) -> None:
    assert "alerts[0].threshold" in faults_after(('"1/3"', written))


def test_a_float_is_refused_with_the_hint_to_quote_it() -> None:
    faults = faults_after(('"1/3"', "0.333"))

    assert faults["alerts[0].threshold"] == (
        '0.333 is a float and would lose exactness; put it in quotation marks: "0.333"'
    )


@pytest.mark.parametrize(
    "written",
    ['"70"', "{ published = 70, assumed = 70 }", '{ source = "p. 4" }'],
)
def test_a_number_says_once_whether_it_was_published_or_assumed(written: str) -> None:
    faults = faults_after(('{ published = "70" }', written))

    assert list(faults) == ["components[0].weight"]
    assert "{ assumed = … }" in faults["components[0].weight"]


def test_weights_may_differ_between_principal_and_deputy_posts() -> None:
    both = "{ principal = { published = 70 }, deputy = { assumed = 70 } }"
    text = changed(SMALL_SCHEME, ('{ published = "70" }', both))

    weight = read_scheme(text, file="").component("achievements").weight

    assert weight is not None
    assert weight.of(Post.PRINCIPAL) == Stated(Fraction(70), published=True)
    assert weight.of(Post.DEPUTY) == assumed(Fraction(70))


def test_a_negative_weight_is_refused() -> None:
    assert faults_after(('{ published = "3" }', '{ published = "-3" }')) == {
        "components[1].components[1].rater_groups[0].weight": '"-3" is out of range; '
        "write 0 or more"
    }


def test_an_unknown_key_is_refused_with_the_key_that_was_meant() -> None:
    faults = faults_after(in_survey('gruoping = { assumed = "pooled" }'))

    assert faults == {
        "components[1].components[1].gruoping": 'unknown key; did you mean "grouping"?'
    }


def test_a_misspelt_key_is_one_mistake_not_two() -> None:
    assert faults_after(('questionnaire = "small', 'questionaire = "small')) == {
        "components[1].components[1].questionaire": "unknown key; "
        'did you mean "questionnaire"?'
    }


def test_unknown_keys_are_refused_at_every_depth() -> None:
    faults = faults_after(
        ('subject = "cadre"', 'subject = "cadre"\nyear = 2017'),
        (RESIDENTS, 'label = { zh = "居民", en = "Residents", fr = "Habitants" }'),
        ('{ published = "6" }', '{ published = "6", note = "?" }'),
    )

    assert list(faults) == [
        "year",
        "components[1].components[1].rater_groups[1].label.fr",
        "components[1].components[1].rater_groups[1].weight.note",
    ]


def test_a_missing_key_is_named_with_an_example() -> None:
    faults = faults_after((RESIDENTS, ""), ('subject = "cadre"', ""))

    assert faults == {
        "subject": 'is missing; write subject = "cadre"',
        "components[1].components[1].rater_groups[1].label": "is missing; "
        'write label = { zh = "…", en = "…" }',
    }


def test_text_that_is_not_toml_is_one_fault_with_its_line() -> None:
    faults = faults_of('format = 1\nkey = "a"\nkey = "b"\n')

    assert list(faults) == ["line 3"]


def test_an_empty_file_is_refused_for_everything_it_lacks() -> None:
    needed = {"format", "key", "title", "subject", "source", "total", "components"}

    assert needed == set(faults_of(""))


def test_a_byte_order_mark_is_not_a_mistake() -> None:
    with_mark = read_scheme("\ufeff" + SMALL_SCHEME, file="")

    assert with_mark == read_scheme(SMALL_SCHEME, file="")


@pytest.mark.parametrize("written", ["2", "true", '"1"'])
def test_another_format_is_refused(written: str) -> None:
    assert "format" in faults_after(("format = 1", f"format = {written}"))


def test_all_faults_of_a_file_are_named_in_one_go() -> None:
    faults = faults_after(
        ('zh = "小方案", ', ""),
        ('subject = "cadre"', 'subject = "cader"'),
        ('{ published = "70" }', "{ published = 70.5 }"),
        ('{ published = "6" }', '{ published = "-6" }'),
        ('design = "roster"', 'desing = "roster"'),
        ('"1/3"', '"4/3"'),
        ('choices = ["bad"]', 'choices = ["worse"]'),
        ('key = "body"', 'key = "social"'),
        ('kind = "points"', 'kind = "points"\nweight = { assumed = 1 }'),
    )

    assert set(faults) == {
        "title.zh",
        "subject",
        "components[0].weight",
        "components[1].components[0].key",
        "components[1].components[1].rater_groups[0].desing",
        "components[1].components[1].rater_groups[1].weight",
        "components[2].weight",
        "alerts[0].threshold",
        "alerts[0].choices",
    }


def test_a_refusal_names_file_place_mistake_and_remedy_in_one_line_each() -> None:
    with pytest.raises(SchemeRefused, match=r"^small\.toml: places: .*; write a whole"):
        read_scheme("places = { assumed = 9 }\n" + SMALL_SCHEME, file="small.toml")


def test_what_is_named_in_a_list_is_named_once_and_in_any_order() -> None:
    both = 'rater_groups = ["residents"]', 'rater_groups = ["staff", "residents"]'
    turned = both[0], 'rater_groups = ["residents", "staff"]'
    twice = both[0], 'rater_groups = ["staff", "staff"]'
    schemes = [
        read_scheme(changed(SMALL_SCHEME, way), file="") for way in (both, turned)
    ]

    assert schemes[0].fingerprint == schemes[1].fingerprint
    assert list(faults_after(twice)) == ["alerts[0].rater_groups"]


def test_a_key_that_only_resembles_a_missing_one_does_not_hide_it() -> None:
    weights = "question_weights = { overall = { assumed = 1 } }"

    assert faults_after(('questionnaire = "small-questionnaire"', weights)) == {
        "components[1].components[1].questionnaire": "is missing; "
        "write questionnaire = …"
    }


def test_one_unknown_key_stands_for_one_missing_key_only() -> None:
    faults = faults_after(('zh = "小方案", en = "Small scheme"', 'zhen = "Small"'))

    assert list(faults) == ["title.en", "title.zhen"]


def test_one_unreadable_weight_of_a_post_is_one_fault() -> None:
    both = '{ principal = { published = 70 }, deputy = { published = "much" } }'

    assert list(faults_after(('{ published = "70" }', both))) == [
        "components[0].weight.deputy"
    ]


def test_an_unreadable_total_or_kind_is_not_blamed_for_the_sum_as_well() -> None:
    total = ('total = { published = "100" }', 'total = { published = "all" }')
    kind = ('kind = "given"\nweight = { published = "70" }', 'kind = "give"')

    assert list(faults_after(total)) == ["total"]
    assert list(faults_after(kind)) == [
        "components[0].kind",
        "components[0].full_marks",
    ]


def test_an_unreadable_component_key_is_not_blamed_on_those_who_refer_to_it() -> None:
    faults = faults_after(('key = "satisfaction"', 'key = "Satisfaction"'))

    assert list(faults) == ["components[1].components[1].key"]


@pytest.mark.parametrize("endless", ["[" * 9999, "9" * 9999])
def test_endless_numbers_and_brackets_are_refused_like_any_bad_text(
    endless: str,
) -> None:
    assert list(faults_of(f"format = {endless}")) == ["the file"]
