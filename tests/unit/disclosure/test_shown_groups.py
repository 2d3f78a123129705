"""Which rater groups may be shown, and what is said of the others."""

from dataclasses import replace
from fractions import Fraction

import pytest

from survey_app.domain.alerts.alert import Evidence
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import Tally, Turnout
from survey_app.domain.disclosure.shown_alert import (
    ShownAlert,
    ShownTally,
    shown_alerts,
)
from survey_app.domain.scheme.scheme import POOLED
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scoring.score import shown_sheet
from survey_app.domain.scoring.score_sheet import ScoreSheet
from tests.support.plans import plans_for, subject_plan
from tests.support.small_scheme import SMALL_SCHEME, changed

SCHEME = read_scheme(SMALL_SCHEME, file="small.toml")
OPEN_AND_POOLED = read_scheme(
    changed(
        SMALL_SCHEME,
        ('design = "roster"\n', ""),
        ('["residents"]', '["staff", "residents"]\npooled = true'),
    ),
    file="small.toml",
)


def tally_of(staff: int, residents: int) -> Tally:
    """All but three of each group say "bad"."""
    return {
        "staff": {"overall": {"good": min(3, staff), "bad": max(0, staff - 3)}},
        "residents": {
            "overall": {"good": min(3, residents), "bad": max(0, residents - 3)}
        },
    }


def shown_of(staff: int, residents: int) -> ShownTally:
    rules = SCHEME.component("satisfaction").survey
    assert rules
    tally = tally_of(staff, residents)
    return ShownTally(rules, tally, subject_plan(SCHEME, tally))


def sheet_of(staff: int, residents: int) -> ScoreSheet:
    tally = tally_of(staff, residents)
    evidence = ScoreInput(tallies={"satisfaction": tally})
    return shown_sheet(SCHEME, evidence, plans_for(SCHEME, tally))


def alert_of(group: str, tally: Tally) -> ShownAlert:
    evidence = ScoreInput(tallies={"satisfaction": tally})
    plan = subject_plan(OPEN_AND_POOLED, tally)
    alerts = shown_alerts(OPEN_AND_POOLED, evidence, "satisfaction", plan)
    return next(shown for shown in alerts if shown.alert.group == group)


def test_ten_are_shown_and_nine_are_not() -> None:
    shown = shown_of(staff=10, residents=9)

    assert shown.shown == {"staff"}
    assert [group.key for group in shown.small] == ["residents"]


def test_a_group_nobody_is_in_betrays_nobody() -> None:
    shown = shown_of(staff=10, residents=0)

    assert shown.shown == {"staff", POOLED}
    assert shown.small == ()
    assert set(shown.told) == {"staff", "residents"}


def test_a_group_must_be_large_enough_in_every_question() -> None:
    tally = {"staff": {"overall": {"good": 12}, "attitude": {"good": 9}}}

    assert subject_plan(SCHEME, tally).shown == set()


def test_a_small_group_that_objects_has_insufficient_data_and_no_numbers() -> None:
    shown = alert_of("residents", tally_of(staff=40, residents=9))

    assert shown.alert.evidence is Evidence.INSUFFICIENT
    assert not shown.alert.crossed
    assert not shown.has_numbers


def test_a_crossing_is_never_lost_though_its_numbers_are_withheld() -> None:
    shown = alert_of(POOLED, tally_of(staff=40, residents=9))

    assert shown.alert.crossed
    assert shown.alert.evidence is Evidence.WATCH
    assert not shown.has_numbers
    assert (shown.alert.numerator, shown.alert.denominator) == (0, None)


@pytest.mark.parametrize(("good", "bad"), [(40, 20), (41, 20), (40, 21), (90, 10)])
def test_an_alert_is_the_same_whatever_a_small_group_said(good: int, bad: int) -> None:
    staff = {"overall": {"good": good, "bad": bad}}
    said = [
        alert_of(POOLED, {"staff": staff, "residents": {"overall": {choice: 3}}})
        for choice in ("good", "bad", "dont_know")
    ]

    assert said[0] == said[1] == said[2]
    # Where three people could have made it cross, it is raised.
    assert said[0].alert.crossed == (3 * (bad + 3) > good + bad + 3)


def test_large_groups_keep_their_numbers() -> None:
    shown = alert_of(POOLED, tally_of(staff=40, residents=30))

    assert shown.has_numbers
    assert (shown.alert.numerator, shown.alert.denominator) == (64, 70)


def test_the_sheet_says_that_a_group_is_below_the_floor_and_not_that_it_is_empty() -> (
    None
):
    sheet = sheet_of(staff=40, residents=9)

    said = {remark.key for remark in sheet.blocked}
    assert "group-below-floor" in said
    assert "nobody-in-group-rated" not in said


def test_a_score_that_rests_on_a_small_group_is_withheld_by_name() -> None:
    # A roster needs eight answers, and may be shown from ten.
    sheet = sheet_of(staff=8, residents=40)

    assert sheet.overall is None
    assert sheet.blocked[0].key == "withheld-below-floor"
    assert dict(sheet.blocked[0].figures)["floor"] == "10"


def test_no_reason_tells_how_many_ballots_a_small_group_handed_in() -> None:
    first = SMALL_SCHEME.index("[[components.components.rater_groups]]")
    quorum = """[[components.components.conditions]]
key = "quorum"
part = "returned"
whole = "issued"
comparator = "more-than"
threshold = { published = "9/10" }

"""
    pooled = changed(
        SMALL_SCHEME[:first] + quorum + SMALL_SCHEME[first:],
        ('values = "levels"', 'values = "levels"\ngrouping = { published = "pooled" }'),
        ('design = "roster"\n', ""),
        ('weight = { published = "3" }\n', ""),
        ('weight = { published = "6" }\n', ""),
    )
    scheme = read_scheme(pooled, file="small.toml")

    sheets = []
    for few in (3, 4):
        tally = tally_of(staff=40, residents=few)
        turnout = {
            "staff": Turnout(issued=50, returned=40),
            "residents": Turnout(issued=20, returned=few),
        }
        evidence = ScoreInput({"satisfaction": tally}, {"satisfaction": turnout})
        sheets.append(shown_sheet(scheme, evidence, plans_for(scheme, tally)))

    assert sheets[0] == sheets[1]


def test_a_group_may_bear_the_name_of_a_component() -> None:
    scheme = read_scheme(
        changed(
            SMALL_SCHEME,
            ('key = "achievements"', 'key = "residents"'),
        ),
        file="small.toml",
    )
    tally = tally_of(staff=8, residents=40)
    evidence = ScoreInput(tallies={"satisfaction": tally})

    sheet = shown_sheet(replace(scheme), evidence, plans_for(scheme, tally))

    social = next(node for node in sheet.root.parts if node.key == "social")
    satisfaction = social.parts[-1]
    assert satisfaction.value is None
    assert {node.key: node.value for node in satisfaction.parts} == {
        "staff": None,
        "residents": Fraction(300, 40),
    }
