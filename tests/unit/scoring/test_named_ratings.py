"""A named rating counts as its group's score does, and needs no floor."""

from dataclasses import replace
from fractions import Fraction

import pytest

from survey_app.domain.counting.evidence import NamedRating, ScoreInput
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.disclosure.score_vectors import component_scores
from survey_app.domain.ground.file_faults import SchemeRefused, ScoreInputRefused
from survey_app.domain.ground.wording import say
from survey_app.domain.scheme.floors import DEFAULTS
from survey_app.domain.scheme.scheme import ComponentKind, Design, Post
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scoring.score import score, shown_sheet
from survey_app.domain.trial.score_json import read_score_input
from tests.support.schemes import answers, component, group, scheme, survey
from tests.support.small_scheme import SMALL_SCHEME, changed

STAFF = {"overall": answers(20, 10, 5, 5)}
LEADERS, ASSESSORS = (
    group(key, 20 * n, Design.NAMED) for n, key in ((1, "leaders"), (2, "assessors"))
)
WHOLE = scheme(
    component(
        "evaluation",
        survey=survey(LEADERS, group("staff", 40, Design.ROSTER), ASSESSORS),
    )
)


def signed(points: int | str, rater: str = "王五") -> NamedRating:
    return NamedRating(rater, "分管领导", Fraction(points), "as observed", "form 3")


def evidence(**named: tuple[NamedRating, ...]) -> ScoreInput:
    return ScoreInput(
        tallies={"evaluation": {"staff": STAFF}}, named={"evaluation": named}
    )


BOTH = evidence(
    leaders=(signed(90, "甲"), signed(95, "乙"), signed(85, "丙")),
    assessors=(signed("92.4"),),
)


def test_three_leaders_forty_staff_and_an_assessment_group_make_a_score() -> None:
    staff = Fraction(20 * 100 + 10 * 80 + 5 * 60, 40)
    expected = (20 * 90 + 40 * staff + 40 * Fraction("92.4")) / 100

    full = score(WHOLE, BOTH)
    shown = shown_sheet(
        WHOLE,
        BOTH,
        {
            "evaluation": SubjectPlan(
                DEFAULTS.floors(is_secret=False), {"staff": 40}, 40
            )
        },
    )

    assert full.overall == shown.overall == expected


def test_the_sheet_says_who_signed_why_and_on_which_paper() -> None:
    (evaluation,) = score(WHOLE, BOTH).root.parts
    leaders = evaluation.parts[0]

    assert [node.label.zh for node in leaders.parts] == [
        "甲（分管领导）",
        "乙（分管领导）",
        "丙（分管领导）",
    ]
    assert say(leaders.parts[0].rule, str, "en") == (
        "Named rating. Reason: as observed"
    )
    assert leaders.parts[0].source.zh == "form 3"
    assert "not in secret" in say(leaders.rule, str, "en")


def test_without_a_signature_there_is_no_score_and_a_reason() -> None:
    sheet = score(WHOLE, evidence(leaders=(signed(90),)))

    assert sheet.overall is None
    assert [reason.key for reason in sheet.blocked] == ["no-named-rating"]


def test_what_was_signed_is_no_unknown_in_what_the_score_gives_away() -> None:
    """Else the auditor would think that no score is published at all."""
    rules = WHOLE.component("evaluation").survey
    assert rules is not None

    (published,) = component_scores(rules, {"staff": STAFF}, ("staff",), Post.PRINCIPAL)

    assert set(published.vector) == {("staff", "overall")}


def test_a_whole_component_may_consist_of_named_ratings() -> None:
    whole = scheme(
        component("leaders", 40, kind=ComponentKind.NAMED), component("own", 60)
    )
    given = ScoreInput(
        values={"own": Fraction(80)}, named={"leaders": {"": (signed(90), signed(80))}}
    )

    assert score(whole, given).overall == Fraction(85 * 40 + 80 * 60, 100)


def test_points_beyond_the_scale_make_no_score() -> None:
    sheet = score(WHOLE, evidence(leaders=(signed(915),), assessors=(signed(1),)))

    assert sheet.overall is None
    assert "value-out-of-range" in [reason.key for reason in sheet.blocked]


def test_a_rating_the_scheme_has_no_place_for_blocks_by_name() -> None:
    strange = replace(BOTH, named={**BOTH.named, "nowhere": {"": (signed(1),)}})

    assert [reason.key for reason in score(WHOLE, strange).blocked] == [
        "named-rating-has-no-place"
    ]


NAMED_STAFF = ('design = "roster"\n', 'design = "named"\n')


def test_a_scheme_file_names_the_groups_that_sign() -> None:
    read = read_scheme(changed(SMALL_SCHEME, NAMED_STAFF), file="small.toml")

    rules = read.component("satisfaction").survey
    assert rules is not None
    assert [group.key for group in rules.asked] == ["residents"]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ((NAMED_STAFF, ('["residents"]', '["staff"]')), "alerts[0].rater_groups"),
        (
            (
                (
                    'design = "roster"\n',
                    'design = "named"\nminimum_answers = { assumed = 3 }\n',
                ),
            ),
            "components[1].components[1].rater_groups[0].minimum_answers",
        ),
    ],
)
def test_a_signature_is_no_ballot(
    changes: tuple[tuple[str, str], ...], where: str
) -> None:
    with pytest.raises(SchemeRefused) as refused:
        read_scheme(changed(SMALL_SCHEME, *changes), file="small.toml")

    assert where in [fault.where for fault in refused.value.faults]


def test_a_trial_takes_named_ratings_from_the_file_and_refuses_nameless_ones() -> None:
    text = """{"tallies": {}, "named": {"evaluation": {"leaders": [
        {"rater": "甲", "capacity": "长", "points": "90.5",
         "reason": "r", "source": "s"}
    ]}}}"""
    read = read_score_input(text, file="trial.json", scheme=WHOLE)
    assert read.named["evaluation"]["leaders"][0].points == Fraction("90.5")

    with pytest.raises(ScoreInputRefused) as refused:
        read_score_input(
            text.replace('"甲"', '""').replace("90.5", "915"),
            file="trial.json",
            scheme=WHOLE,
        )
    assert [fault.where for fault in refused.value.faults] == [
        "named.evaluation.leaders[0].rater",
        "named.evaluation.leaders[0].points",
    ]
