"""What a page says in the place of a number is true of it."""

from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.support.office import READER, Desk, desk
from tests.support.small_county import County, small_county

FEWER = "fewer than 10: not shown"


@pytest.fixture
def county(engine: Engine) -> County:
    return small_county(engine)


@pytest.fixture
def reader(app: Flask, db: Session, county: County) -> Desk:
    reader = desk(app, db, READER)
    reader.send("/language", language="en", back="")
    return reader


def alert_rows(reader: Desk, county: County) -> dict[str, str]:
    """Return who answered → the row about 王一."""
    county.settle()
    rows = [
        row for row in reader.see("/alerts").all("tr") if row.find("td") is not None
    ]
    return {
        cells(row)[1]: " ".join(cells(row)[2:]) for row in rows if "王一" in text(row)
    }


def cells(row: Element) -> list[str]:
    return [" ".join(text(cell).split()) for cell in row.iter("td")]


def text(element: Element) -> str:
    return "".join(element.itertext())


def test_only_a_group_of_few_is_said_to_be_fewer_than_the_floor(
    county: County, reader: Desk
) -> None:
    county.count("staff", good=20, bad=11)
    county.count("residents", bad=7)

    rows = alert_rows(reader, county)

    assert rows["Residents"].startswith(FEWER)
    together = rows["all rater groups together"]
    assert FEWER not in together
    assert "not shown" in together
    assert "numbers withheld" in together
    assert "numbers withheld" not in rows["Residents"]


def test_a_group_nobody_answered_in_is_not_said_to_be_few(
    county: County, reader: Desk
) -> None:
    county.count("staff", good=31, bad=11)

    rows = alert_rows(reader, county)
    page = reader.see(f"/surveys/{county.survey_id}/results/{county.subject_id}")

    assert FEWER not in rows["Residents"]
    assert rows["Residents"].startswith("none")
    assert FEWER not in page.text
    row = next(row for row in page.all("tr") if text(row).strip().startswith("Resid"))
    assert cells(row) == ["0", "—"]


def test_what_a_subject_nobody_answered_about_shows_is_that(
    county: County, reader: Desk
) -> None:
    county.settle()

    page = reader.see(f"/surveys/{county.survey_id}/results/{county.subject_id}")

    assert "Nobody answered." in page.text
    assert FEWER not in page.text
