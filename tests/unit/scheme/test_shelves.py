"""One broken file among schemes or questionnaires leaves the others usable."""

from pathlib import Path

from survey_app.shipped_files import QUESTIONNAIRES, SCHEMES, shipped_schemes


def test_one_broken_file_leaves_the_others_usable(tmp_path: Path) -> None:
    for name in ("one-third.toml", "golmud-2017.toml"):
        (tmp_path / name).write_bytes((SCHEMES / name).read_bytes())
    twin = (SCHEMES / "one-third.toml").read_bytes()
    (tmp_path / "other-name.toml").write_bytes(twin)
    (tmp_path / "broken.toml").write_bytes(b"\xff")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "circle.toml").symlink_to(tmp_path / "circle.toml")

    shelf = shipped_schemes(folder=tmp_path)

    assert list(shelf.usable) == ["golmud-2017", "one-third"]
    assert [refused.file for refused in shelf.broken] == [
        "broken.toml",
        "circle.toml",
        "folder.toml",
        "other-name.toml",
    ]


def test_a_broken_questionnaire_spoils_only_the_schemes_that_ask_it(
    tmp_path: Path,
) -> None:
    for file in QUESTIONNAIRES.glob("*.toml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "cadre-evaluation.toml").write_bytes(b"not = [toml")

    shelf = shipped_schemes(questionnaires=tmp_path)

    assert "xining-leading-bodies-2012" in shelf.usable
    assert "one-third.toml" in [refused.file for refused in shelf.broken]
