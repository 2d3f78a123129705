"""Bonuses and deductions in the office: entered, confirmed by another, shown."""

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.analytics.adjustments import adjustment_page
from survey_app.analytics.paging import ListAsked
from survey_app.appraisal.cycle import Cycle
from tests.conftest import ONE_DATABASE
from tests.support.adjusted import adjusted_county, kept, propose, propose_many
from tests.support.closed_county import imported, settle
from tests.support.office import MANAGER, READER, Desk, desk
from tests.support.result_files import kept_file, work_off_jobs
from tests.support.small_county import County
from tests.support.workbooks import rows_of

pytestmark = ONE_DATABASE


@pytest.fixture
def county(engine: Engine) -> County:
    return adjusted_county(engine)


@pytest.fixture
def one(app: Flask, db: Session, county: County) -> Desk:
    return desk(app, db, MANAGER, username="wang")


@pytest.fixture
def other(app: Flask, db: Session, one: Desk) -> Desk:
    return desk(app, db, MANAGER, username="zhao")


def listed(county: County) -> str:
    return f"/cycles/{county.cycle_id}/adjustments"


def enter(manager: Desk, county: County, **told: str) -> int:
    sent = {
        "subject": "C1", "kind": "bonus", "points": "1.5",
        "reason": "省级表彰", "source": "表彰文件7号",
    }  # fmt: skip
    return manager.send(f"{listed(county)}/new", **(sent | told)).status_code


def number(county: County) -> int:
    return int(list(kept(county, "id"))[-1][0])


def press(manager: Desk, county: County, verb: str) -> int:
    return manager.send(f"{listed(county)}/{number(county)}/{verb}").status_code


def on_sheet(manager: Desk, county: County) -> str:
    page = f"/score-sheets/{county.cycle_id}/{county.subject_id}"
    return " ".join(manager.see(page).text.split())


def test_two_managers_let_it_count_through_their_pages(
    county: County, one: Desk, other: Desk
) -> None:
    assert enter(one, county) == 303
    read = on_sheet(one, county)
    assert "待第二人确认" in read
    assert "尚未计入" in read
    assert press(one, county, "confirm") == 403

    assert press(other, county, "confirm") == 303

    read = on_sheet(one, county)
    for told in ("省级表彰", "表彰文件7号", "wang", "zhao", "1.5"):
        assert told in read
    assert "尚未计入" not in read
    assert press(other, county, "confirm") == 409


def test_a_name_will_do_where_one_bears_it(county: County, one: Desk) -> None:
    assert enter(one, county, subject="王一") == 303
    assert kept(county, "subject_id") == [(county.subject_id,)]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"points": "-1"}, "正负号"),
        ({"points": "6"}, "5"),
        ({"points": "0"}, "大于0"),
        ({"points": "0.123"}, "2位小数"),
        ({"points": "many"}, "many"),
        ({"subject": "C9"}, "编码"),
        ({"subject": "U1"}, "编码"),
        ({"kind": "prize"}, ""),
        ({"reason": " "}, ""),
        ({"source": ""}, ""),
    ],
    ids=str,
)
def test_what_cannot_count_is_refused_in_words_at_its_field(
    county: County, one: Desk, wrong: dict[str, str], told: str
) -> None:
    sent = {"subject": "C1", "kind": "bonus", "points": "1", "reason": "r"}
    answer = one.send(f"{listed(county)}/new", **(sent | {"source": "s"} | wrong))

    assert answer.status_code == 422
    assert told in answer.text
    assert kept(county, "id") == []


def test_the_same_is_entered_once(county: County, one: Desk) -> None:
    assert enter(one, county) == 303
    assert enter(one, county, points="1.50") == 422
    assert enter(one, county, kind="deduction") == 303


def test_the_sheet_says_how_much_of_the_sum_counts_and_by_which_rule(
    county: County, one: Desk, other: Desk
) -> None:
    for points in ("3", "4"):
        enter(one, county, points=points)
        press(other, county, "confirm")

    read = on_sheet(one, county)

    assert "录入共7分，按方案上限计入5分" in read
    assert "最多5分" in read
    assert "a source" in read


