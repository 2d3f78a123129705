"""LibreOffice recalculates workbooks; one start for all of them, it takes seconds."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.support.workbooks import rows_of

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item></oor:items>
"""
"""Otherwise it believes the values that a file brings with its formulas."""


def recalculated(
    folder: Path, books: Mapping[str, bytes]
) -> dict[str, Mapping[str, list[list[object]]]]:
    """Return name → rows of each workbook, every formula worked out by LibreOffice.

    Skips outside CI where it is not installed.
    """
    if PROGRAM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is missing: make programs")
        pytest.skip("LibreOffice is not installed: make programs")
    for name, content in books.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    made, profile = folder / "made", folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS)
    command: Sequence[str] = [
        PROGRAM,
        f"-env:UserInstallation={profile.as_uri()}",
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(made),
        *(str(folder / f"{name}.xlsx") for name in books),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {name: rows_of((made / f"{name}.xlsx").read_bytes()) for name in books}
