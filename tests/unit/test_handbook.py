"""The handbook: every picture is there, none is left over, and no booklet is long."""

import re
from pathlib import Path

import pytest
from weasyprint import CSS, HTML

from survey_app.analytics.written_papers import written_paper
from survey_app.web.office.handbook import BOOKLETS
from tests.handbook.shots import SHOTS

CHECKOUT = Path(__file__).resolve().parents[2]
HANDBOOK = CHECKOUT / "docs" / "handbook"
PICTURE = re.compile(r"!\[[^\]]+\]\(pictures/([^)]+)\)")
MOST_PAGES = 15
ENDINGS = {"zh": ".zh", "en": ""}


def shown(language: str) -> list[str]:
    texts = [HANDBOOK / f"{name}{ENDINGS[language]}.md" for name in BOOKLETS]
    return [found for text in texts for found in PICTURE.findall(text.read_text())]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_picture_that_is_taken_stands_in_a_booklet(language: str) -> None:
    taken = {f"{shot.name}{ENDINGS[language]}.png" for shot in SHOTS}

    assert set(shown(language)) == taken


def test_every_picture_has_its_file_and_no_file_is_left_over() -> None:
    there = {picture.name for picture in (HANDBOOK / "pictures").iterdir()}

    assert there == {*shown("zh"), *shown("en")}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("booklet", BOOKLETS)
def test_a_booklet_has_its_parts_in_both_languages(booklet: str, language: str) -> None:
    paper = written_paper(f"handbook/{booklet}", language)
    other = written_paper(f"handbook/{booklet}", "en" if language == "zh" else "zh")

    assert len(paper.places) == len(other.places) > 2
    assert paper.html.count("<img") == other.html.count("<img") > 0


@pytest.mark.parametrize("booklet", BOOKLETS)
def test_a_printed_booklet_is_short(booklet: str) -> None:
    paper = written_paper(f"handbook/{booklet}", "zh")
    style = (CHECKOUT / "survey_app/static/handbook.css").read_text("utf-8")
    html = f'<article class="booklet"><h1>{paper.title}</h1>{paper.html}</article>'

    laid_out = HTML(string=html, base_url=f"{HANDBOOK}/").render(
        stylesheets=[CSS(string="@page { size: A4; margin: 2cm }"), CSS(string=style)]
    )

    assert len(laid_out.pages) <= MOST_PAGES
