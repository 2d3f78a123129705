"""What an import says, asks and keeps where people were rated already."""

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.appraisal.cycle import GivenValue, ReplacedValue
from survey_app.appraisal.people import Cadre
from tests.conftest import rows_in
from tests.support.closed_county import CLERK, closed_county, imported, sheet
from tests.support.office import MANAGER, ORGANIZER, desk
from tests.support.small_county import MAY_1, County, small_county
from tests.support.workbooks import Cells, roster

MOVED: Cells = [["C1", "王一", "U2", "正职", "镇长"]]
SOMEBODY_ELSE: Cells = [["C1", "赵六", "U1", "正职", "镇长"]]


def file_of(content: bytes) -> tuple[BytesIO, str]:
    return BytesIO(content), "roster.xlsx"


@pytest.fixture
def county(engine: Engine) -> County:
    return closed_county(engine)


def test_the_check_says_who_was_rated_already(county: County) -> None:
    outcome = imported(county, cadres=[*MOVED, ["C9", "新人", "U1", "副职", "副镇长"]])

    assert [one.row.text("code") for one in outcome.of_rated] == ["C1"]
    assert outcome.renamed == ()


def test_a_rated_person_gets_another_name_only_after_somebody_looked(
    app: Flask, db: Session, county: County
) -> None:
    organizer = desk(app, db, ORGANIZER)
    content = roster(cadres=SOMEBODY_ELSE)

    refused = organizer.send("/imports", workbook=file_of(content))
    with Session(county.engine) as session:
        still = session.scalar(select(Cadre.name).where(Cadre.code == "C1"))
    kept = organizer.send("/imports", workbook=file_of(content), renaming="y")

    assert refused.status_code == 422
    assert "赵六" in refused.text
    assert still == "王一"
    assert kept.status_code == 303
    with Session(county.engine) as session:
        assert session.scalar(select(Cadre.name).where(Cadre.code == "C1")) == "赵六"


def test_somebody_never_rated_is_renamed_without_a_question(engine: Engine) -> None:
    county = small_county(engine)
    imported(county, cadres=[["C9", "张三", "U1", "副职", "副镇长"]])

    again = imported(
        county, renaming=False, cadres=[["C9", "张山", "U1", "副职", "副镇长"]]
    )

    assert again.number("changed") == 1
    assert not again.waits


GIVEN: Cells = [["2026", "C1", "实绩", "95", "file 9"]]


def test_an_organizer_does_not_change_a_value_beside_closed_results(
    county: County,
) -> None:
    before = sheet(county).overall

    outcome = imported(county, CLERK, values=GIVEN)

    assert [fault.what.key for fault in outcome.faults] == ["roster-others-change"]
    assert sheet(county).overall == before


def test_an_organizer_may_still_bring_what_is_missing(county: County) -> None:
    outcome = imported(county, CLERK, values=[["2026", "C2", "实绩", "70", "file 9"]])

    assert outcome.number("added") == 1


def test_a_value_that_gives_way_is_kept_with_who_and_when(county: County) -> None:
    imported(county, values=GIVEN)

    with Session(county.engine) as session:
        (gone,) = session.scalars(select(ReplacedValue))
        assert (gone.value, gone.source) == ("93.2", "file 3")
        assert (gone.replaced_by, gone.replaced_on) == ("the manager", MAY_1)
        given = session.get_one(
            GivenValue, (county.cycle_id, county.subject_id, "achievements")
        )
        assert (given.entered_by, given.entered_on) == ("the manager", MAY_1)


def test_the_same_values_again_leave_no_trace(county: County) -> None:
    imported(county, values=GIVEN)
    imported(county, CLERK, values=[["2026", "C1", "实绩", "95.0", "file 9"]])

    with Session(county.engine) as session:
        assert rows_in(session, "replaced_value") == 1


def test_the_score_sheet_says_where_each_value_comes_from(
    app: Flask, db: Session, county: County
) -> None:
    imported(county, values=GIVEN)

    page = (
        desk(app, db, MANAGER)
        .see(f"/score-sheets/{county.cycle_id}/{county.subject_id}")
        .text
    )

    for said in ("file 9", "the manager", "93.2", "file 3", "2026"):
        assert said in page
