"""Wrong scheme and questionnaire files in the terminal, told in both languages."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_app.cli.main import main
from survey_app.shipped_files import QUESTIONNAIRES, SCHEMES

BROKEN = {
    "not-toml": b"not = [toml",
    "gbk": "title = '考核'".encode("gbk"),
    "empty": b"",
    "nothing-but-a-mark": b"\xef\xbb\xbf",
    "binary": b"\x00\xff\xfe",
}
KINDS = pytest.mark.parametrize("kind", ["scheme", "questionnaire"])


def survey(*words: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], env=environment)


def moved(
    folder: Path, source: Path, name: str, before: str = "", after: str = ""
) -> Path:
    """A copy of a shipped file, something in it replaced."""
    text = source.read_text("utf-8")
    assert before in text
    text = text.replace(before, after) if before else text
    file = folder / name
    file.write_text(text, "utf-8")
    return file


@KINDS
@pytest.mark.parametrize("name", BROKEN)
def test_no_wrong_file_ends_with_a_trace_or_with_status_0(
    tmp_path: Path, kind: str, name: str
) -> None:
    file = tmp_path / f"{name}.toml"
    file.write_bytes(BROKEN[name])

    refused = survey(kind, "check", file)

    assert refused.exit_code == 1
    lines = refused.output.splitlines()
    assert lines
    assert all(line.startswith(f"{name}.toml: ") for line in lines)


@KINDS
def test_folders_circles_and_nothing_at_all_are_one_line(
    tmp_path: Path, kind: str
) -> None:
    (tmp_path / "folder.toml").mkdir()
    circle = tmp_path / "circle.toml"
    circle.symlink_to(circle)

    for name in ("folder", "circle", "absent"):
        refused = survey(kind, "check", tmp_path / f"{name}.toml")
        assert refused.exit_code == 1
        assert len(refused.output.splitlines()) == 1
        assert "cannot be read" in refused.output


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("scheme", SCHEMES / "one-third.toml"),
        ("questionnaire", QUESTIONNAIRES / "masses-satisfaction.toml"),
    ],
)
def test_a_file_that_is_not_called_as_its_key_is_refused(
    tmp_path: Path, kind: str, source: Path
) -> None:
    refused = survey(kind, "check", moved(tmp_path, source, "copy.toml"))

    assert refused.exit_code == 1
    assert f"rename the file {source.stem}.toml" in refused.output


ONE_THIRD = SCHEMES / "one-third.toml"


def test_a_misspelt_questionnaire_is_refused_with_the_nearest(tmp_path: Path) -> None:
    asked = "masses-satisfaction", "mases-satisfaction"
    file = moved(tmp_path, ONE_THIRD, "one-third.toml", *asked)

    refused = survey("scheme", "check", file)

    assert refused.exit_code == 1
    assert 'did you mean "masses-satisfaction"?' in refused.output


def test_a_questionnaire_beside_the_scheme_is_found(tmp_path: Path) -> None:
    asked = QUESTIONNAIRES / "masses-satisfaction.toml"
    moved(tmp_path, asked, "our-own.toml", 'key = "masses-satisfaction"',
          'key = "our-own"')  # fmt: skip
    ours = "masses-satisfaction", "our-own"
    file = moved(tmp_path, ONE_THIRD, "one-third.toml", *ours)

    assert survey("scheme", "check", file).exit_code == 0


def test_files_are_checked_under_the_names_the_office_gives_them(
    tmp_path: Path,
) -> None:
    """Handed out with their version: 2 and 10, of which the scheme fits the latter."""
    source = QUESTIONNAIRES / "masses-satisfaction.toml"
    text = source.read_text("utf-8").replace('key = "masses-sat', 'key = "our-sat')
    for version in (2, 10):
        numbered = text.replace("\nversion = 2", f"\nversion = {version}")
        if version == 2:
            numbered = numbered.replace('"very_dissatisfied"', '"worst"')
        file = tmp_path / f"our-satisfaction-{version}.toml"
        file.write_text(numbered, "utf-8")
        assert survey("questionnaire", "check", file).exit_code == 0
    other = tmp_path / "our-satisfaction-3.toml"
    other.write_text(text, "utf-8")
    assert survey("questionnaire", "check", other).exit_code == 1
    other.unlink()
    ours = "masses-satisfaction", "our-satisfaction"

    file = moved(tmp_path, ONE_THIRD, "one-third-12.toml", *ours)
    for name in ("one-third-0.toml", "one-third-old.toml"):
        refused = survey("scheme", "check", moved(tmp_path, ONE_THIRD, name, *ours))
        assert "rename the file one-third.toml" in refused.output

    assert survey("scheme", "check", file).exit_code == 0


def test_what_looks_wrong_is_said_and_passes(tmp_path: Path) -> None:
    rounded = 'published = "1/3"', 'published = "0.333"'
    file = moved(tmp_path, ONE_THIRD, "one-third.toml", *rounded)

    told = survey("scheme", "check", file)

    assert told.exit_code == 0
    assert "warning: alerts[0].threshold: 0.333 is not 1/3" in told.output
    assert "in order" in told.output


@pytest.mark.parametrize(
    "environment",
    [
        {"SURVEY_LANGUAGE": "zh"},
        {"SURVEY_LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8"},
    ],
    ids=["set", "of the system"],
)
def test_refusals_are_told_in_chinese_where_that_is_spoken(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text("format = 2\n", "utf-8")

    refused = survey("scheme", "check", file, **environment)
    nowhere = survey("scheme", "check", tmp_path / "absent.toml", **environment)

    assert "缺少" in refused.output
    assert "无法读取" in nowhere.output
    english = survey("--language", "en", "scheme", "check", file, **environment)
    assert "is missing" in english.output


def test_a_refusal_of_a_verb_is_told_in_chinese(tmp_path: Path) -> None:
    settings = {
        "SURVEY_DATABASE_URL": f"sqlite:///{tmp_path}/survey.sqlite",
        "SURVEY_SECRET_KEY": "k" * 32,
        "SURVEY_LANGUAGE": "zh",
    }
    assert survey("migrate", **settings).exit_code == 0
    survey("account", "make", "zhang", **settings)

    again = survey("account", "make", "zhang", **settings)

    assert again.exit_code == 1
    assert "这个名称或与之相似的名称已被占用" in again.output
