"""Workbooks as an office sends them: made in memory, read back as plain rows."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

Cells = Sequence[Sequence[Any]]

UNITS = ["单位编码", "单位名称", "上级单位编码"]
CADRES = ["干部编码", "姓名", "单位编码", "职级类别", "职务"]
VALUES = ["考核年度", "评价对象编码", "构成项", "得分", "依据"]
NEWCOMER = {
    "units": [["U7", "石桥镇", ""]],
    "cadres": [["C7", "张三", "U7", "副职", "副镇长"]],
}
"""A unit and a cadre that no county of the tests has, as `roster` takes them."""


def workbook(**sheets: Cells) -> bytes:
    """Return an .xlsx file with these sheets; text stays text, numbers numbers."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                elif cell is not None:
                    sheet.write_number(number, place, cell)
    book.close()
    return content.getvalue()


def roster(units: Cells = (), cadres: Cells = (), values: Cells = ()) -> bytes:
    """Return a roster workbook with these rows below the headings."""
    return workbook(
        单位=[UNITS, *units], 干部=[CADRES, *cadres], 构成项得分=[VALUES, *values]
    )


def rows_of(content: bytes) -> Mapping[str, list[list[Any]]]:
    """Return sheet → rows of an .xlsx file."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
