"""Of a city's thousands of posters somebody has those he wants, and none is held up."""

import re

import pytest
from flask import Flask
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from survey_app.appraisal.people import Subject, Unit
from survey_app.survey.tables import Channel, SurveySubject
from tests.conftest import ONE_DATABASE
from tests.support.drafts import Draft, draft, ready
from tests.support.office import ORGANIZER, Desk, desk
from tests.support.statements import counted

CODE = re.compile(r"/S/([0-9A-Z]{10})")


@pytest.fixture
def wang(app: Flask, db: Session) -> Desk:
    return desk(app, db, ORGANIZER)


def grown(db: Session, units: int) -> Draft:
    """Return a draft about so many leading bodies, each with two channels."""
    made = draft(db)
    db.execute(
        insert(Unit), [{"code": f"N{n:04}", "name": f"第{n}村"} for n in range(units)]
    )
    new = db.scalars(select(Unit.id).where(Unit.code.like("N%"))).all()
    db.execute(insert(Subject), [{"kind": "leading-body", "unit_id": n} for n in new])
    bodies = db.scalars(select(Subject.id).where(Subject.unit_id.in_(new))).all()
    of_survey: dict[str, object] = {"survey_id": made.survey_id}
    db.execute(
        insert(SurveySubject), [of_survey | {"subject_id": body} for body in bodies]
    )
    db.execute(
        insert(Channel),
        [
            of_survey
            | {
                "code": f"{group[:1].upper()}{body:09}",
                "rater_group": group,
                "place": "窗口" if body == bodies[0] else "",
                "subject_id": body,
            }
            for body in bodies
            for group in ("staff", "residents")
        ],
    )
    db.commit()
    return made


def codes(wang: Desk, path: str) -> list[str]:
    response = wang.open(path)
    assert response.status_code == 200
    text = re.sub("<[^>]*>", " ", response.get_data(as_text=True))
    return CODE.findall(text)


@ONE_DATABASE
def test_of_many_somebody_chooses_first(wang: Desk, db: Session) -> None:
    made = grown(db, 30)
    path = f"/surveys/{made.survey_id}/posters"

    assert wang.open(path).location == f"/office{path}/choose"
    assert len(codes(wang, f"{path}?choose=all")) == 60


def test_by_unit_by_group_by_search_and_one_by_one(wang: Desk, db: Session) -> None:
    made = grown(db, 30)
    path = f"/surveys/{made.survey_id}/posters"
    first, second, *_ = db.scalars(select(Channel.id).order_by(Channel.id))
    db.rollback()

    assert len(codes(wang, f"{path}?choose=all&unit=N0007")) == 2
    assert len(codes(wang, f"{path}?choose=all&group=staff")) == 30
    assert len(codes(wang, f"{path}?choose=all&group=staff&unit=N0007")) == 1
    assert len(codes(wang, f"{path}?choose=all&q=窗口")) == 2
    assert len(codes(wang, f"{path}?choose=some&channel={first}&channel={second}")) == 2


@ONE_DATABASE
def test_the_page_offers_all_this_without_script(wang: Desk, db: Session) -> None:
    made = grown(db, 30)

    page = wang.see(f"/surveys/{made.survey_id}/posters/choose?group=staff&q=村")

    posters = f"/office/surveys/{made.survey_id}/posters"
    links = [a.get("href") or "" for a in page.all("a")]
    assert f"{posters}?choose=all&unit=N0007" in links
    whole = [one for one in links if "choose=all" in one and "group=staff" in one]
    assert len(codes(wang, whole[0].removeprefix("/office"))) == 30
    boxes = [one for one in page.all("input") if one.get("type") == "checkbox"]
    assert (len(boxes), {one.get("name") for one in boxes}) == (30, {"channel"})


@ONE_DATABASE
def test_sheets_are_drawn_as_they_are_taken(wang: Desk, db: Session) -> None:
    made = grown(db, 60)
    engine = wang.client.application.extensions["survey_engine"]
    sent = wang.client.get(
        f"/office/surveys/{made.survey_id}/posters?choose=all", buffered=False
    )
    pieces = iter(sent.response)
    head = next(pieces)

    assert b"<h1>" in head
    assert b"<article" not in head
    with counted(engine) as statements:
        some = next(pieces)
    assert some.count(b"<article") == 50
    read = [one for one in statements if "FROM channel" in one]
    assert len(read) == 1
    assert engine.pool.checkedout() == 0, "a connection is held while somebody prints"
    assert sum(one.count(b"<article") for one in pieces) == 70
    sent.close()


@pytest.mark.parametrize("path", ["", "/choose"])
def test_what_is_shown_costs_what_is_shown(
    engine: Engine, wang: Desk, db: Session, path: str
) -> None:
    """One unit's sheets, and one page of the list, whatever else there is."""

    def cost() -> int:
        with counted(wang.client.application.extensions["survey_engine"]) as told:
            assert wang.open(address).status_code == 200
        return len(told)

    made = ready(db)
    wang.send(f"/surveys/{made.survey_id}/open")
    address = f"/surveys/{made.survey_id}/posters{path}?choose=all&unit=U1"
    few = cost()
    survey = made.survey_id
    db.execute(
        insert(Channel),
        [
            {
                "survey_id": survey,
                "code": f"X{n:09}",
                "rater_group": "staff",
                "place": "",
            }
            for n in range(300)
        ],
    )
    db.commit()

    assert cost() == few
