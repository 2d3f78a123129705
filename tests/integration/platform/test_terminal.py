"""The verbs of the terminal, as an office would type them."""

import json
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_app.cli.main import main
from survey_app.settings import Settings
from survey_app.shipped_files import QUESTIONNAIRES, SCHEMES

TOWNSHIP = {
    "tallies": {
        "democratic": {
            "representatives": {
                "overall": {
                    "satisfied": 46, "fairly_satisfied": 30, "basically_satisfied": 12,
                    "dissatisfied": 7, "abstain": 5,
                }
            }
        }
    },
    "values": {"township": "88.5"},
    "adjustments": [
        {"kind": "bonus", "points": "2", "reason": "r", "source": "s"},
        {"kind": "deduction", "points": "1.5", "reason": "r", "source": "s"},
    ],
}  # fmt: skip


def survey(*words: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], env=environment)


def test_help_explains_each_verb() -> None:
    said = survey("--help").output

    for verb in ("account", "demo", "migrate", "questionnaire", "scheme", "score"):
        assert verb in said


@pytest.mark.parametrize("file", sorted(SCHEMES.glob("*.toml")), ids=lambda f: f.stem)
def test_every_shipped_scheme_passes_the_check(file: Path) -> None:
    assert survey("scheme", "check", file).exit_code == 0


@pytest.mark.parametrize(
    "file", sorted(QUESTIONNAIRES.glob("*.toml")), ids=lambda f: f.stem
)
def test_every_shipped_questionnaire_passes_the_check(file: Path) -> None:
    assert survey("questionnaire", "check", file).exit_code == 0


def test_a_wrong_file_is_refused_with_all_its_faults(tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text('format = 1\nkey = "x"\nplaces = 2.5\nsurprise = 1\n', "utf-8")

    refused = survey("scheme", "check", file)

    assert refused.exit_code == 1
    assert "surprise" in refused.output
    assert "places" in refused.output
    assert all(line.startswith("wrong.toml: ") for line in refused.output.splitlines())


def test_a_file_in_another_encoding_is_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "gbk.toml"
    file.write_bytes("title = '考核'".encode("gbk"))

    refused = survey("scheme", "check", file)

    assert refused.exit_code == 1
    assert "UTF-8" in refused.output
    assert len(refused.output.splitlines()) == 1


def test_counts_are_scored_exactly(tmp_path: Path) -> None:
    counts = tmp_path / "counts.json"
    counts.write_text(json.dumps(TOWNSHIP), "utf-8")

    answer = json.loads(survey("score", "township-double-evaluation", counts).output)

    assert answer["overall"] == {"exact": "1636/19", "rounded": "86.11"}
    assert answer["blocked"] == []
    assert set(answer["sheet"]) == {
        "key", "label", "value", "weight", "rule", "source", "children",
    }  # fmt: skip


def test_what_is_missing_blocks_the_score_by_name(tmp_path: Path) -> None:
    counts = tmp_path / "counts.json"
    counts.write_text(json.dumps({"tallies": {}}), "utf-8")

    answer = json.loads(survey("score", "yijun-2017", counts).output)

    assert answer["overall"] is None
    assert len(answer["blocked"]) >= 3


def test_missing_settings_are_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("SURVEY_DATABASE_URL", "SURVEY_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)

    refused = survey("migrate")

    assert refused.exit_code == 1
    assert "SURVEY_DATABASE_URL" in refused.output
    assert "SURVEY_SECRET_KEY" in refused.output


def test_every_setting_is_printed_as_a_file_to_fill_in() -> None:
    printed = survey("settings").output

    assert printed.count("\nSURVEY_") == len(fields(Settings))


def test_an_account_is_made_with_a_password_shown_once(empty_database_url: str) -> None:
    told = {"SURVEY_DATABASE_URL": empty_database_url, "SURVEY_SECRET_KEY": "k" * 32}

    assert survey("migrate", **told).exit_code == 0
    made = survey("account", "make", "zhang", "--role", "reader", **told)
    again = survey("account", "make", "zhang", **told)

    assert made.output.startswith("zhang  ")
    assert again.exit_code == 1
