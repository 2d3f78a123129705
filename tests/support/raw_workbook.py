"""Workbooks made part by part, for what no spreadsheet would write."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HERE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LISTS = "http://schemas.openxmlformats.org/package/2006/relationships"


def references(*kinds: tuple[str, str]) -> str:
    """Return a list of references, each to a part of this kind."""
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{HERE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(kinds, start=1)
    )
    return f'<Relationships xmlns="{LISTS}">{listed}</Relationships>'


def sheet(cells: str, more: str = "") -> str:
    """Return a worksheet with these rows."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData>{more}</worksheet>'


def words(row: int, *texts: str) -> str:
    """Return a row of texts that stand in the cells themselves."""
    cells = "".join(
        f'<c r="{chr(65 + place)}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
        for place, text in enumerate(texts)
    )
    return f'<row r="{row}">{cells}</row>'


def raw_workbook(
    content: str,
    *,
    name: str = "单位",
    part: str = "worksheets/sheet1.xml",
    strings: str | None = None,
    styles: str | None = None,
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Return a workbook with one sheet whose XML is given; other parts may be too."""
    parts: dict[str, str | bytes] = {
        "_rels/.rels": references(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{HERE}"><sheets>'
            f'<sheet name="{name}" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": references(
            ("worksheet", part),
            ("sharedStrings", "sharedStrings.xml"),
            ("styles", "styles.xml"),
        ),
        f"xl/{part}": content,
    }
    if strings is not None:
        parts["xl/sharedStrings.xml"] = strings
    if styles is not None:
        parts["xl/styles.xml"] = styles
    return packed(parts | dict(more or {}))


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """Return the parts as one package."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()
