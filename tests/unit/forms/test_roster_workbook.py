"""What people put into workbooks, and what we take it for."""

import zipfile
from io import BytesIO

import pytest
import xlsxwriter

from survey_app.appraisal.roster.roster import KnownRoster, RosterSheets
from survey_app.appraisal.roster.roster_reading import read_roster
from survey_app.domain.ground.wording import say
from survey_app.forms.roster.roster_template import roster_template
from survey_app.forms.roster.roster_workbook import roster_sheets
from tests.support.raw_workbook import packed
from tests.support.small_county import SCHEME
from tests.support.workbooks import CADRES, UNITS, roster, rows_of, workbook

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
KNOWN = KnownRoster(
    parents={"U1": ""},
    cadres=frozenset({"C1"}),
    components={"2026": (SCHEME.component("achievements"), SCHEME.component("body"))},
)


def faults(content: bytes) -> dict[str, str]:
    """Return cell → the key of what is wrong there."""
    _, found = read_roster(roster_sheets(content), KNOWN)
    return {fault.where: fault.what.key for fault in found}


def only_row(content: bytes, sheet: str) -> dict[str, str]:
    sheets = roster_sheets(content)
    assert not sheets.faults
    (row,) = sheets.rows[sheet]
    return dict(row.cells)


def value_written(cell: object) -> str:
    rows = [["2026", "C1", "achievements", cell, "file"]]
    read, found = read_roster(roster_sheets(roster(values=rows)), KNOWN)
    assert found == ()
    return read.values[0].value


def test_spaces_and_full_width_letters_are_forgiven() -> None:
    content = roster(
        units=[[" Ｕ２　", "清河镇 ", "U1"]],
        cadres=[["C２", "张 三", "Ｕ2", " 正职", "镇长"]],
    )

    read, found = read_roster(roster_sheets(content), KNOWN)

    assert found == ()
    assert (read.units[0].code, read.units[0].name) == ("U2", "清河镇")
    assert (read.cadres[0].name, read.cadres[0].unit) == ("张三", "U2")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (93.2, "93.2"),
        (93, "93"),
        ("９３．２", "93.2"),
        ("1544/19", "1544/19"),
        (0.1 + 0.2, "0.3"),
        ("93.20", "93.20"),
    ],
)
def test_a_number_is_the_one_its_author_sees(cell: object, written: str) -> None:
    assert value_written(cell) == written


def test_headings_may_stand_in_any_order_and_language_below_a_merged_title() -> None:
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet(" units ")
    sheet.merge_range("A1:C1", "全县单位一览表")
    for place, heading in enumerate(("Unit name *", "Remarks", "Unit code *")):
        sheet.write_string(1, place, heading)
    for place, text in enumerate(("清河镇", "-", "U2")):
        sheet.write_string(2, place, text)
    book.close()

    assert only_row(content.getvalue(), "units") == {"name": "清河镇", "code": "U2"}


def test_what_is_merged_over_several_rows_stands_in_each() -> None:
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("干部")
    for place, heading in enumerate(CADRES):
        sheet.write_string(0, place, heading)
    for row, code in enumerate(("C8", "C9"), start=1):
        for place, text in enumerate((code, "张三", "", "副职", "副镇长")):
            if text:
                sheet.write_string(row, place, text)
    sheet.merge_range("C2:C3", "U1")
    book.close()

    rows = roster_sheets(content.getvalue()).rows["cadres"]

    assert [row.text("unit") for row in rows] == ["U1", "U1"]


