"""The alert list, worked out from the counts whenever somebody looks."""

from fractions import Fraction

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.analytics.alerts import AlertList, FoundAlert, alert_list
from survey_app.domain.alerts.alert import Evidence
from survey_app.domain.scheme.scheme import POOLED
from tests.support.small_county import MAY_1, County, small_county


@pytest.fixture
def county(engine: Engine) -> County:
    return small_county(engine)


def alerts(county: County) -> AlertList:
    county.settle()
    with Session(county.engine) as session:
        return alert_list(session, today=MAY_1)


def ours(county: County, group: str) -> FoundAlert:
    (found,) = (
        alert
        for alert in alerts(county).alerts
        if alert.shown.alert.group == group
        and alert.subject_id == county.subject_id
        and alert.survey_id == county.survey_id
    )
    return found


def test_more_than_one_third_crosses_and_is_named(county: County) -> None:
    county.count("residents", good=66, bad=34, dont_know=9)

    found = ours(county, "residents")

    assert found.shown.alert.crossed
    assert found.evidence is Evidence.WATCH
    assert found.share == Fraction(34, 100)
    assert (found.subject, found.unit) == ("王一", "清河镇")
    assert found.group.zh == "居民"
    assert found.shown.rule.source


def test_exactly_one_third_does_not_cross(county: County) -> None:
    county.count("residents", good=66, bad=33)

    found = ours(county, "residents")

    assert not found.shown.alert.crossed
    assert found.evidence is Evidence.ATTENTION


def test_too_few_answers_are_insufficient_data_and_never_no_alert(
    county: County,
) -> None:
    assert ours(county, "residents").evidence is Evidence.INSUFFICIENT


def test_a_small_group_shows_no_numbers(county: County) -> None:
    county.count("residents", bad=9)

    found = ours(county, "residents")

    assert found.evidence is Evidence.INSUFFICIENT
    assert found.share is None
    assert not found.shown.has_numbers


def test_the_strongest_come_first(county: County) -> None:
    county.count("residents", good=20, bad=30)
    county.count("staff", good=70, bad=30)

    found = alerts(county).alerts

    assert [f.shown.alert.crossed for f in found] == sorted(
        (f.shown.alert.crossed for f in found), reverse=True
    )
    # 70 of 77 before 30 of 50.
    assert [f.subject for f in alerts(county).crossed][:2] == ["李二", "李二"]
    assert found[-1].evidence in (Evidence.CLEAR, Evidence.INSUFFICIENT)


def test_an_open_survey_raises_no_alert_yet(county: County) -> None:
    county.count("residents", good=20, bad=30)
    county.reopen()

    assert all(f.survey_id != county.survey_id for f in alerts(county).alerts)


def test_the_list_says_how_many_false_confirmations_chance_would_give(
    county: County,
) -> None:
    county.count("residents", good=66, bad=34)

    found = alerts(county)

    judged = [f for f in found.alerts if f.evidence is not Evidence.INSUFFICIENT]
    assert found.judged == len(judged)
    assert found.expected_false == Fraction(len(judged), 40)
    assert {f.shown.alert.group for f in judged} == {"residents", "staff", POOLED}
