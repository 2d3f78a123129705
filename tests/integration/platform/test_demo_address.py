"""A demo that listens elsewhere on this machine prints the address it is reached at."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from survey_app.demo.slips import first_address, write_slips
from survey_app.demo.stand import EDITION, settle
from survey_app.settings import Settings

CODES = {"peers": ["A" * 25, "B" * 25], "超<级>": ["C" * 25]}


def standing(folder: Path, environment: Mapping[str, str]) -> Settings:
    """Return the settings of a county without a citizen that is complete already."""
    folder.mkdir(exist_ok=True)
    (folder / "complete").write_text(EDITION, "utf-8")
    (folder / "secret_key").write_text("k" * 32, "utf-8")
    return settle(
        folder, environment, today=date(2026, 5, 1), progress=lambda _sent, _of: None
    )


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"SURVEY_BIND": "127.0.0.1:8131"}, "http://127.0.0.1:8131"),
        ({"SURVEY_BIND": "localhost:8131"}, "http://localhost:8131"),
        ({"SURVEY_BIND": "[::1]:8131"}, "http://[::1]:8131"),
        ({"SURVEY_BIND": "0.0.0.0:8131"}, "http://127.0.0.1:8000"),
        ({"SURVEY_BIND": "unix:/run/survey"}, "http://127.0.0.1:8000"),
        (
            {
                "SURVEY_BIND": "127.0.0.1:8131",
                "SURVEY_PUBLIC_URL": "https://survey.example",
            },
            "https://survey.example",
        ),
    ],
)
def test_a_demo_is_reached_where_it_listens(
    tmp_path: Path, told: Mapping[str, str], address: str
) -> None:
    assert standing(tmp_path / "demo", told).public_url == address


def test_slips_lead_to_where_the_demo_listens_today(tmp_path: Path) -> None:
    slips = tmp_path / "demo" / "slips.html"
    before = standing(tmp_path / "demo", {"SURVEY_BIND": "127.0.0.1:8131"})
    write_slips(slips, before, "民主<测评>", CODES)
    first = slips.read_text("utf-8")

    after = standing(tmp_path / "demo", {"SURVEY_BIND": "127.0.0.1:8132"})

    assert first_address(slips) == f"http://127.0.0.1:8132/b#{'C' * 25}"
    write_slips(tmp_path / "anew.html", after, "民主<测评>", CODES)
    assert slips.read_text("utf-8") == (tmp_path / "anew.html").read_text("utf-8")
    standing(tmp_path / "demo", {"SURVEY_BIND": "127.0.0.1:8131"})
    assert slips.read_text("utf-8") == first