def test_every_mistake_is_named_by_its_cell_at_once() -> None:
    content = roster(
        units=[
            ["U1", "", ""],
            ["U2", "柳林镇", "U9"],
            ["U3", "石桥镇", "U4"],
            ["U4", "龙泉镇", "U3"],
            ["U3", "石桥镇", ""],
        ],
        cadres=[
            ["C2", "张三", "U7", "主职", "镇长"],
            ["C3", "张" * 201, "U2", "正职", "长"],
        ],
        values=[
            ["2025", "C1", "achievements", 90, "file"],
            ["2026", "C1", "satisfaction", 90, "file"],
            ["2026", "C7", "achievements", 101, "file"],
            ["2026", "U7", "body", "优", ""],
            ["2026", "C1", "achievements", 90, "file"],
            ["2026", "C1", "实绩", 91, "file"],
        ],
    )

    assert faults(content) == {
        "单位!B2": "roster-cell-empty",
        "单位!C3": "roster-unknown-unit",
        "单位!C4": "roster-parent-below",
        "单位!C5": "roster-parent-below",
        "单位!A6": "roster-repeated",
        "干部!C2": "roster-unknown-unit",
        "干部!D2": "roster-unknown-post",
        "干部!B3": "roster-cell-too-long",
        "构成项得分!A2": "roster-unknown-cycle",
        "构成项得分!C3": "roster-unknown-component",
        "构成项得分!B4": "roster-unknown-cadre",
        "构成项得分!D4": "roster-out-of-range",
        "构成项得分!E5": "roster-cell-empty",
        "构成项得分!C7": "roster-repeated",
    }


def test_one_mistake_makes_one_fault_and_not_a_chain() -> None:
    content = roster(
        units=[["U2", "", ""]], cadres=[["C2", "张三", "U2", "正职", "镇长"]]
    )

    assert faults(content) == {"单位!B2": "roster-cell-empty"}


def test_a_missing_heading_is_named() -> None:
    assert faults(workbook(单位=[UNITS[:1], ["U2"]])) == {"单位!1": "roster-no-heading"}


def test_a_fault_says_what_to_write_instead() -> None:
    content = roster(cadres=[["C2", "张三", "U1", "主职", "镇长"]])
    _, (fault,) = read_roster(roster_sheets(content), KNOWN)

    said = say(fault.what, str, "en")

    assert (
        said == "“主职” is not a kind of post. Write 正职 (principal) or 副职 (deputy)."
    )


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "roster-not-a-workbook"),
        (b"just some bytes", "roster-not-a-workbook"),
        (b"code,name\nU1,x", "roster-plain-table"),
        ("单位编码\t单位名称".encode("utf-16"), "roster-plain-table"),
        ("单位编码,单位名称".encode("gbk"), "roster-plain-table"),
        (OLD + bytes(600), "roster-old-format"),
        (OLD + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "roster-locked"),
        (b"%PDF-1.7 ...", "roster-other-document"),
        (b"<html><table><tr><td>", "roster-other-workbook"),
        (packed({"word/document.xml": "x"}), "roster-other-document"),
        (packed({"content.xml": "x", "mimetype": "x"}), "roster-other-workbook"),
        (packed({"xl/workbook.bin": "x"}), "roster-other-workbook"),
        (workbook(别的=[["x"]]), "roster-no-sheet"),
    ],
)
def test_what_is_no_roster_is_refused_in_one_sentence(
    content: bytes, what: str
) -> None:
    assert faults(content) == {"": what}


def test_a_zip_of_something_else_is_no_workbook() -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("hello.txt", "hello")

    assert faults(content.getvalue()) == {"": "roster-not-a-workbook"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_is_understood_as_it_is_sent(language: str) -> None:
    content = roster_template(
        ["2026"], [SCHEME.component("achievements")], adjusted={}, language=language
    )

    sheets = roster_sheets(content)

    assert sheets == RosterSheets({"units": (), "cadres": (), "values": ()})
    assert rows_of(content)["_"][0] == (
        ["正职", "2026", "实绩"]
        if language == "zh"
        else ["principal", "2026", "Achievements"]
    )


def test_no_value_beyond_the_full_marks_is_taken_not_even_a_leading_bodys() -> None:
    content = roster(
        values=[
            ["2026", "U1", "body", 915, "file"],
            ["2026", "U1", "body", "-0.5", "file"],
        ]
    )

    _, found = read_roster(roster_sheets(content), KNOWN)

    assert [fault.where for fault in found] == ["构成项得分!D2", "构成项得分!D3"]
    assert [say(fault.what, str, "en") for fault in found] == [
        "Write a number from 0 to 100."
    ] * 2
