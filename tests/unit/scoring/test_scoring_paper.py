"""The worked example in docs/scoring.md is carried out as written."""

import doctest
from pathlib import Path

PAPER = Path(__file__).resolve().parents[3] / "docs" / "scoring.md"


def test_the_worked_example_comes_out_as_printed() -> None:
    outcome = doctest.testfile(str(PAPER), module_relative=False)

    assert outcome.attempted > 4
    assert outcome.failed == 0
