"""What an import tells: every new cell, what was left aside, why a file is refused."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, insert
from sqlalchemy.orm import Session

from survey_app.appraisal.people import Unit
from survey_app.domain.ground.bilingual import Bilingual
from tests.conftest import rows_in
from tests.integration.appraisal.test_importing import FILLED, file, happened, imported
from tests.support.office import ORGANIZER, Desk, desk
from tests.support.raw_workbook import raw_workbook, sheet
from tests.support.respondents import shown
from tests.support.small_county import County, small_county
from tests.support.workbooks import CADRES, UNITS, workbook


@pytest.fixture
def county(engine: Engine) -> County:
    return small_county(engine)


@pytest.fixture
def organizer(app: Flask, db: Session, county: County) -> Desk:
    return desk(app, db, ORGANIZER)


@pytest.mark.parametrize(  # SQLite lets one import begin after the other
    "database_url",
    [pytest.param("postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
)
def test_somebody_else_may_import_the_same_codes_at_the_same_moment(
    county: County,
) -> None:
    engine = county.engine
    first = iter([{"code": "U3", "name": "石桥镇"}])

    def be_first(_connection: Any, _cursor: Any, statement: str, *_told: Any) -> None:
        if statement.startswith("INSERT INTO unit"):
            for row in first:
                with engine.begin() as other:
                    other.execute(insert(Unit).values(row))

    event.listen(engine, "before_cursor_execute", be_first)

    outcome = imported(county, units=[["U3", "石桥镇", "U1"], ["U4", "龙泉镇", ""]])

    assert happened(outcome) == [("units", 2, "changed"), ("units", 3, "added")]
    with Session(engine) as session:
        assert rows_in(session, "unit") == 4


def test_a_new_row_is_shown_with_every_cell(county: County) -> None:
    outcome = imported(county, **FILLED)

    shown_as = [[(c.column, c.after) for c in one.cells] for one in outcome.changes]
    assert shown_as[0] == [("code", "U3"), ("name", "石桥镇"), ("parent", "U4")]
    assert shown_as[3] == [
        ("code", "C3"), ("name", "张三"), ("unit", "U3"),
        ("post", Bilingual("副职", "deputy")), ("title", "副镇长"),
    ]  # fmt: skip
    assert not outcome.renamed


def test_a_post_is_told_in_the_language_of_the_page(organizer: Desk) -> None:
    rows = {"干部": [CADRES, ["C3", "张三", "U1", "副职", "副镇长"]]}

    page = shown(organizer.send("/imports/try", workbook=file(workbook(**rows)))).text

    assert "职级类别：副职" in page
    assert "deputy" not in page


def test_the_check_shows_what_is_new_what_is_left_aside_and_who_is_a_twin(
    organizer: Desk,
) -> None:
    organizer.send("/language", language="en", back="")
    rows = {
        "单位": [[*UNITS[:2], "备注"], ["U3", "石桥镇", "x"], ["U4", "石桥镇"]],
        "说明": [["x"]],
    }

    page = shown(organizer.send("/imports/try", workbook=file(workbook(**rows)))).text

    assert "Unit code: U3Unit name: 石桥镇" in " ".join(page.split())
    assert "Other units are called “石桥镇” too: U4." in page
    assert "The column “备注” is not read." in page
    assert "This sheet is not read." in page
    done = organizer.send("/imports", workbook=file(workbook(**rows)))
    assert done.status_code == 303
    assert "单位!C" in organizer.see("/imports").text


def test_a_file_made_to_harm_is_a_refusal_with_its_reason(organizer: Desk) -> None:
    organizer.send("/language", language="en", back="")
    far = '<row r="30000"><c r="ZZ30000"><v>1</v></c></row>'
    harmful = raw_workbook(sheet(far), part="sheet.dat")

    answer = organizer.send("/imports/try", workbook=file(harmful))

    assert answer.status_code == 422
    assert "单位!ZZ30000" in answer.text
    assert "This cell lies outside of any roster" in shown(answer).text
