"""The notice to the rated person, as it is printed."""

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.support.comment_desk import write
from tests.support.office import MANAGER, Desk, desk
from tests.support.respondents import Shown
from tests.support.small_county import County, small_county


@pytest.fixture
def county(engine: Engine) -> County:
    return small_county(engine)


@pytest.fixture
def manager(app: Flask, db: Session, county: County) -> Desk:
    return desk(app, db, MANAGER)


def sheet(manager: Desk, county: County) -> Shown:
    county.settle()
    return manager.see(
        f"/surveys/{county.survey_id}/results/{county.subject_id}/notice"
    )


def lines(page: Shown, tag: str) -> list[str]:
    return ["".join(one.itertext()).strip() for one in page.all(tag)]


def cells(page: Shown) -> list[str]:
    return lines(page, "td")


def test_a_large_group_is_told_in_numbers_and_a_smaller_one_by_a_band(
    county: County, manager: Desk
) -> None:
    county.count("staff", good=29, bad=11, dont_know=13)
    county.count("residents", good=12, bad=7, dont_know=22)

    by_group = cells(sheet(manager, county))

    assert len(by_group) == 2
    assert "11" in by_group[0]
    assert "40" in by_group[0]
    assert not any(digit in by_group[1] for digit in ("7", "19", "12"))


def test_a_group_that_the_office_may_not_see_is_not_on_the_sheet(
    county: County, manager: Desk
) -> None:
    county.count("staff", good=31, bad=11)
    county.count("residents", good=2, bad=7)

    page = sheet(manager, county)

    assert len(cells(page)) == 1
    assert "居民" not in page.text


def test_where_all_objected_the_sheet_says_over_one_third_only(
    county: County, manager: Desk
) -> None:
    county.count("staff", bad=42)
    county.count("residents", good=13, bad=7)

    unanimous, split = cells(sheet(manager, county))

    assert not any(letter.isdigit() for letter in unanimous)
    assert "7" in split
    assert "20" in split


def test_the_sheet_tells_no_score_no_total_and_no_comment(
    db: Session, county: County, manager: Desk
) -> None:
    county.count("staff", good=31, bad=11)
    county.count("residents", good=12, bad=8)
    write(db, county.survey_id, county.subject_id, *["a text"] * 12)

    page = sheet(manager, county)

    assert "a text" not in page.text
    assert "62" not in page.text
    typed = [e for e in page.tree.iter() if e.get("contenteditable") == "true"]
    assert len(typed) == 1
    assert page.all("textarea") == []


def test_the_rule_and_whom_to_ask_stand_on_the_sheet(
    county: County, manager: Desk
) -> None:
    county.count("staff", good=31, bad=11)

    text = sheet(manager, county).text

    assert "1/3" in text


def test_the_sheet_is_sealed_while_answers_can_come(
    county: County, manager: Desk
) -> None:
    county.count("staff", good=31, bad=11)
    county.settle()
    county.reopen()

    path = f"/surveys/{county.survey_id}/results/{county.subject_id}/notice"
    assert manager.open(path).status_code == 403


def test_a_unit_that_did_not_cross_reads_so_and_no_bold_accusation(
    county: County, manager: Desk
) -> None:
    county.count("staff", good=31, bad=11)
    county.count("residents", good=30, bad=15)

    page = sheet(manager, county)

    bold = lines(page, "b")
    assert "未超过。" in bold
    assert not any("三分之一" in one for one in bold)
    assert "已超过" not in page.text


def test_a_unit_that_crossed_reads_where(county: County, manager: Desk) -> None:
    county.count("staff", good=31, bad=11)
    county.count("residents", good=25, bad=15)

    page = sheet(manager, county)

    said = [line for line in lines(page, "p") if "已超过" in line]
    assert len(said) == 1
    assert "居民" in said[0]
    assert "职工" not in said[0]


def test_of_too_few_nothing_is_said_either_way(county: County, manager: Desk) -> None:
    county.count("staff", good=2, bad=6)

    text = sheet(manager, county).text

    assert "不予说明" in text
    assert "已超过" not in text
    assert "未超过" not in text
