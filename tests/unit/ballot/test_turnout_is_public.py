"""Wherever slips of a ballot are counted, it says that taking part is public."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[3] / "survey_app" / "templates"
USED = re.compile(r"\b(?:one|row|batch|line)\.used\b(?! is)|slip_names")
COUNTING = sorted(
    file for file in TEMPLATES.glob("**/*.html") if USED.search(file.read_text("utf-8"))
)


def test_the_pages_and_papers_that_count_slips_are_known() -> None:
    assert {file.name for file in COUNTING} >= {
        "head.html",
        "minute.html",
        "reconciled.html",
        "reconciliation.html",
    }


@pytest.mark.parametrize("file", COUNTING, ids=lambda file: file.name)
def test_each_says_so_in_the_same_sentence_and_masks_no_number(file: Path) -> None:
    text = file.read_text("utf-8")

    assert "turnout_is_public()" in text
    assert "fewer(" not in text
