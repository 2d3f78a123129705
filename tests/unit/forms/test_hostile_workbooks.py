"""Files made to harm: measured as they unpack, read apart, refused with a reason."""

import struct
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest

from survey_app.appraisal.roster.roster import RosterSheets
from survey_app.forms.roster import roster_apart
from survey_app.forms.roster.roster_apart import roster_sheets_apart
from survey_app.forms.roster.roster_json import sheets_from_json, sheets_to_json
from survey_app.forms.roster.roster_workbook import roster_sheets
from survey_app.forms.workbook import sheet as sheets
from survey_app.forms.workbook import unpacking
from survey_app.forms.workbook.unpacking import MOST_PARTS
from tests.support.raw_workbook import (
    MAIN,
    packed,
    raw_workbook,
    references,
    sheet,
    words,
)
from tests.support.workbooks import UNITS, roster, workbook

GOOD = words(1, *UNITS) + words(2, "U2", "清河镇", "")
FAR = '<row r="30000"><c r="ZZ30000"><v>1</v></c></row>'
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(8))
    + "]>"
)


def refused(read: RosterSheets) -> dict[str, str]:
    assert not any(read.rows.values())
    return {fault.where: fault.what.key for fault in read.faults}


@pytest.mark.parametrize("part", ["worksheets/sheet1.xml", "sheet.dat", "../x/s", "S"])
def test_a_sheet_is_measured_whatever_its_part_is_called(part: str) -> None:
    far = raw_workbook(sheet(GOOD + FAR), part=part)
    if part.startswith(".."):
        far = raw_workbook("", part=part, more={"x/s": sheet(GOOD + FAR)})

    assert refused(roster_sheets(far)) == {"单位!ZZ30000": "roster-too-large"}


def test_a_part_is_found_by_its_reference_alone() -> None:
    read = roster_sheets(raw_workbook(sheet(GOOD), part="anything.dat"))

    assert [row.text("code") for row in read.rows["units"]] == ["U2"]


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c t="n" r="A1048576"><v>1</v></c></row>',
        '<row r="1048576"><c><v>1</v></c></row>',
        f"<row>{'<c><v>1</v></c>' * 101}</row>",
        "<row><c><v>1</v></c></row>" * 20_001,
    ],
    ids=["corner", "attribute order", "row only", "columns", "rows"],
)
def test_a_cell_outside_of_any_roster_is_named(cells: str) -> None:
    found = refused(roster_sheets(raw_workbook(sheet(cells))))

    assert set(found.values()) == {"roster-too-large"}
    assert all(where.startswith("单位!") for where in found)


def test_merged_areas_cost_no_more_than_cells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    everywhere = '<mergeCell ref="A1:CV20000"/>' * 50
    more = f"<mergeCells>{everywhere}</mergeCells>"
    last = '<row r="20000"><c r="CV20000"><v>1</v></c></row>'
    content = raw_workbook(sheet(GOOD + last, more))

    assert refused(roster_sheets(content)) == {"": "roster-too-many-cells"}
    monkeypatch.setattr(sheets, "MOST_MERGED", 49)
    assert refused(roster_sheets(content)) == {"单位": "roster-too-many-merged"}


def test_cells_are_counted_as_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey_app.forms.workbook.book.MOST_CELLS", 5)

    five, six = GOOD, GOOD + words(3, "U3")

    assert not roster_sheets(raw_workbook(sheet(five))).faults
    read = roster_sheets(raw_workbook(sheet(six)))
    assert refused(read) == {"单位": "roster-too-many-cells"}


@pytest.mark.parametrize("part", ["sharedStrings.xml", "styles.xml", "workbook.xml"])
def test_entities_are_refused_in_every_part(part: str) -> None:
    shared = '<row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    bomb = f'{BOMB}<sst xmlns="{MAIN}"><si><t>&h;</t></si></sst>'
    content = raw_workbook(sheet(words(1, *UNITS) + shared), more={f"xl/{part}": bomb})

    assert refused(roster_sheets(content)) == {"": "roster-not-a-workbook"}


def test_what_unpacks_to_far_more_is_refused_by_what_came_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unpacking, "LARGEST_UNPACKED", 3 * 1024 * 1024)
    content = raw_workbook(sheet(GOOD + "<row/>" * 600_000))

    assert len(content) < 20_000
    assert refused(roster_sheets(content)) == {"": "roster-unpacks-too-large"}


def test_one_endless_comment_is_not_read_again_and_again() -> None:
    content = raw_workbook(sheet(f"<!--{' ' * 3_000_000}-->{GOOD}"))

    assert refused(roster_sheets(content)) == {"": "roster-not-a-workbook"}


