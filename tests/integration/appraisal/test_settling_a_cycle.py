"""A settled cycle takes no value, nobody new and no survey any more."""

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.database import writing
from survey_app.domain.ground.cycle_refusals import CycleNotReady, CycleSettled
from survey_app.domain.ground.missing import Lack, Missing
from survey_app.domain.ground.refusals import NotReadyToOpen
from survey_app.survey.draft import make_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.rated import rated_in_cycle
from survey_app.survey.settling.settle_cycle import freeze_cycle
from tests.support.closed_county import (
    closed_county,
    imported,
    opened_county,
    settle,
    sheet,
)
from tests.support.drafts import PLAN
from tests.support.office import MANAGER, READER, desk
from tests.support.small_county import MAY_1, QUESTIONNAIRE, County


@pytest.fixture
def county(engine: Engine) -> County:
    return closed_county(engine)


@pytest.fixture
def settled(county: County) -> County:
    settle(county)
    return county


def test_a_cycle_is_not_settled_while_a_survey_is_open(engine: Engine) -> None:
    county = opened_county(engine)

    with pytest.raises(CycleNotReady):
        settle(county)


def test_a_cycle_is_settled_once(settled: County) -> None:
    with pytest.raises(CycleSettled):
        settle(settled)


@pytest.mark.parametrize(
    "row",
    [
        ["2026", "C1", "实绩", "95", "file 9"],
        ["2026", "C1", "实绩", "93.2", "another file"],
        ["2026", "C2", "实绩", "70", "file 9"],
    ],
    ids=["another value", "another source", "a new value"],
)
def test_a_settled_cycle_takes_no_value_from_a_workbook(
    settled: County, row: list[str]
) -> None:
    before = sheet(settled).overall

    outcome = imported(settled, values=[row])

    assert [fault.what.key for fault in outcome.faults] == ["roster-cycle-settled"]
    assert outcome.faults[0].where == "构成项得分!D2"
    assert sheet(settled).overall == before


def test_a_row_that_changes_nothing_hinders_no_import(settled: County) -> None:
    outcome = imported(
        settled,
        units=[["U9", "新镇", ""]],
        values=[["2026", "C1", "实绩", "93.20", "file 3"]],
    )

    assert outcome.number("added") == 1


def test_who_comes_later_is_not_on_a_settled_cycles_sheets(
    app: Flask, db: Session, settled: County
) -> None:
    imported(settled, cadres=[["C9", "后来人", "U1", "副职", "副镇长"]])

    page = desk(app, db, READER).see(f"/score-sheets/{settled.cycle_id}").text

    assert "王一" in page
    assert "后来人" not in page


def test_who_was_never_rated_stays_where_settling_found_him(engine: Engine) -> None:
    county = closed_county(engine)
    imported(county, cadres=[["C9", "张三", "U1", "副职", "副镇长"]])
    with Session(engine) as session:
        frozen = freeze_of(session, county)
    assert "张三" not in frozen
    settle(county)

    imported(county, cadres=[["C9", "张四", "U2", "正职", "镇长"]])

    with Session(engine) as session:
        assert freeze_of(session, county)["张三"] == "U1"


def freeze_of(session: Session, county: County) -> dict[str, str]:
    rated = rated_in_cycle(session, county.cycle_id)
    return {one.name: one.unit.code for one in rated if one.is_frozen}


def test_nothing_more_opens_in_a_settled_cycle(county: County) -> None:
    with Session(writing(county.engine)) as session:
        drafted = make_survey(
            session, county.cycle_id, questionnaire=QUESTIONNAIRE, plan=PLAN
        ).id
    settle(county)

    with Session(writing(county.engine)) as session:
        with pytest.raises(NotReadyToOpen) as refused:
            open_survey(session, drafted, today=MAY_1)
        assert Missing(Lack.SETTLED) in refused.value.missing
        with pytest.raises(CycleSettled):
            make_survey(
                session, county.cycle_id, questionnaire=QUESTIONNAIRE, plan=PLAN
            )


def test_the_page_of_the_cycle_lists_what_is_missing_and_settles(
    app: Flask, db: Session, county: County
) -> None:
    manager = desk(app, db, MANAGER)
    where = f"/cycles/{county.cycle_id}"

    page = manager.see(where).text
    unsure = manager.send(f"{where}/settle")
    sure = manager.send(f"{where}/settle", looked="y")

    assert "李二" in page
    assert unsure.status_code == 422
    assert sure.status_code == 303
    assert "the manager" in manager.see(where).text


def test_no_page_offers_to_void_what_a_settled_cycle_counts(
    app: Flask, db: Session, settled: County
) -> None:
    manager = desk(app, db, MANAGER)
    survey = f"/surveys/{settled.survey_id}"

    refused = manager.open(f"{survey}/void")

    assert refused.status_code == 409
    assert f'class="button" href="/office{survey}"' in refused.get_data(as_text=True)
    assert f"{survey}/void" not in manager.open(survey).get_data(as_text=True)


def test_freezing_a_cycle_twice_changes_nothing(settled: County) -> None:
    imported(settled, cadres=[["C1", "王一", "U2", "副职", "副镇长"]])
    with Session(writing(settled.engine)) as session:
        freeze_cycle(session, settled.cycle_id)
        session.commit()

    assert sheet(settled).unit == "清河镇"
