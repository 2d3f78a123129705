"""The page of a draft says which groups could not be shown, and of ways out."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.audit.disclosure_audit import disclosure_audit
from survey_app.database import writing
from survey_app.domain.scheme.floors import DisclosureRules, SmallGroups
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.survey.tables import DRAFT, Survey
from tests.conftest import ONE_DATABASE
from tests.support.office import MANAGER, Desk, desk
from tests.support.schemes import published
from tests.support.small_county import BOTH_GROUPS, County, small_county
from tests.support.small_scheme import changed

FROM_TEN_ON = changed(
    BOTH_GROUPS,
    ('values = "levels"\n', 'values = "levels"\nminimum_answers = { assumed = 10 }\n'),
)
TOGETHER = replace(
    read_scheme(FROM_TEN_ON, file="together.toml"),
    disclosure=DisclosureRules(small_groups=published(SmallGroups.TOGETHER)),
)


def drafted(county: County) -> County:
    with Session(writing(county.engine)) as session:
        session.get_one(Survey, county.survey_id).state = DRAFT
        session.commit()
    return county


@pytest.fixture
def county(engine: Engine) -> County:
    return drafted(small_county(engine))


@pytest.fixture
def manager(app: Flask, db: Session, county: County) -> Desk:
    return desk(app, db, MANAGER)


def expect(manager: Desk, county: County, **people: str) -> int:
    page = f"/surveys/{county.survey_id}/expected"
    sent = {f"n-{group}": number for group, number in people.items()}
    return manager.send(page, **sent).status_code


@pytest.mark.parametrize("page", ["", "/open"])
def test_small_numbers_are_told_before_anything_opens(
    county: County, manager: Desk, page: str
) -> None:
    path = f"/surveys/{county.survey_id}{page}"
    assert "尚不能判断" in manager.see(path).text

    assert expect(manager, county, staff="3", residents="400") == 303
    read = manager.see(path).text

    assert "无法形成得分" in read
    assert "不予显示的测评主体：职工" in read


def test_a_group_that_would_count_but_not_be_shown_withholds_the_score(
    county: County, manager: Desk
) -> None:
    expect(manager, county, staff="9", residents="400")

    read = manager.see(f"/surveys/{county.survey_id}").text

    assert "无法形成得分" in read
    assert "署名评价" in read, "a way out"


def test_enough_people_make_a_score_and_a_reload_keeps_the_numbers(
    county: County, manager: Desk
) -> None:
    expect(manager, county, staff="40", residents="400", strangers="5")
    assert expect(manager, county, staff="41", residents="many") == 422
    assert expect(manager, county, staff="41", residents="1" * 30) == 422

    page = manager.see(f"/surveys/{county.survey_id}/expected")

    assert page.named("n-staff")[0].get("value") == "40"
    assert page.named("n-residents")[0].get("value") == "400"


def test_an_open_survey_forecasts_nothing(county: County, manager: Desk) -> None:
    expect(manager, county, staff="3", residents="4")
    county.reopen()

    assert "能否形成得分" not in manager.see(f"/surveys/{county.survey_id}").text
    assert expect(manager, county, staff="40") == 409


@ONE_DATABASE
def test_small_groups_count_together_where_the_scheme_says_so(
    app: Flask, engine: Engine, db: Session
) -> None:
    together = small_county(engine, TOGETHER)
    together.count("staff", good=3, bad=3)
    together.count("residents", good=2, bad=4)
    together.settle()
    reader = desk(app, db, MANAGER)

    page = f"/surveys/{together.survey_id}/results/{together.subject_id}"
    read = reader.see(page).text

    assert "12" in read
    assert "41.67" in read, "5 of 12, whoever said it"
    settings = app.extensions["survey_settings"]
    report = disclosure_audit(settings, create_app, survey_id=together.survey_id)
    assert report.is_clean, "\n".join(report.lines())
