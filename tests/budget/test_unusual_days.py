"""Unusual days are looked for by whoever asks, not at every look at the turnout."""

from datetime import date

from flask import Flask
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from survey_app.database import writing
from survey_app.survey.counters import TurnoutCount
from survey_app.survey.tables import Channel
from tests.conftest import ONE_DATABASE
from tests.support.long_lists import LongLists, long_lists, rows_read
from tests.support.office import MANAGER, Desk, desk
from tests.support.statements import counted

FEW, MANY = 60, 180
DAY = date(2026, 4, 20)
ROW = '<th scope="row">'

pytestmark = ONE_DATABASE


def burst(engine: Engine, place: LongLists) -> LongLists:
    """Let far more come through every code of the open survey on one day."""
    ours = select(Channel.id).where(Channel.survey_id == place.open)
    with Session(writing(engine)) as session:
        about = {"slot": 0, "survey_id": place.open, "subject_id": place.subject}
        day = {**about, "answered_on": DAY, "count": 30}
        codes = session.scalars(ours).all()
        session.execute(
            insert(TurnoutCount), [{**day, "channel_id": code} for code in codes]
        )
        session.commit()
    return place


def cost(manager: Desk, path: str) -> tuple[int, int, str]:
    """Return statements, rows and text of a page that was opened before."""
    manager.open(path)
    engine = manager.client.application.extensions["survey_engine"]
    with counted(engine) as sent, rows_read(engine) as rows:
        page = manager.open(path)
    assert page.status_code == 200
    return len(sent), len(rows), page.text


def test_the_turnout_looks_for_none_and_their_own_page_shows_fifty(
    app: Flask, db: Session, engine: Engine
) -> None:
    places = [
        burst(engine, long_lists(engine, people, mark))
        for people, mark in ((FEW, "F"), (MANY, "M"))
    ]
    manager = desk(app, db, MANAGER)

    few, many = (cost(manager, f"/surveys/{place.open}/turnout") for place in places)
    assert many[:2] == few[:2]

    few, many = (
        cost(manager, f"/surveys/{place.open}/unusual-days") for place in places
    )
    assert many[0] == few[0]
    assert many[2].count(ROW) == 50
    rest = manager.open(f"/surveys/{places[0].open}/unusual-days?page=3").text
    assert rest.count(ROW) == 2 * FEW - 100
