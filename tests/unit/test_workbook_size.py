"""A small file that would become a huge sheet is turned away before it is read."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

import pytest

from survey_app.forms.workbook_size import MOST_MERGED, is_outsized

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(sheet: str, *, root: str = "worksheet") -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as file:
        file.writestr(
            "xl/worksheets/sheet1.xml", f"<{root} {NAMESPACE}>{sheet}</{root}>"
        )
    return made.getvalue()


def rows(*cells: str) -> str:
    return f"<sheetData>{''.join(cells)}</sheetData>"


def test_a_usual_sheet_is_no_bomb() -> None:
    sheet = rows('<row r="1"><c r="A1"/><c r="B1"/></row>', "<row><c/></row>")

    assert not is_outsized(workbook(sheet))


@pytest.mark.parametrize(
    "sheet",
    [
        rows('<row r="1"><c r="XFD1048576"><v>1</v></c></row>'),
        rows('<row r="1"><c t="n" r="A1048576"><v>1</v></c></row>'),
        rows('<row r="1048576"><c><v>1</v></c></row>'),
        rows(f"<row>{'<c/>' * 101}</row>"),
        rows("<row/>" * 20_001),
        "<mergeCells>"
        + '<mergeCell ref="A1:CV20000"/>' * (MOST_MERGED + 1)
        + "</mergeCells>",
    ],
    ids=["corner", "attribute order", "row only", "columns", "rows", "merged"],
)
def test_a_bomb_is_seen_however_it_is_written(sheet: str) -> None:
    assert is_outsized(workbook(sheet))


def test_another_kind_of_file_is_no_workbook() -> None:
    with pytest.raises(BadZipFile):
        is_outsized(workbook("", root="document"))
