"""Every questionnaire and scheme that comes with the platform can be used at once."""

from fractions import Fraction

import pytest

from survey_app import shipped_files
from survey_app.domain.counting.evidence import Adjustment, ScoreInput
from survey_app.domain.questionnaire.questionnaire import DONT_KNOW, Questionnaire
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme.alert_watch import AlertKind
from survey_app.domain.scheme.component_fields import placed
from survey_app.domain.scheme.frozen_scheme import scheme_from_json, scheme_to_json
from survey_app.domain.scheme.review_rules import DaysOf
from survey_app.domain.scheme.scheme import Denominator, Post, Scheme, SubjectKind
from survey_app.domain.scheme.scheme_checks import fit_faults
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scoring.score import score

QUESTIONNAIRES = {
    file.stem: read_questionnaire(file.read_text("utf-8"), file=file.name)
    for file in sorted(shipped_files.QUESTIONNAIRES.glob("*.toml"))
}
SCHEMES = {
    file.stem: read_scheme(file.read_text("utf-8"), file=file.name)
    for file in sorted(shipped_files.SCHEMES.glob("*.toml"))
}


def test_what_was_promised_is_there() -> None:
    assert QUESTIONNAIRES.keys() >= {
        "masses-satisfaction",
        "government-service-rating",
        "cadre-evaluation",
        "leading-body-evaluation",
        "mutual-evaluation",
    }
    assert SCHEMES.keys() >= {
        "yijun-2017",
        "xining-leading-bodies-2012",
        "xining-cadres-2012",
        "golmud-2017",
        "one-third",
        "township-double-evaluation",
        "government-service-rating",
    }


@pytest.mark.parametrize("stem", QUESTIONNAIRES)
def test_a_questionnaire_bears_the_name_of_its_file(stem: str) -> None:
    assert QUESTIONNAIRES[stem].key == stem


@pytest.mark.parametrize("stem", SCHEMES)
def test_a_scheme_bears_the_name_of_its_file(stem: str) -> None:
    assert SCHEMES[stem].key == stem


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES.keys())
def test_a_shipped_scheme_fits_the_shipped_questionnaires(scheme: Scheme) -> None:
    assert fit_faults(scheme, QUESTIONNAIRES) == ()


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES.keys())
def test_a_shipped_scheme_is_read_back_exactly_from_its_frozen_text(
    scheme: Scheme,
) -> None:
    assert scheme_from_json(scheme_to_json(scheme)) == scheme


@pytest.mark.parametrize("asked", QUESTIONNAIRES.values(), ids=QUESTIONNAIRES.keys())
def test_every_question_ends_with_dont_know_and_one_asks_about_it_all(
    asked: Questionnaire,
) -> None:
    assert {question.choices[-1].key for question in asked.questions} == {DONT_KNOW}
    assert asked.questions[-1].key == "overall"


def test_the_masses_are_asked_in_the_five_levels_of_the_rating() -> None:
    labels = [
        c.label.zh for c in QUESTIONNAIRES["masses-satisfaction"].questions[0].choices
    ]

    assert labels == ["非常满意", "满意", "基本满意", "不满意", "非常不满意", "不了解"]


def weights_of(scheme: Scheme, post: Post = Post.PRINCIPAL) -> dict[str, Fraction]:
    """Return component → weight for a post, at every depth."""
    return {
        component.key: component.weight.of(post).value
        for _, component in placed(scheme.components)
        if component.weight
    }


def test_yijun_is_eighty_and_twenty_in_the_proportions_three_six_three_three() -> None:
    scheme = SCHEMES["yijun-2017"]
    rules = scheme.component("satisfaction").survey

    assert weights_of(scheme) == {
        "achievements": 80, "social": 20, "democratic": 5, "satisfaction": 15
    }  # fmt: skip
    assert rules is not None
    assert {g.key: g.weight.principal.value for g in rules.rater_groups} == {
        "staff": 3, "service_objects": 6, "departments": 3, "leaders": 3
    }  # fmt: skip
    assert scheme.component("satisfaction").about is SubjectKind.LEADING_BODY
    assert not scheme.alerts[0].threshold.published


def test_xining_leading_bodies_are_fifteen_fifty_five_and_thirty() -> None:
    assert list(weights_of(SCHEMES["xining-leading-bodies-2012"]).values()) == [
        15,
        55,
        30,
    ]