def test_the_list_links_to_the_correction_that_reverses(
    county: County, one: Desk, other: Desk
) -> None:
    enter(one, county)
    press(other, county, "confirm")
    assert press(one, county, "withdraw") == 409
    (link,) = [
        str(a.get("href"))
        for a in one.see(listed(county)).all("a")
        if "/corrections/new/" in str(a.get("href"))
    ]
    form = link.removeprefix("/office")
    assert 'value="0"' in one.open(form).text

    place = f"adjustment:{number(county)}=1.5"
    sent = {"place": place, "right": "0", "source": "", "reason": "表彰已撤销"}
    assert one.send(form, **sent).status_code == 303
    assert other.send("/corrections/1/confirm").status_code == 303

    assert kept(county, "state") == [("reversed",)]
    read = on_sheet(one, county)
    assert "表彰已撤销" in read
    assert "加分：省级表彰" in read
    assert "不再计入" in read


def test_nobody_settles_while_one_waits(county: County, one: Desk) -> None:
    enter(one, county)
    page = f"/cycles/{county.cycle_id}"

    assert "待另一人核对" in one.see(page).text
    assert one.send(f"{page}/settle", looked="y").status_code == 409
    press(one, county, "withdraw")
    assert one.send(f"{page}/settle", looked="y").status_code == 303
    assert enter(one, county) == 409
    assert "登记加扣分" not in one.see(listed(county)).text


def test_a_reader_sees_the_list_and_changes_nothing(
    app: Flask, db: Session, county: County, one: Desk
) -> None:
    enter(one, county)
    reader = desk(app, db, READER)

    page = reader.open(listed(county))

    assert page.status_code == 200
    assert "/confirm" not in page.text
    assert kept_file(reader, listed(county)).status_code == 200


def test_the_list_is_made_beside_the_request_and_anew_once_it_says_otherwise(
    county: County, one: Desk, other: Desk
) -> None:
    enter(one, county)
    first = kept_file(one, listed(county))
    assert one.open(f"{listed(county)}.xlsx").data == first.data

    assert other.send(f"{listed(county)}/{number(county)}/confirm").status_code == 303

    assert one.open(f"{listed(county)}.xlsx").status_code == 303
    work_off_jobs(one.client.application)
    assert one.open(f"{listed(county)}.xlsx").status_code == 303
    rows = rows_of(kept_file(one, listed(county)).data)["加扣分"]
    assert "zhao" in rows[-1]

    # What only waits changes no score sheet, and yet the list.
    assert enter(one, county, points="2.5", reason="另一事由") == 303
    assert one.open(f"{listed(county)}.xlsx").status_code == 303


def test_a_list_with_another_name_is_another_list(county: County, one: Desk) -> None:
    enter(one, county)
    kept_file(one, listed(county))

    imported(county, units=[["U1", "清河新镇", ""]], renaming=True)

    assert one.open(f"{listed(county)}.xlsx").status_code == 303


def test_pages_and_states_of_the_list_are_addresses(county: County, one: Desk) -> None:
    propose_many(county, 51)

    assert "事由50" in one.see(f"{listed(county)}?page=2&state=waiting&q=王").text
    assert "事由50" not in one.see(listed(county)).text
    for odd in ("?page=x", "?page=-1", "?page=99999999999", "?state=odd", "?q=%00"):
        assert one.open(f"{listed(county)}{odd}").status_code == 200, odd


def test_a_settled_cycle_keeps_its_list(county: County, one: Desk) -> None:
    settle(county)

    assert "已定案" in one.see(listed(county)).text


def test_the_list_is_paged_and_searched(county: County) -> None:
    propose_many(county, 60)
    propose(county, subject_id=county.other_subject_id)

    def page(number: int, find: str = "", state: str = "") -> tuple[int, int, int]:
        with Session(county.engine) as session:
            cycle = session.get_one(Cycle, county.cycle_id)
            asked = ListAsked(search=find, page=number)
            found = adjustment_page(session, cycle, asked, state=state)
        return len(found.rows), found.pages, found.found

    assert page(1) == (50, 2, 61)
    assert page(2) == page(99) == (11, 2, 61)
    assert (
        page(1, find="李二") == page(1, find="U2") == page(1, find="柳林") == (1, 1, 1)
    )
    assert page(1, find="李") == (1, 1, 1)
    assert page(1, state="counts") == (0, 1, 0)
