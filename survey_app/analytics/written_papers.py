"""Papers that people wrote, as pages: read from Markdown, with a place to point at.

Their headings are numbered by hand, the same in both languages. "## 3. …" is the place
`step-3`; headings without a number are `more-1`, `more-2`, and so on.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

HOUSE = Path(__file__).resolve().parents[1]
SHELVES = (HOUSE / "docs", HOUSE.parent / "docs")
"""Beside the program, where a wheel has put them; in a checkout beside the house."""
CEREMONY = "ceremony"
_NUMBER = re.compile(r"(\d+)\. ")
_ACTORS = re.compile(r"\s*[(（][^()（）]*[)）]$")


@dataclass(frozen=True, slots=True)
class WrittenPaper:
    """One paper in one language."""

    title: str
    html: str
    """All below the title; what was written as HTML stands there as text."""
    places: tuple[tuple[str, str], ...]
    """(place, heading) of its sections, in their order."""

    @property
    def steps(self) -> tuple[str, ...]:
        """What its numbered sections are called, without number and who does them."""
        return tuple(
            _ACTORS.sub("", heading[number.end() :])
            for _, heading in self.places
            if (number := _NUMBER.match(heading))
        )


@cache
def written_paper(name: str, language: str) -> WrittenPaper:
    """Return the paper in the language; English for `en`, Chinese for anything else."""
    file = f"{name}.md" if language == "en" else f"{name}.zh.md"
    shelf = shelf_of(file)
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse((shelf / file).read_text("utf-8"))
    title, body = tokens[1].content, tokens[3:]
    places = tuple(_placed(body))
    return WrittenPaper(title, reader.renderer.render(body, reader.options, {}), places)


def shelf_of(name: str) -> Path:
    """Return the folder in which a paper, or a folder of papers, of this name lies."""
    return next(one for one in SHELVES if (one / name).exists())


def _placed(tokens: list[Token]) -> list[tuple[str, str]]:
    """Give every section its place, and return place and heading."""
    found: list[tuple[str, str]] = []
    unnumbered = 0
    for opening, heading in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            number = _NUMBER.match(heading.content)
            unnumbered += not number
            place = f"step-{number[1]}" if number else f"more-{unnumbered}"
            opening.attrSet("id", place)
            found.append((place, heading.content))
        if opening.type == "table_open":
            opening.attrSet("class", "stack")
    return found
