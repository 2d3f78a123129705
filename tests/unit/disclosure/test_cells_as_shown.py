"""Every cell is read as its author sees it, or refused by its address."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from survey_app.appraisal.roster.roster import KnownRoster, RosterSheets
from survey_app.appraisal.roster.roster_reading import read_roster
from survey_app.forms.roster.roster_workbook import roster_sheets
from tests.support.raw_workbook import raw_workbook, sheet, words
from tests.support.small_county import SCHEME
from tests.support.workbooks import UNITS, VALUES, workbook

KNOWN = KnownRoster(
    parents={"U1": ""},
    cadres=frozenset({"C1"}),
    components={"2026": (SCHEME.component("achievements"),)},
)
Write = Callable[[Any, Any], None]


def book(write: Write, *, name: str = "单位") -> RosterSheets:
    """Return what is read of a sheet of units that `write` fills from row 2 on."""
    content = BytesIO()
    made = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet_ = made.add_worksheet(name)
    for place, heading in enumerate(VALUES if name == "构成项得分" else UNITS):
        sheet_.write_string(0, place, heading)
    write(made, sheet_)
    made.close()
    return roster_sheets(content.getvalue())


def code_shown(write: Write) -> str | dict[str, str]:
    """Return the code in A2 as it is read, or cell → what is wrong."""

    def filled(made: Any, sheet_: Any) -> None:
        write(made, sheet_)
        sheet_.write_string(1, 1, "清河镇")

    read = book(filled)
    if read.faults:
        return wrong(read)
    return read.rows["units"][0].text("code")


def wrong(read: RosterSheets) -> dict[str, str]:
    return {fault.where: fault.what.key for fault in read.faults}


def noted(read: RosterSheets) -> dict[str, str]:
    return {note.where: note.what.key for note in read.notes}


def number(value: float, shape: str | int) -> Write:
    """Return what writes this number in this format into A2."""
    return lambda made, sheet_: sheet_.write_number(
        1, 0, value, made.add_format({"num_format": shape})
    )


@pytest.mark.parametrize(
    ("value", "shape", "seen"),
    [
        (7, "000", "007"),
        (7, "General", "7"),
        (7, '"T"00', "T07"),
        (20260301, "0", "20260301"),
        (7, "@", "7"),
        (7, "0_ ", "7"),
        (7, "G/通用格式", "7"),
        (13800138000, "000-0000-0000", "138-0013-8000"),
        (-0.0, "0", "0"),
    ],
)
def test_a_number_is_read_in_the_format_of_its_cell(
    value: float, shape: str, seen: str
) -> None:
    assert code_shown(number(value, shape)) == seen


@pytest.mark.parametrize(
    ("write", "what"),
    [
        (number(632123199001011234, "General"), "lost-digits"),
        (number(632123199001011234, "0"), "lost-digits"),
        (number(123456789012, "General"), "exponent"),
        (number(7, "0.00E+00"), "exponent"),
        (number(46082, "m/d"), "date"),
        (number(46082, 'm"月"d"日"'), "date"),
        (number(46082, 14), "date"),
        (number(1234, "#,##0"), "grouped"),
        (number(1.5, "# ?/?"), "fraction"),
        (number(7, ";;;"), "shows-nothing"),
        (number(7, "[DBNum1]General"), "format"),
        (number(7, "[>5]0"), "format"),
        (lambda _, s: s.write_boolean(1, 0, True), "logical"),  # noqa: FBT003
        (lambda _, s: s.write_formula(1, 0, "=1/0", None, "#DIV/0!"), "error"),
        (lambda m, s: s.write_datetime(1, 0, date(2026, 3, 1), m.add_format(
            {"num_format": "m-d"})), "date"),
    ],
)  # fmt: skip
def test_what_is_not_shown_as_it_is_kept_is_refused_by_its_cell(
    write: Write, what: str
) -> None:
    assert code_shown(write) == {"单位!A2": f"roster-cell-{what}"}


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ('<c r="A2"><f>B2&amp;1</f></c>', "roster-cell-formula"),
        ('<c r="A2" t="str"><f>B2</f></c>', "roster-cell-formula"),
        ('<c r="A2"><f>B2</f><v></v></c>', "roster-cell-formula"),
        ('<c r="A2" t="s"><v>7</v></c>', "roster-cell-damaged"),
        ('<c r="A2" t="s"><v>-1</v></c>', "roster-cell-damaged"),
        ('<c r="A2"><v>seven</v></c>', "roster-cell-damaged"),
        ('<c r="A2" t="d"><v>2026-03-01</v></c>', "roster-cell-date"),
        ('<c r="A2" s="9"><v>7</v></c>', "roster-cell-format"),
        ('<c r="A2" t="inlineStr"><is><t>\ue123</t></is></c>',
         "roster-private-character"),
    ],
)  # fmt: skip
def test_a_cell_no_spreadsheet_shows_is_refused_too(cell: str, what: str) -> None:
    rest = '<c r="B2" t="inlineStr"><is><t>清河镇</t></is></c>'
    content = raw_workbook(sheet(words(1, *UNITS) + f'<row r="2">{cell}{rest}</row>'))

    assert wrong(roster_sheets(content)) == {"单位!A2": what}


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell() -> None:
    empty = '<c r="C2" t="str"><f>""</f><v></v></c>'
    row = words(2, "U2", "清河镇").replace("</row>", f"{empty}</row>")

    read = roster_sheets(raw_workbook(sheet(words(1, *UNITS) + row)))

    assert not read.faults
    assert read.rows["units"][0].text("parent") == ""


def test_rich_text_is_read_without_how_it_is_pronounced() -> None:
    cell = (
        '<c r="A2" t="inlineStr"><is><r><t>T0</t></r><r><rPr><b/></rPr><t>2</t></r>'
        "<rPh><t>ti</t></rPh></is></c>"
        '<c r="B2" t="inlineStr"><is><t>清河_x000D_\n 镇</t></is></c>'
    )
    content = raw_workbook(sheet(words(1, *UNITS) + f'<row r="2">{cell}</row>'))

    (row,) = roster_sheets(content).rows["units"]

    assert row.text("code") == "T02"
    assert row.text("name") == "清河 镇"


def test_a_share_is_no_score_and_is_said_to_be_one() -> None:
    def write(made: Any, sheet_: Any) -> None:
        share = made.add_format({"num_format": "0.0%"})
        for place, text in enumerate(("2026", "C1", "achievements")):
            sheet_.write_string(1, place, text)
        sheet_.write_number(1, 3, 0.932, share)
        sheet_.write_string(1, 4, "file 3")

    read, (fault,) = read_roster(book(write, name="构成项得分"), KNOWN)

    assert (fault.where, fault.what.key) == ("构成项得分!D2", "roster-per-cent")
    assert ("written", "93.2%") in fault.what.figures
    assert not read.values


def test_a_number_shown_shorter_than_it_is_kept_is_read_as_shown_and_said() -> None:
    def write(made: Any, sheet_: Any) -> None:
        short = made.add_format({"num_format": "0.00"})
        for row, value in ((1, 93.2468), (2, 88.5)):
            for place, text in enumerate(("2026", "C1", "achievements")):
                sheet_.write_string(row, place, text)
            sheet_.write_number(row, 3, value, short)

    read = book(write, name="构成项得分")

    assert [row.text("value") for row in read.rows["values"]] == ["93.25", "88.50"]
    assert noted(read) == {"构成项得分!D2": "roster-read-as-shown"}


def test_hidden_rows_columns_and_sheets_are_not_read_unseen() -> None:
    def write(made: Any, sheet_: Any) -> None:
        for row in range(1, 6):
            sheet_.write_row(row, 0, [f"U{row}", "镇"])
        for row in (2, 3, 5):
            sheet_.set_row(row, None, None, {"hidden": True})
        sheet_.set_column(1, 1, None, None, {"hidden": True})
        cadres = made.add_worksheet("干部")
        cadres.write_string(0, 0, "干部编码")
        cadres.hide()

    assert wrong(book(write)) == {
        "单位!3:4": "roster-hidden-rows",
        "单位!6": "roster-hidden-rows",
        "单位!B": "roster-hidden-column",
        "干部": "roster-hidden-sheet",
    }


def test_two_sheets_or_columns_of_one_name_are_refused() -> None:
    twice = workbook(
        单位=[UNITS, ["U2", "镇"]], Units=[UNITS, ["U3", "镇"]],
        干部=[["干部编码", "姓名", "姓名", "单位编码", "职级类别", "职务"]],
    )  # fmt: skip

    assert wrong(roster_sheets(twice)) == {
        "Units": "roster-sheet-twice",
        "干部!C1": "roster-heading-twice",
    }


def test_what_is_left_aside_has_a_line_each() -> None:
    content = workbook(
        单位=[
            ["全县", "一览"],
            ["单位编码", "单位名称", "备注"],
            ["U2", "清河镇", "撤并", "x"],
        ],
        说明=[["x"]],
    )  # fmt: skip
    read = roster_sheets(content)

    assert not read.faults
    assert [(note.where, note.what.key) for note in read.notes] == [
        ("说明", "roster-sheet-not-read"),
        ("单位", "roster-column-absent"),
        ("单位!C", "roster-column-not-read"),
        ("单位!D", "roster-column-not-read"),
        ("单位!1", "roster-row-above"),
    ]


def test_a_column_that_is_not_there_changes_nothing_and_an_empty_cell_does() -> None:
    known = KnownRoster(parents={"U1": "", "U2": "U1"})
    absent = workbook(单位=[UNITS[:2], ["U2", "清河镇"]])
    empty = workbook(单位=[UNITS, ["U2", "清河镇", " "]])

    parents = [
        read_roster(roster_sheets(content), known)[0].units[0].parent
        for content in (absent, empty)
    ]

    assert parents == ["U1", ""]


@pytest.mark.parametrize(
    "headings",
    [
        ["单 位编码", "单位\n名称", "上级单位编码＊"],
        ["Unit  code *", "UNIT NAME", "Parent\nunit code:"],
        ["单位编码（必填）", "单位名称(全称)*", "上级单位编码"],
    ],
)
def test_a_heading_may_be_wide_or_broken(headings: list[str]) -> None:
    read = roster_sheets(workbook(单位=[headings, ["U2", "清河镇", "U1"]]))

    assert not read.faults
    assert dict(read.rows["units"][0].cells) == {
        "code": "U2", "name": "清河镇", "parent": "U1",
    }  # fmt: skip


def test_headings_that_are_repeated_are_no_row() -> None:
    read = roster_sheets(
        workbook(单位=[UNITS, ["U2", "镇", ""], UNITS, ["U3", "乡", ""]])
    )

    assert [row.number for row in read.rows["units"]] == [2, 4]
    assert noted(read) == {"单位!3": "roster-row-repeats-headings"}


def test_an_empty_merged_area_beside_the_data_says_nothing() -> None:
    def write(_: Any, sheet_: Any) -> None:
        sheet_.write_row(1, 0, ["U2", "清河镇"])
        sheet_.merge_range("Z1:AC9", "")
        sheet_.merge_range("A3:A9", "")

    read = book(write)

    assert not read.faults
    assert len(read.rows["units"]) == 1


def test_a_sheet_formatted_down_to_the_last_row_is_no_bomb() -> None:
    far = '<row r="1048576" s="1"><c r="XFD1048576" s="1"/></row>'
    content = raw_workbook(sheet(words(1, *UNITS) + words(2, "U2", "镇", "") + far))

    read = roster_sheets(content)

    assert not read.faults
    assert len(read.rows["units"]) == 1
