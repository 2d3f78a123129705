"""Rules that compare years: integers, the same questions, and nothing without data."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.alerts.alert import Alert, Evidence
from survey_app.domain.alerts.one_third import alerts_of
from survey_app.domain.alerts.over_years import (
    NO_YEARS,
    Told,
    YearAsked,
    comparable_rules,
)
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.disclosure.shown_alert import shown_alerts
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme.alert_watch import AlertKind, AlertWatch
from survey_app.domain.scheme.scheme import AlertRule, Design, Scheme
from tests.support.alerts import votes, watching
from tests.support.plans import subject_plan
from tests.support.schemes import one_third, published
from tests.support.small_scheme import SMALL_QUESTIONNAIRE, changed

PLACE = ("one_third", "overall", "raters")
COUNTS = st.tuples(st.integers(1, 400), st.integers(0, 400)).map(
    lambda pair: (min(pair), max(pair))
)
RISE = AlertWatch(AlertKind.RISE, rise=published(Fraction(1, 10)))
TWO = AlertWatch(AlertKind.YEARS, years=published(2))
ANY = AlertWatch(AlertKind.RATING)


def rule(watch: AlertWatch, threshold: str = "1/3", minimum: int = 1) -> AlertRule:
    plain = one_third("raters", threshold=threshold, minimum=minimum)
    return replace(plain, watch=watch)


def found(asked: AlertRule, now: Told, *years: Told | None) -> Alert:
    """What the rule finds this year, after what earlier ones told."""
    whole = watching(asked, raters=Design.OPEN)
    tallies = {"survey": {"raters": {"overall": votes(*now)}}}
    before = {PLACE: years} if years else NO_YEARS
    (alert,) = alerts_of(whole, ScoreInput(tallies=tallies), before=before)
    return alert


@given(now=COUNTS, before=COUNTS)
def test_a_rise_is_raised_exactly_where_the_share_rose_and_did_not_cross(
    now: Told, before: Told
) -> None:
    risen = Fraction(*now) - Fraction(*before) >= Fraction(1, 10)

    alert = found(rule(RISE), now, before)

    assert alert.crossed == (risen and Fraction(*now) <= Fraction(1, 3))
    assert alert.evidence is (Evidence.WATCH if alert.crossed else Evidence.CLEAR)


@given(now=COUNTS, before=COUNTS)
def test_two_years_running_are_raised_exactly_where_both_crossed(
    now: Told, before: Told
) -> None:
    both = min(Fraction(*now), Fraction(*before)) > Fraction(1, 5)

    assert found(rule(TWO, "1/5"), now, before).crossed == both


def test_exactly_a_fifth_is_not_over_a_fifth_and_exactly_ten_points_have_risen() -> (
    None
):
    assert not found(rule(TWO, "1/5"), (21, 100), (20, 100)).crossed
    assert found(rule(RISE), (30, 100), (20, 100)).crossed
    assert not found(rule(RISE), (299, 1000), (2, 10)).crossed


@pytest.mark.parametrize("watch", [RISE, TWO])
@pytest.mark.parametrize("years", [(), (None,)])
def test_without_a_year_before_there_is_insufficient_data_and_never_no_alert(
    watch: AlertWatch, years: tuple[None, ...]
) -> None:
    alert = found(rule(watch), (90, 100), *years)

    assert (alert.crossed, alert.evidence) == (False, Evidence.INSUFFICIENT)


@pytest.mark.parametrize("watch", [RISE, TWO, ANY])
def test_below_the_minimum_there_is_insufficient_data(watch: AlertWatch) -> None:
    alert = found(rule(watch, minimum=30), (8, 29), (1, 100))

    assert (alert.crossed, alert.evidence) == (False, Evidence.INSUFFICIENT)


def test_three_years_running_need_three_years() -> None:
    three = rule(AlertWatch(AlertKind.YEARS, years=published(3)), "1/5")

    assert found(three, (30, 100), (30, 100), (21, 100)).crossed
    assert not found(three, (30, 100), (30, 100), (20, 100)).crossed
    gap = found(three, (30, 100), (30, 100), None)
    assert gap.evidence is Evidence.INSUFFICIENT


def test_one_bad_rating_is_enough_and_none_is_none() -> None:
    assert found(rule(ANY, "0"), (1, 500)).crossed
    assert not found(rule(ANY, "0"), (0, 500)).crossed


@pytest.mark.parametrize("watch", [RISE, TWO, ANY])
@pytest.mark.parametrize("hidden", [[(0, 4), (2, 4), (4, 4)], [(29, 30), (30, 30)]])
def test_nothing_is_raised_of_numbers_that_are_not_told(
    watch: AlertWatch, hidden: list[Told]
) -> None:
    """Neither of a group below the floor nor where a band took a number's place."""
    asks = rule(watch, "1" if watch is RISE else "0")
    whole = watching(asks, raters=Design.OPEN)
    seen = set()
    for bad, valid in hidden:
        tally = {"raters": {"overall": votes(bad, valid)}}
        plan = subject_plan(whole, tally, component="survey")
        evidence = ScoreInput(tallies={"survey": tally})
        (shown,) = shown_alerts(whole, evidence, "survey", plan, {PLACE: ((1, 100),)})
        seen.add((shown.alert.crossed, shown.alert.evidence, shown.alert.numerator))
    assert seen == {(False, Evidence.INSUFFICIENT, 0)}


QUESTIONNAIRE = read_questionnaire(SMALL_QUESTIONNAIRE, file="small.toml")


def asked(whole: Scheme, *, is_secret: bool = False, wording: str = "") -> YearAsked:
    text = changed(SMALL_QUESTIONNAIRE, ('zh = "总体"', f'zh = "总体{wording}"'))
    questionnaire = read_questionnaire(text, file="small.toml")
    return YearAsked(whole, "survey", questionnaire, is_secret)


def test_years_are_compared_only_where_questions_and_people_are_the_same() -> None:
    now = watching(rule(TWO), raters=Design.OPEN)
    other = watching(rule(TWO), raters=Design.SAMPLE)
    plain = watching(raters=Design.OPEN)

    (same,) = comparable_rules(asked(now), asked(plain))
    assert same.watch.kind is AlertKind.SHARE
    assert not comparable_rules(asked(now), asked(plain, wording="评价"))
    assert not comparable_rules(asked(now), asked(other))
    assert not comparable_rules(asked(now), asked(plain, is_secret=True))
    renamed = replace(plain, components=())
    assert not comparable_rules(asked(now), asked(renamed))
