"""The sheet of adjustments: proposed once, named by its cell where it is wrong."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from survey_app.appraisal.adjustments import (
    confirm_import,
    withdraw_adjustment,
    withdraw_import,
)
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.roster.import_roster import (
    ImportOutcome,
    import_roster,
    try_roster,
)
from survey_app.appraisal.roster.write_rows import Hand
from survey_app.database import writing
from survey_app.domain.ground.refusals import TwoAccountsNeeded
from survey_app.domain.ground.wording import say
from survey_app.forms.roster.roster_workbook import roster_sheets
from survey_app.survey.rated import in_use
from tests.integration.appraisal.test_importing import file
from tests.support.adjusted import FIRST, MAY_2, SECOND, adjusted_county, confirm, kept
from tests.support.closed_county import settle
from tests.support.office import MANAGER, ORGANIZER, desk
from tests.support.respondents import shown
from tests.support.result_files import kept_file
from tests.support.small_county import MAY_1, County
from tests.support.workbooks import CADRES, UNITS, rows_of, workbook

HEADINGS = ["考核年度", "单位", "姓名", "类别", "分值", "事由", "依据"]
BONUS = ["2026", "清河镇", "王一", "加分", "1.50", "省级表彰", "表彰文件7号"]
DEDUCTION = ["2026", "U2", "C2", "deduction", 0.5, "督查逾期", "通报8号"]


@pytest.fixture
def county(engine: Engine) -> County:
    return adjusted_county(engine, FIRST, SECOND)


def sheet(*rows: list[Any], **others: list[list[Any]]) -> bytes:
    return workbook(**{**others, "加扣分": [HEADINGS, *rows]})


def imported(
    county: County, *rows: list[Any], by: str = FIRST, **others: list[list[Any]]
) -> ImportOutcome:
    with Session(writing(county.engine)) as session:
        hand = Hand(by, MAY_1)
        sheets = roster_sheets(sheet(*rows, **others))
        return import_roster(session, sheets, hand, in_use=in_use)


def happened(outcome: ImportOutcome) -> list[str]:
    return [str(change.happens) for change in outcome.changes]


def test_rows_are_proposed_by_whoever_imports_and_wait(county: County) -> None:
    tried = _tried(county, BONUS, DEDUCTION)
    assert (happened(tried), tried.proposes) == (["added", "added"], 2)
    assert kept(county, "id") == []

    outcome = imported(county, BONUS, DEDUCTION)

    assert happened(outcome) == ["added", "added"]
    assert kept(county, "kind", "points", "reason", "source", "state", "origin") == [
        ("bonus", "1.50", "省级表彰", "表彰文件7号", "waiting", "import"),
        ("deduction", "0.5", "督查逾期", "通报8号", "waiting", "import"),
    ]
    assert kept(county, "subject_id", "entered_by", "entered_on", "import_no") == [
        (county.subject_id, FIRST, MAY_1, 1),
        (county.other_subject_id, FIRST, MAY_1, 1),
    ]


def _tried(county: County, *rows: list[Any]) -> ImportOutcome:
    with Session(county.engine) as session:
        return try_roster(session, roster_sheets(sheet(*rows)), in_use=in_use)


def test_the_same_workbook_makes_nothing_twice(county: County) -> None:
    imported(county, BONUS, DEDUCTION)
    ((first,), (second,)) = kept(county, "id")
    confirm(county, first)
    with Session(writing(county.engine)) as session:
        withdraw_adjustment(
            session, county.cycle_id, second, account=FIRST, today=MAY_2
        )

    again = imported(county, [*BONUS[:4], "1.5", *BONUS[5:]], DEDUCTION, by=SECOND)

    assert happened(again) == ["same", "same"]
    assert [(one.where, one.what.key) for one in again.warnings] == [
        ("加扣分!E3", "roster-adjustment-gone")
    ]
    assert kept(county, "state") == [("counts",), ("withdrawn",)]


def test_one_act_confirms_a_whole_import_but_not_its_own(county: County) -> None:
    imported(county, BONUS)
    imported(county, DEDUCTION, [*BONUS[:4], "2", *BONUS[5:]])
    with Session(writing(county.engine)) as session:
        acting: dict[str, Any] = {"today": MAY_2}
        with pytest.raises(TwoAccountsNeeded):
            confirm_import(session, county.cycle_id, 2, account=FIRST, **acting)
        done = confirm_import(session, county.cycle_id, 2, account=SECOND, **acting)
        gone = withdraw_import(session, county.cycle_id, 1, account=SECOND, **acting)

    assert (done, gone) == (2, 1)
    assert kept(county, "import_no", "state", "confirmed_by") == [
        (1, "withdrawn", None), (2, "counts", SECOND), (2, "counts", SECOND),
    ]  # fmt: skip


def test_who_comes_with_the_same_workbook_is_known(county: County) -> None:
    units = [UNITS, ["U3", "石桥镇", "U1"]]
    cadres = [CADRES, ["C3", "张三", "U3", "副职", "副镇长"]]

    outcome = imported(
        county, ["2026", "石桥镇", "张三", "扣分", "1", "r", "s"],
        单位=units, 干部=cadres,
    )  # fmt: skip

    assert happened(outcome) == ["added"] * 3
    assert len(list(kept(county, "id"))) == 1


@pytest.mark.parametrize(
    ("wrong", "where", "told"),
    [
        ({0: "2031"}, "A2", "no cycle “2031”"),
        ({1: "无此镇"}, "B2", "no unit “无此镇”"),
        ({2: "李二"}, "C2", "Nobody in “清河镇” is called “李二”"),
        ({2: ""}, "C2", "scores cadres"),
        ({3: "奖励"}, "D2", "no kind of adjustment"),
        ({4: "-1"}, "E2", "without a sign"),
        ({4: "5.5"}, "E2", "at most 5 points"),
        ({4: "0"}, "E2", "more than 0"),
        ({4: 0.125}, "E2", "at most 2 decimal places"),
        ({5: ""}, "F2", "is empty"),
        ({6: None}, "G2", "is empty"),
    ],
    ids=str,
)
def test_a_mistake_is_named_by_its_cell_and_nothing_is_kept(
    county: County, wrong: dict[int, Any], where: str, told: str
) -> None:
    row = [wrong.get(place, cell) for place, cell in enumerate(BONUS)]

    outcome = imported(county, row, DEDUCTION)

    assert [fault.where for fault in outcome.faults] == [f"加扣分!{where}"]
    assert told in say(outcome.faults[0].what, str, "en")
    assert kept(county, "id") == []


def test_names_that_several_bear_want_a_code(county: County) -> None:
    twins = [CADRES, ["C8", "王一", "U1", "副职", "副镇长"]]

    outcome = imported(county, BONUS, 干部=twins)

    assert [fault.where for fault in outcome.faults] == ["加扣分!C2"]
    assert "C1、C8" in say(outcome.faults[0].what, str, "zh")
    assert happened(imported(county, [*BONUS[:2], "C8", *BONUS[3:]], 干部=twins)) == [
        "added", "added",
    ]  # fmt: skip


def test_two_rows_that_say_the_same_are_one_too_many(county: County) -> None:
    outcome = imported(county, BONUS, [*BONUS[:4], 1.5, *BONUS[5:]])

    assert [fault.what.key for fault in outcome.faults] == ["roster-repeated"]


def test_a_settled_cycle_takes_no_new_row_and_leaves_old_ones_alone(
    county: County,
) -> None:
    imported(county, BONUS)
    ((number,),) = kept(county, "id")
    confirm(county, number)
    settle(county)

    assert happened(imported(county, BONUS)) == ["same"]
    refused = imported(county, BONUS, DEDUCTION)
    assert [(one.where, one.what.key) for one in refused.faults] == [
        ("加扣分!E3", "roster-cycle-settled")
    ]


def test_the_office_imports_confirms_and_takes_the_list_away(
    app: Flask, db: Session, engine: Engine
) -> None:
    county = adjusted_county(engine)
    clerk = desk(app, db, ORGANIZER)
    boss = desk(app, db, MANAGER)
    content = sheet(BONUS, DEDUCTION)

    page = shown(clerk.send("/imports/try", workbook=file(content))).text
    assert "将提出加扣分2项" in page
    assert clerk.send("/imports", workbook=file(content)).status_code == 303
    assert "已提出加扣分2项" in clerk.see("/imports").text
    listed = f"/cycles/{county.cycle_id}/adjustments"
    assert "第1号导入表格：2项待核对" in boss.see(listed).text
    assert boss.send(f"{listed}/imports/1/confirm").status_code == 303
    assert boss.send(f"{listed}/imports/1/confirm").status_code == 409

    taken = kept_file(boss, listed).data
    told = rows_of(taken)["加扣分"]
    assert told[0][: len(HEADINGS)] == HEADINGS
    assert told[1][:7] == ["2026", "U1", "C1", "加分", "1.50", *BONUS[5:]]
    with Session(writing(engine)) as session:
        again = import_roster(session, roster_sheets(taken), in_use=in_use)
    assert happened(again) == ["same", "same"]


def test_the_template_has_the_sheet_where_a_cycle_takes_adjustments(
    app: Flask, db: Session, county: County
) -> None:
    clerk = desk(app, db, ORGANIZER)

    told = rows_of(clerk.open("/imports/template.xlsx").data)
    assert [one.removesuffix(" *") for one in told["加扣分"][0]] == HEADINGS
    assert "加扣分" in clerk.see("/imports").text

    with Session(writing(county.engine)) as session:
        session.execute(update(Cycle).values(settled_on=MAY_1, settled_by=FIRST))
        session.commit()
    assert "加扣分" not in rows_of(clerk.open("/imports/template.xlsx").data)
    assert "加扣分" not in clerk.see("/imports").text
