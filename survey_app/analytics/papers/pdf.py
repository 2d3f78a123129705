"""A paper as PDF, made in a process of its own that sees the paper and nothing else.

WeasyPrint and the fonts it opens take 200 MB and more with every page; the process ends
with the paper, and the next one begins as small. It has no setting, no secret and no
connection of ours. The same paper gives the same bytes wherever the same fonts are.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from survey_app.domain.ground.refusals import PdfNotPossible

HOUSE = Path(__file__).resolve().parents[2]
PATIENCE = 600
"""Seconds until a paper is given up."""
NEEDED = ("LD_LIBRARY_PATH", "PATH", "FONTCONFIG_PATH", "FONTCONFIG_FILE")
"""All the process is told of our environment: where the interpreter, the libraries and
the fonts are."""
MISSING = 3
"""How it ends where it cannot load the library or what that needs."""

# Without the root package, which builds the whole application: see roster_apart.py.
START = """
import sys, types
for name, folder in (("survey_app", "."), ("survey_app.analytics", "analytics"),
                     ("survey_app.analytics.papers", "analytics/papers")):
    room = types.ModuleType(name)
    room.__path__ = [f"{sys.argv[1]}/{folder}"]
    sys.modules[name] = room
from survey_app.analytics.papers.pdf_process import main
main()
"""


@cache
def style() -> str:
    """Return the stylesheet of papers, as pages have it."""
    return (HOUSE / "static" / "papers.css").read_text(encoding="utf-8")


def pdf_of(paper: str) -> bytes:
    """Return a whole HTML document as PDF, laid out by our stylesheet.

    Raises PdfNotPossible where WeasyPrint or a library of the system is missing.
    """
    told = json.dumps({"paper": paper, "style": style()}).encode()
    ended = subprocess.run(  # noqa: S603 -- our own interpreter and program
        [sys.executable, "-I", "-c", START, str(HOUSE)],
        input=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what it says could carry a name out of the paper
        env={name: os.environ[name] for name in NEEDED if name in os.environ},
        cwd="/",
        timeout=PATIENCE,
        check=False,
    )
    if ended.returncode == MISSING:
        raise PdfNotPossible
    if ended.returncode != 0:
        raise RuntimeError("a paper could not be laid out")
    return ended.stdout