def test_no_proportion_of_xining_cadres_claims_to_be_published() -> None:
    scheme = SCHEMES["xining-cadres-2012"]
    weights = [c.weight for _, c in placed(scheme.components) if c.weight]

    assert len(weights) == 4
    assert not any(w.principal.published or w.deputy.published for w in weights)
    assert weights_of(scheme) != weights_of(scheme, Post.DEPUTY)


def test_no_weight_of_golmud_claims_to_be_published() -> None:
    components = [c for _, c in placed(SCHEMES["golmud-2017"].components)]

    assert not any(c.weight.principal.published for c in components if c.weight)
    assert {"democratic", "city_leaders", "assessment_group", "social"} <= {
        component.key for component in components
    }


def test_the_one_third_rule_publishes_its_third_and_assumes_its_denominator() -> None:
    alert = SCHEMES["one-third"].alerts[0]

    assert (alert.threshold.value, alert.threshold.published) == (Fraction(1, 3), True)
    assert alert.comparator.published
    assert alert.denominator.value is Denominator.VALID
    assert not alert.denominator.published


def test_a_bad_rating_has_days_and_only_those_of_rectifying_are_published() -> None:
    (rule,) = SCHEMES["government-service-rating"].alerts
    watch = rule.watch

    assert watch.kind is AlertKind.RATING
    assert rule.choices == ("dissatisfied", "very_dissatisfied")
    limits = (watch.contact_days, watch.rectify_days, watch.call_back_days)
    assert [(one.value, one.published) for one in limits if one] == [
        (1, False),
        (15, True),
        (20, False),
    ]
    assert watch.days.value is DaysOf.WORKING


def test_the_township_values_its_choices_as_published() -> None:
    rules = SCHEMES["township-double-evaluation"].component("democratic").survey

    assert rules is not None
    assert list(rules.points().values()) == [100, 80, 60, 0]
    assert all(points.published for _, points in rules.values)
    assert rules.abstain.published


def decided(points: dict[str, str]) -> dict[str, dict[str, dict[str, int]]]:
    """Return counts of 200 answers a group that make the given points of 100."""
    return {
        group: {"overall": {"very_satisfied": n, "very_dissatisfied": 200 - n}}
        for group, n in ((g, int(Fraction(p) * 2)) for g, p in points.items())
    }


def test_the_shipped_yijun_scheme_makes_the_worked_example() -> None:
    groups = {"staff": "91", "service_objects": "84.5"}
    groups |= {"departments": "88", "leaders": "90"}
    evidence = ScoreInput(
        tallies={"satisfaction": decided(groups)},
        values={"achievements": Fraction("93.2"), "democratic": Fraction("92.4")},
        adjustments=(
            Adjustment("bonus", Fraction(1), "reason", "source"),
            Adjustment("deduction", Fraction("0.5"), "reason", "source"),
        ),
    )

    assert score(SCHEMES["yijun-2017"], evidence).overall == Fraction("92.82")


def test_the_shipped_yijun_scheme_for_departments_makes_the_worked_example() -> None:
    groups = {"staff": "91", "towns": "84.5", "leaders": "90"}
    evidence = ScoreInput(
        tallies={"satisfaction": decided(groups)},
        values={"achievements": Fraction(0), "democratic": Fraction(0)},
    )

    overall = score(SCHEMES["yijun-2017-departments"], evidence).overall

    assert overall == Fraction("87.7") * 15 / 100


def test_the_shipped_township_scheme_makes_the_worked_example() -> None:
    picked = {"satisfied": 46, "fairly_satisfied": 30, "basically_satisfied": 12}
    picked |= {"dissatisfied": 7, "abstain": 5}
    evidence = ScoreInput(
        tallies={"democratic": {"representatives": {"overall": picked}}},
        values={"township": Fraction("88.5")},
        adjustments=(
            Adjustment("bonus", Fraction(2), "reason", "source"),
            Adjustment("deduction", Fraction("1.5"), "reason", "source"),
        ),
    )

    sheet = score(SCHEMES["township-double-evaluation"], evidence)

    assert sheet.overall == Fraction(1636, 19)


def test_the_shipped_xining_scheme_makes_the_worked_example() -> None:
    given = {"common_targets": "92", "work_targets": "88.4", "comprehensive": "85.75"}
    evidence = ScoreInput(values={key: Fraction(v) for key, v in given.items()})

    sheet = score(SCHEMES["xining-leading-bodies-2012"], evidence)

    assert sheet.overall == Fraction("88.145")
