"""A spreadsheet in miniature: it calculates the few formulas our workbooks contain.

Nothing else here can tell whether a live formula points at the right cells.
"""

import re
import zipfile
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import numpy as np
from python_calamine import CalamineWorkbook

SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
RANGE = re.compile(r"(?:'([^']+)'!)?\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)")
CELL = re.compile(r"(?<![A-Z'$])([A-Z])(\d+)(?![\d(])")


class Spreadsheet:
    """One workbook; every formula is worked out anew from plain cells."""

    def __init__(self, content: bytes) -> None:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        self.sheets: dict[str, list[list[Any]]] = {
            name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names
        }
        self.formulas = dict(_formulas(content, book.sheet_names))

    def cell(self, sheet: str, address: str) -> Any:
        """Return what a cell shows; formulas are calculated."""
        formula = self.formulas.get((sheet, address))
        if formula is not None:
            return self._calculate(sheet, formula)
        column, row = address[0], int(address[1:])
        return self.sheets[sheet][row - 1][ord(column) - ord("A")]

    def _calculate(self, sheet: str, formula: str) -> Any:
        def column(found: re.Match[str]) -> str:
            name, letter, first, last = found.groups()
            cells = [
                self.cell(name or sheet, f"{letter}{row}")
                for row in range(int(first), int(last) + 1)
            ]
            names[f"r{len(names)}"] = np.array(cells, dtype=object)
            return f"r{len(names) - 1}"

        def single(found: re.Match[str]) -> str:
            names[f"r{len(names)}"] = self.cell(sheet, found[0])
            return f"r{len(names) - 1}"

        names: dict[str, Any] = {}
        text = CELL.sub(single, RANGE.sub(column, formula))
        text = text.replace("<>", "!=")
        text = re.sub(r"(?<![<>!=])=(?!=)", "==", text)
        return eval(  # noqa: S307 -- a formula of our own workbook
            text, {"SUMPRODUCT": _sumproduct, "IF": _if, "ABS": abs}, names
        )


def _formulas(content: bytes, names: list[str]) -> Any:
    """Yield (sheet, address) and the formula that stands there."""
    with zipfile.ZipFile(BytesIO(content)) as file:
        for number, name in enumerate(names, start=1):
            tree = ElementTree.fromstring(  # noqa: S314 -- our own workbook
                file.read(f"xl/worksheets/sheet{number}.xml")
            )
            for cell in tree.iterfind(".//m:c", SPACE):
                formula = cell.findtext("m:f", None, SPACE)
                if formula is not None:
                    yield (name, cell.attrib["r"]), formula


def _sumproduct(*columns: Any) -> float:
    """Multiply cell by cell and add up; text and emptiness count as 0."""
    product = np.ones(len(columns[0]))
    for column in columns:
        product = product * np.array(
            [float(x) if isinstance(x, int | float | bool) else 0.0 for x in column]
        )
    return float(product.sum())


def _if(condition: Any, yes: Any, no: Any) -> Any:
    return yes if condition else no
