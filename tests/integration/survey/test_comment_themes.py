"""Themes of comments: told to whom they are about once two readers agree."""

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import APPRAISED, AUDITOR
from tests.support.comment_desk import address, write
from tests.support.office import MANAGER, READER, Desk, desk
from tests.support.respondents import shown
from tests.support.small_county import County, small_county

TYPED = "  Slow answers \r\n\r\nFriendly at the window"


@pytest.fixture
def county(engine: Engine, db: Session) -> County:
    county = small_county(engine)
    county.count("residents", good=10)
    write(db, county.survey_id, county.subject_id, *[f"text {n}" for n in range(10)])
    write(db, county.survey_id, county.other_subject_id, *["another"] * 9)
    county.settle()
    return county


@pytest.fixture
def first(app: Flask, db: Session) -> Desk:
    return desk(app, db, MANAGER, username="first")


@pytest.fixture
def second(app: Flask, db: Session) -> Desk:
    return desk(app, db, MANAGER, username="second")


@pytest.fixture
def rated(app: Flask, db: Session, county: County) -> Desk:
    return desk(app, db, APPRAISED, subject=county.subject_id)


def own(county: County) -> str:
    return f"/own/{county.survey_id}/{county.subject_id}"


def test_themes_are_told_once_a_second_reader_agrees(
    app: Flask, db: Session, county: County, first: Desk, second: Desk, rated: Desk
) -> None:
    path = f"{address(county)}/themes"
    written = first.send(path, text=TYPED, version="0")

    assert written.status_code == 303
    assert "Slow answers" in second.see(path).text
    assert "Slow answers" not in rated.see(own(county)).text
    assert first.send(f"{path}/1/agree").status_code == 403, "one person"
    assert "Slow answers" not in rated.see(own(county)).text

    assert second.send(f"{path}/1/agree").status_code == 303

    told = rated.see(own(county))
    assert [one.text for one in told.all("li")][-2:] == [
        "Slow answers", "Friendly at the window",
    ]  # fmt: skip
    assert rated.open(path).status_code == 403
    assert desk(app, db, READER).open(path).status_code == 403
    assert "Slow answers" in desk(app, db, AUDITOR).see(address(county)).text
    notice = f"/surveys/{county.survey_id}/results/{county.subject_id}/notice"
    assert "Slow answers" in first.see(notice).text


def test_a_newer_version_waits_and_the_older_one_stays_told_until_then(
    county: County, first: Desk, second: Desk, rated: Desk
) -> None:
    path = f"{address(county)}/themes"
    first.send(path, text="Old theme", version="0")
    second.send(f"{path}/1/agree")

    assert second.send(path, text="New theme", version="1").status_code == 303
    late = first.send(path, text="Another theme", version="1")

    assert late.status_code == 409, "written by somebody else meanwhile"
    assert first.send(f"{path}/1/agree").status_code == 409
    assert "Old theme" in rated.see(own(county)).text
    assert first.send(f"{path}/2/agree").status_code == 303
    assert "New theme" in rated.see(own(county)).text
    assert "Old theme" not in rated.see(own(county)).text
    assert first.send(path, text=" ", version="2").status_code == 303
    assert second.send(f"{path}/3/agree").status_code == 303
    assert "New theme" not in rated.see(own(county)).text


def test_what_is_no_theme_comes_back_as_it_was_typed(
    county: County, first: Desk
) -> None:
    path = f"{address(county)}/themes"

    long = first.send(path, text="a" * 61, version="0")
    many = first.send(path, text="\n".join("abcdefghijk"), version="0")

    assert (long.status_code, many.status_code) == (422, 422)
    assert "a" * 61 in long.text
    assert "k" in many.text
    assert "Slow" not in first.see(path).text


def test_where_too_few_wrote_there_are_no_themes(county: County, first: Desk) -> None:
    few = f"/surveys/{county.survey_id}/results/{county.other_subject_id}/comments"

    assert first.open(f"{few}/themes").status_code == 403
    assert first.send(f"{few}/themes", text="A", version="0").status_code == 403


def test_whoever_was_late_keeps_what_he_typed_and_sees_what_stands_there(
    county: County, first: Desk, second: Desk
) -> None:
    path = f"{address(county)}/themes"
    first.send(path, text="Was quicker", version="0")

    late = second.send(path, text="Typed by me", version="0")

    page = shown(late)
    assert late.status_code == 409
    assert "Was quicker" in page.text
    assert "Typed by me" in late.text
    (version,) = page.named("version")
    assert version.get("value") == "1", "and may send it now"


def test_what_is_not_there_has_no_themes(county: County, first: Desk) -> None:
    subject, other = county.subject_id, 999
    for survey, about in ((other, subject), (county.survey_id, other)):
        path = f"/surveys/{survey}/results/{about}/comments/themes"
        assert first.open(path).status_code == 404
        assert first.send(path, text="A", version="0").status_code == 404
        assert first.send(f"{path}/1/agree").status_code == 404
