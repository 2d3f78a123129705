"""Named ratings in the office: entered from paper, confirmed by another, kept."""

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.analytics.named_ratings import (
    RatingLine,
    counting_ratings,
    rating_page,
)
from survey_app.analytics.paging import ListAsked
from survey_app.appraisal.cycle import Cycle
from survey_app.database import writing
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.survey.tables import DRAFT, Survey
from tests.support.closed_county import settle
from tests.support.office import MANAGER, Desk, desk
from tests.support.small_county import County, small_county
from tests.support.small_scheme import SMALL_SCHEME, changed

SCHEME = read_scheme(
    changed(SMALL_SCHEME, ('design = "roster"\n', 'design = "named"\n')),
    file="named.toml",
)


@pytest.fixture
def county(engine: Engine) -> County:
    county = small_county(engine, SCHEME)
    county.give(county.subject_id, achievements="90", direct="1")
    county.give(county.body_id, body="88")
    return county


@pytest.fixture
def first(app: Flask, db: Session, county: County) -> Desk:
    return desk(app, db, MANAGER, username="first manager")


@pytest.fixture
def second(app: Flask, db: Session, county: County) -> Desk:
    return desk(app, db, MANAGER, username="second manager")


def enter(manager: Desk, county: County, **other: str) -> int:
    sent = {
        "place": "satisfaction:staff",
        "subject": "C1",
        "rater": "赵六",
        "capacity": "分管副县长",
        "points": "92.5",
        "reason": "重点工作按期完成",
        "signed_on": "2026-04-30",
        "source": "评价表12号",
    }
    page = f"/cycles/{county.cycle_id}/named-ratings/new"
    return manager.send(page, **(sent | other)).status_code


def listed(county: County) -> tuple[RatingLine, ...]:
    with Session(county.engine) as session:
        cycle = session.get_one(Cycle, county.cycle_id)
        return rating_page(session, cycle, ListAsked()).rows


def counting(county: County) -> int:
    with Session(county.engine) as session:
        return len(counting_ratings(session, county.cycle_id))


def rating(county: County) -> int:
    return listed(county)[-1].id


def press(manager: Desk, county: County, number: int, verb: str, **sent: str) -> int:
    page = f"/cycles/{county.cycle_id}/named-ratings/{number}/{verb}"
    return manager.send(page, **sent).status_code


def test_it_counts_once_another_manager_has_confirmed_it(
    county: County, first: Desk, second: Desk
) -> None:
    county.count("residents", good=30, bad=10)
    county.settle()
    sheet = f"/score-sheets/{county.cycle_id}/{county.subject_id}"

    assert enter(first, county) == 303
    assert "赵六" not in first.see(sheet).text
    assert press(first, county, rating(county), "confirm") == 403
    assert counting(county) == 0
    assert press(second, county, rating(county), "confirm") == 303

    read = first.see(sheet).text
    assert "赵六（分管副县长）" in read
    assert "评价表12号" in read
    assert "重点工作按期完成" in read


def test_it_stands_on_the_page_of_results_and_never_among_the_answers(
    county: County, first: Desk, second: Desk
) -> None:
    county.count("residents", good=30, bad=10)
    county.settle()
    enter(first, county)
    press(second, county, rating(county), "confirm")

    page = f"/surveys/{county.survey_id}/results/{county.subject_id}"
    read = first.see(page).text

    assert "署名评价" in read


def test_a_withdrawn_rating_stays_on_the_list_with_the_reason(
    county: County, first: Desk, second: Desk
) -> None:
    enter(first, county)
    number = rating(county)
    press(second, county, number, "confirm")

    assert press(first, county, number, "withdraw") == 422, "why?"
    assert press(first, county, number, "withdraw", because="抄写有误") == 303
    assert press(second, county, number, "confirm") == 409

    assert counting(county) == 0
    read = first.see(f"/cycles/{county.cycle_id}/named-ratings").text
    assert "抄写有误" in read
    assert "92.5" in read


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": "915"},
        {"points": "-1"},
        {"points": "nine"},
        {"rater": " "},
        {"capacity": ""},
        {"reason": ""},
        {"source": ""},
        {"signed_on": "2099-01-01"},
        {"place": "satisfaction:residents"},
        {"subject": "9999"},
    ],
    ids=str,
)
def test_a_paper_that_says_too_little_is_not_entered(
    county: County, first: Desk, wrong: dict[str, str]
) -> None:
    assert enter(first, county, **wrong) == 422
    assert listed(county) == ()


def test_the_same_signature_counts_once(county: County, first: Desk) -> None:
    assert enter(first, county) == 303
    assert enter(first, county, points="80") == 422
    assert len(listed(county)) == 1


def test_a_group_that_signs_is_offered_no_code(county: County, first: Desk) -> None:
    with Session(writing(county.engine)) as session:
        session.get_one(Survey, county.survey_id).state = DRAFT
        session.commit()

    page = first.see(f"/surveys/{county.survey_id}/channels").text

    assert "居民" in page
    assert "职工" not in page


def test_a_scheme_without_named_ratings_has_no_such_page(
    app: Flask, db: Session, engine: Engine
) -> None:
    plain = small_county(engine)
    manager = desk(app, db, MANAGER)

    assert manager.open(f"/cycles/{plain.cycle_id}/named-ratings").status_code == 404


def test_a_settled_cycle_takes_no_rating_and_gives_none_back(
    county: County, first: Desk, second: Desk
) -> None:
    county.count("residents", good=30, bad=10)
    county.settle()
    enter(first, county)
    waiting = rating(county)
    settle(county)

    assert enter(first, county, rater="钱七") == 409
    assert press(second, county, waiting, "confirm") == 409
    assert press(second, county, waiting, "withdraw", because="误登") == 409
    assert counting(county) == 0
