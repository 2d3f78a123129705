"""Alerts and their cases are found, narrowed and ordered, as their addresses say."""

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from survey_app.alerts.tables import AlertCase
from survey_app.database import writing
from tests.support.cases import crossing_county
from tests.support.office import READER, Desk, desk
from tests.support.small_county import MAY_1, County

WANG, LI = "王一", "李二"
"""Of 清河镇, whose alerts are the weaker, and of 柳林镇."""


@pytest.fixture
def county(engine: Engine) -> County:
    """Two cadres over the threshold: 李二 by more, to be verified a month later."""
    county = crossing_county(engine)
    about_wang = AlertCase.subject_id == county.subject_id
    late = {"raised_on": MAY_1.replace(month=7), "due_on": MAY_1.replace(month=8)}
    soon = {"raised_on": MAY_1.replace(month=5), "due_on": MAY_1.replace(month=6)}
    with Session(writing(engine)) as session:
        session.execute(update(AlertCase).where(~about_wang).values(late))
        session.execute(
            update(AlertCase).where(about_wang).values(soon | {"state": "verifying"})
        )
        session.commit()
    return county


@pytest.fixture
def reader(app: Flask, db: Session, county: County) -> Desk:
    return desk(app, db, READER)


def named(reader: Desk, path: str) -> list[str]:
    """Return whom the list names, in its order, each once."""
    rows = [one.find("th[@scope='row']") for one in reader.see(path).all("tr")]
    names = ["".join(one.itertext()) for one in rows if one is not None]
    known = [WANG if WANG in name else LI for name in names]
    return list(dict.fromkeys(known))


ALERTS: tuple[tuple[str, list[str]], ...] = (
    ("", [LI, WANG]),
    ("sort=name", [LI, WANG]),
    ("sort=name&down=1", [WANG, LI]),
    ("sort=unit", [LI, WANG]),
    ("sort=unit&down=1", [WANG, LI]),
    ("sort=raised", [WANG, LI]),
    ("sort=raised&down=1", [LI, WANG]),
    ("sort=due", [WANG, LI]),
    ("sort=due&down=1", [LI, WANG]),
    ("state=verifying", [WANG]),
    ("state=raised", [LI]),
    ("state=heard", []),
    ("state=nonsense", [LI, WANG]),
    ("strength=watch", [LI, WANG]),
    ("strength=confirmed-certain", []),
    ("unit=清河", [WANG]),
    ("q=le", [LI]),
    ("q=qhz", [WANG]),
    ("q=qhz&state=raised", []),
)
CASES: tuple[tuple[str, list[str]], ...] = (
    ("", [WANG, LI]),
    ("sort=due&down=1", [LI, WANG]),
    ("sort=raised&down=1", [LI, WANG]),
    ("sort=name", [LI, WANG]),
    ("sort=unit&down=1", [WANG, LI]),
    ("state=verifying", [WANG]),
    ("unit=柳林", [LI]),
    ("q=wy", [WANG]),
    ("q=llz", [LI]),
    ("q=qhz&state=raised", []),
)


def test_alerts_and_cases_are_narrowed_and_ordered(reader: Desk) -> None:
    found = {query: named(reader, f"/alerts?{query}") for query, _ in ALERTS}
    assert found == dict(ALERTS)
    found = {query: named(reader, f"/alerts/cases?{query}") for query, _ in CASES}
    assert found == dict(CASES)

    page = reader.see("/alerts?state=verifying&strength=watch&sort=due&q=qhz")

    links = [one.get("href", "") for one in page.all("a")]
    (turned,) = (one for one in links if "sort=due" in one and "down=1" in one)
    assert "state=verifying" in turned
    assert "strength=watch" in turned
    assert "q=qhz" in turned
    assert page.named("sort")[0].get("value") == "due"


def test_an_alert_without_a_case_stands_last_by_state_and_day(
    reader: Desk, county: County, engine: Engine
) -> None:
    """Closed long ago, and found by another cycle: neither is its case."""
    with Session(writing(engine)) as session:
        wangs = select(AlertCase.id).where(AlertCase.subject_id == county.subject_id)
        session.execute(
            update(AlertCase)
            .where(AlertCase.id.in_(wangs))
            .values(question_key="another")
        )
        session.commit()

    assert named(reader, "/alerts?sort=due") == [LI, WANG]
    assert named(reader, "/alerts?sort=due&down=1") == [LI, WANG]
    assert named(reader, "/alerts?state=verifying") == []