def test_a_part_that_lies_about_its_size_is_damaged() -> None:
    honest = raw_workbook(sheet(GOOD + " " * 5_000))
    size = len(sheet(GOOD + " " * 5_000).encode())
    lying = honest.replace(struct.pack("<I", size), struct.pack("<I", 10))

    assert lying != honest
    assert refused(roster_sheets(lying)) == {"": "roster-not-a-workbook"}


def test_a_package_of_odd_make_is_refused() -> None:
    many = packed({f"{n}.xml": "" for n in range(MOST_PARTS + 1)})
    twice = packed({"a.xml": "x", "A.XML": "y"})
    deep = raw_workbook(sheet("<x>" * 100 + "</x>" * 100))
    other = packed({
        "_rels/.rels": references(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<document xmlns="{MAIN}"/>',
    })  # fmt: skip

    assert refused(roster_sheets(many)) == {"": "roster-too-many-parts"}
    for content in (twice, deep, other):
        assert refused(roster_sheets(content)) == {"": "roster-not-a-workbook"}


def test_a_part_packed_in_a_way_that_cannot_be_measured_is_refused() -> None:
    made = BytesIO()
    with ZipFile(BytesIO(raw_workbook(sheet(GOOD)))) as old, ZipFile(made, "w") as new:
        for part in old.infolist():
            way = ZIP_BZIP2 if "sheet1" in part.filename else ZIP_DEFLATED
            new.writestr(part.filename, old.read(part), way)

    assert refused(roster_sheets(made.getvalue())) == {"": "roster-not-a-workbook"}


def test_no_cut_or_changed_byte_is_more_than_a_refusal() -> None:
    whole = roster(units=[["U2", "清河镇", ""]])

    for place in range(0, len(whole), 41):
        roster_sheets(whole[:place])
        roster_sheets(whole[:place] + b"\xff" + whole[place + 1 :])


def test_a_large_sheet_that_is_none_of_ours_is_not_even_unpacked() -> None:
    content = workbook(单位=[UNITS, ["U2", "清河镇", ""]], 人口=[["x"] * 120])

    read = roster_sheets(content)

    assert not read.faults
    assert [(n.where, n.what.key) for n in read.notes] == [
        ("人口", "roster-sheet-not-read")
    ]


# In a process of its own


def test_what_was_read_apart_is_what_is_read_here() -> None:
    content = roster(units=[["U2", "清河镇", "U1"]], cadres=[["C1", "", 7, "", "长"]])
    here = roster_sheets(content)

    assert roster_sheets_apart(content) == here
    assert sheets_from_json(sheets_to_json(here)) == here


def test_the_process_sees_no_setting_and_no_file_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spy = (
        "import json, os\n"
        "told = [[' '.join(os.environ), 'roster-too-large', []]]\n"
        "told += [[name, 'open', []] for name in os.listdir('/proc/self/fd')]\n"
        "print(json.dumps({'rows': {}, 'faults': told, 'notes': []}))"
    )
    monkeypatch.setenv("SURVEY_SECRET_KEY", "k" * 32)
    monkeypatch.setattr(roster_apart, "START", spy)

    environment, *files = roster_sheets_apart(b"x").faults

    assert "SURVEY" not in environment.where
    assert {file.where for file in files} <= {"0", "1", "2", "3"}


@pytest.mark.parametrize(
    ("program", "what"),
    [
        ("import time; time.sleep(600)", "roster-takes-too-much"),
        ("import os; os.abort()", "roster-takes-too-much"),
        ("print('[]')", "roster-not-a-workbook"),
        ("print('{', end='')", "roster-not-a-workbook"),
    ],
)
def test_a_process_that_fails_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, program: str, what: str
) -> None:
    monkeypatch.setattr(roster_apart, "START", program)
    if "sleep" in program:  # the others end by themselves, however busy the machine is
        monkeypatch.setattr(roster_apart, "PATIENCE", 1)

    assert refused(roster_sheets_apart(b"x")) == {"": what}


def test_memory_is_bounded_before_the_first_byte_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    greedy = roster_apart.START.replace(
        "import_module(sys.argv[2]).main()",
        "import survey_app.forms.roster.roster_process as process\n"
        "def greedy(content):\n"
        "    bytearray(2 * process.MOST_MEMORY)\n"
        "    return process.RosterSheets({})\n"
        "process.roster_sheets = greedy\n"
        "process.main()",
    )
    assert "greedy" in greedy
    monkeypatch.setattr(roster_apart, "START", greedy)

    assert refused(roster_sheets_apart(b"x")) == {"": "roster-takes-too-much"}
