"""Alerts are raised when the counts are final, kept, and listed the strongest first."""

from fractions import Fraction

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from survey_app.analytics.alerts import CountedAlert
from survey_app.analytics.kept.alert_list import AlertList, ListedAlert
from survey_app.analytics.kept.alerts import (
    CROSSED,
    NEAR,
    UNKNOWN,
    RaisedAlerts,
    keep_alerts,
    part_of,
)
from survey_app.analytics.kept.closing import unkept
from survey_app.database import writing
from survey_app.domain.alerts.alert import Evidence
from survey_app.domain.ground.refusals import ResultsNotSettled
from survey_app.domain.scheme.scheme import POOLED
from survey_app.survey.tables import Survey
from tests.support.office import READER, desk
from tests.support.raised import every_alert, raised
from tests.support.respondents import shown
from tests.support.small_county import County, small_county


@pytest.fixture
def county(engine: Engine) -> County:
    return small_county(engine)


def alerts(county: County) -> list[CountedAlert]:
    county.settle()
    with Session(county.engine) as session:
        return list(every_alert(session))


def ours(county: County, group: str) -> CountedAlert:
    county.settle()
    with Session(county.engine) as session:
        (found,) = (
            one
            for one in every_alert(session, county.survey_id)
            if one.told.alert.group == group and one.subject.id == county.subject_id
        )
    return found


def listed(county: County, **asked: object) -> AlertList:
    with Session(county.engine) as session:
        return raised(session, **asked)


def rows(found: AlertList) -> list[ListedAlert]:
    return [row for part in found.parts.values() for row in part.rows]


def run(county: County, statement: str, **values: int) -> None:
    with writing(county.engine).begin() as connection:
        connection.execute(text(statement), values)


def test_more_than_one_third_crosses_and_is_named(county: County) -> None:
    county.count("residents", good=66, bad=34, dont_know=9)

    found = ours(county, "residents")

    assert found.told.alert.crossed
    assert found.told.evidence is Evidence.WATCH
    assert found.told.share == Fraction(34, 100)
    assert (found.subject.name, found.subject.unit.shown) == ("王一", "清河镇")
    assert found.told.group.zh == "居民"
    assert found.rule.source


def test_exactly_one_third_does_not_cross(county: County) -> None:
    county.count("residents", good=66, bad=33)

    found = ours(county, "residents")

    assert not found.told.alert.crossed
    assert found.told.evidence is Evidence.ATTENTION


def test_too_few_answers_are_insufficient_data_and_never_no_alert(
    county: County,
) -> None:
    assert ours(county, "residents").told.evidence is Evidence.INSUFFICIENT


def test_a_small_group_shows_no_numbers(county: County) -> None:
    county.count("residents", bad=9)

    found = ours(county, "residents").told

    assert found.evidence is Evidence.INSUFFICIENT
    assert found.share is None
    assert not found.has_numbers


def test_the_list_says_what_the_counts_give(county: County) -> None:
    county.count("residents", good=20, bad=30)
    county.count("staff", good=70, bad=33)
    every = [one for one in alerts(county) if part_of(one.told)]

    found = listed(county)

    kept = [(one.subject_id, one.told) for one in rows(found)]
    assert sorted(kept, key=str) == sorted(
        ((one.subject.id, one.told) for one in every), key=str
    )
    for part, page in found.parts.items():
        assert {part_of(one.told) for one in page.rows} <= {part}
        assert page.found == len(page.rows)
    assert all(found.parts[part].rows for part in (CROSSED, NEAR, UNKNOWN))


def test_the_strongest_come_first(county: County) -> None:
    county.count("residents", good=20, bad=30)
    county.count("staff", good=70, bad=30)
    county.settle()

    found = listed(county).parts[CROSSED].rows

    # 70 of 77 before 30 of 50.
    assert [one.subject for one in found][:2] == ["李二", "李二"]
    strength = [(one.told.evidence.strength, one.told.share or 0) for one in found]
    assert strength == sorted(strength, reverse=True)


def test_an_open_survey_raises_no_alert_yet(county: County) -> None:
    county.count("residents", good=20, bad=30)
    county.settle()
    county.reopen()

    with pytest.raises(ResultsNotSettled), Session(writing(county.engine)) as session:
        keep_alerts(session, county.survey_id)
    assert all(row.survey_id != county.survey_id for row in rows(listed(county)))


def test_the_list_says_how_many_false_confirmations_chance_would_give(
    county: County,
) -> None:
    county.count("residents", good=66, bad=34)
    every = alerts(county)

    found = listed(county)

    judged = [f for f in every if f.told.evidence is not Evidence.INSUFFICIENT]
    assert found.judged == len(judged)
    assert found.expected_false == Fraction(len(judged), 40)
    assert {f.told.alert.group for f in judged} == {"residents", "staff", POOLED}


def test_it_is_narrowed_to_a_cycle_a_survey_a_unit_or_a_name(county: County) -> None:
    county.count("residents", good=20, bad=30)
    county.settle()
    every = rows(listed(county))
    ours_alone = [one for one in every if one.survey_id == county.survey_id]

    assert rows(listed(county, survey_id=county.survey_id)) == ours_alone
    assert rows(listed(county, survey_id=0)) == []
    assert len(rows(listed(county, cycle_id=county.cycle_id))) < len(every)
    assert {one.unit for one in rows(listed(county, unit="U2"))} == {"柳林镇"}
    assert {one.subject for one in rows(listed(county, search="王"))} == {"王一"}
    assert listed(county, search="nobody").parts[CROSSED].found == 0


def test_a_page_that_was_cut_off_is_kept_again_from_its_beginning(
    county: County,
) -> None:
    county.count("residents", good=20, bad=30)
    county.settle()
    before = rows(listed(county))
    run(county, "DELETE FROM raised_alerts")
    assert rows(listed(county)) == []
    with Session(county.engine) as session:
        unraised = unkept(session, RaisedAlerts)
    assert {one.id for one in listed(county).unraised} == set(unraised)
    assert county.survey_id in unraised

    with Session(writing(county.engine)) as session:
        for survey_id in unraised:
            keep_alerts(session, survey_id)

    assert rows(listed(county)) == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE survey SET questionnaire = 'x' WHERE id = :survey",
        "UPDATE kept_alert SET told = replace(told, '30', '3')"
        " WHERE survey_id = :survey",
        "UPDATE kept_alert SET told = 'x' WHERE survey_id = :survey",
        "DELETE FROM kept_alert WHERE survey_id = :survey",
        "UPDATE raised_alerts SET crossed = 0 WHERE survey_id = :survey",
        "UPDATE raised_alerts SET expected_false = 'x' WHERE survey_id = :survey",
        "UPDATE choice_count SET count = count + 1 WHERE survey_id = :survey",
    ],
)
def test_one_survey_that_is_not_as_it_was_takes_nothing_from_the_others(
    app: Flask, db: Session, county: County, change: str
) -> None:
    county.count("residents", good=20, bad=30)
    county.settle()
    reader = desk(app, db, READER)
    reader.send("/language", language="en", back="")
    others = [one for one in rows(listed(county)) if one.survey_id != county.survey_id]
    assert others
    assert reader.open("/alerts").status_code == 200

    run(county, change, survey=county.survey_id)

    page = reader.open("/alerts")
    assert page.status_code == 409
    read = shown(page).text
    title = db.get_one(Survey, county.survey_id).title
    assert "changed in the database" in read or "counters of this survey" in read
    assert title in read
    assert rows(listed(county)) == others
    assert others[0].survey in read
