"""One broken file among schemes or questionnaires leaves the others usable."""

import shutil
from pathlib import Path

import pytest

from survey_app.domain.ground.fault_words import shape_of
from survey_app.domain.ground.file_faults import FileRefused
from survey_app.domain.ground.refusals import NotFound
from survey_app.shipped_files import OWN, QUESTIONNAIRES, SCHEMES, SHIPPED, RuleFiles

COUNTY = "a-county-2027"


def own(folder: Path, kind: str, name: str, text: str | bytes) -> Path:
    """Put a file among a county's own."""
    (folder / kind).mkdir(parents=True, exist_ok=True)
    file = folder / kind / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def derived(file: Path, key: str = COUNTY) -> str:
    """Return a shipped file as a county would derive its own from it."""
    text = file.read_text("utf-8")
    assert f'key = "{file.stem}"' in text
    return text.replace(f'key = "{file.stem}"', f'key = "{key}"')


def names(broken: tuple[FileRefused, ...]) -> list[str]:
    return [refused.file for refused in broken]


def test_one_broken_file_leaves_the_others_usable(tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    shutil.copytree(QUESTIONNAIRES, shipped / "questionnaires")
    for name in ("one-third.toml", "golmud-2017.toml"):
        own(shipped, "schemes", name, (SCHEMES / name).read_bytes())
    twin = (SCHEMES / "one-third.toml").read_bytes()
    own(shipped, "schemes", "other-name.toml", twin)
    own(shipped, "schemes", "broken.toml", b"\xff")
    (shipped / "schemes" / "folder.toml").mkdir()
    circle = shipped / "schemes" / "circle.toml"
    circle.symlink_to(circle)

    shelf = RuleFiles(shipped=shipped).schemes

    assert list(shelf.usable) == ["golmud-2017", "one-third"]
    assert names(shelf.broken) == [
        "schemes/broken.toml",
        "schemes/circle.toml",
        "schemes/folder.toml",
        "schemes/other-name.toml",
    ]


def test_a_broken_questionnaire_spoils_only_the_schemes_that_ask_it(
    tmp_path: Path,
) -> None:
    shutil.copytree(SCHEMES, tmp_path / "schemes")
    shutil.copytree(QUESTIONNAIRES, tmp_path / "questionnaires")
    own(tmp_path, "questionnaires", "cadre-evaluation.toml", b"not = [toml")

    files = RuleFiles(shipped=tmp_path)

    assert "xining-leading-bodies-2012" in files.schemes.usable
    assert "schemes/one-third.toml" in names(files.schemes.broken)
    assert names(files.broken)[0] == "questionnaires/cadre-evaluation.toml"


def test_what_comes_with_the_platform_is_in_order() -> None:
    assert RuleFiles().broken == ()


def test_a_county_s_own_files_lie_beside_the_shipped_ones(tmp_path: Path) -> None:
    asked = "a-county-asks"
    text = derived(QUESTIONNAIRES / "cadre-evaluation.toml", asked)
    own(tmp_path, "questionnaires", f"{asked}.toml", text)
    text = derived(SCHEMES / "one-third.toml").replace("cadre-evaluation", asked)
    own(tmp_path, "schemes", f"{COUNTY}.toml", text)

    files = RuleFiles.of(str(tmp_path))

    assert files.broken == ()
    assert files.scheme(COUNTY).key == COUNTY
    assert files.questionnaire(asked).key == asked
    assert files.scheme("one-third") == RuleFiles().scheme("one-third")
    with pytest.raises(NotFound):
        RuleFiles().scheme(COUNTY)


def test_a_file_called_as_a_shipped_one_is_refused_and_that_one_stays(
    tmp_path: Path,
) -> None:
    text = (SCHEMES / "one-third.toml").read_text("utf-8")
    own(tmp_path, "schemes", "one-third.toml", text.replace('"1/3"', '"2/3"'))

    files = RuleFiles.of(str(tmp_path))

    assert names(files.broken) == ["schemes/one-third.toml"]
    assert "comes with the platform" in str(files.broken[0])
    assert files.schemes.usable["one-third"] == RuleFiles().scheme("one-third")


def test_files_where_nobody_looks_are_named(tmp_path: Path) -> None:
    (tmp_path / f"{COUNTY}.toml").write_text("format = 1\n")
    (tmp_path / "notes.txt").write_text("not ours")

    (lost,) = RuleFiles.of(str(tmp_path)).broken

    assert lost.file == f"{COUNTY}.toml"
    assert "questionnaires" in lost.faults[0].instead


@pytest.mark.parametrize(
    "wrong", ["nowhere", "a-file", "a-file-for-a-folder", "n" * 300]
)
def test_a_folder_that_cannot_be_read_is_a_fault_and_no_end(
    tmp_path: Path, wrong: str
) -> None:
    (tmp_path / "a-file").write_text("")
    (tmp_path / "a-file-for-a-folder").mkdir()
    (tmp_path / "a-file-for-a-folder" / "schemes").write_text("")

    files = RuleFiles.of(str(tmp_path / wrong))

    assert names(files.broken) == [OWN]
    assert files.schemes.usable == RuleFiles().schemes.usable


def test_every_fault_of_a_folder_has_its_chinese(tmp_path: Path) -> None:
    own(tmp_path, "schemes", "one-third.toml", "")
    (tmp_path / "lost.toml").touch()
    broken = RuleFiles.of(str(tmp_path)).broken + RuleFiles.of("nowhere").broken

    for fault in (fault for refused in broken for fault in refused.faults):
        assert shape_of(fault.where)
        assert shape_of(fault.wrong)
        assert shape_of(fault.instead)


def test_the_shipped_folder_holds_nothing_else() -> None:
    files = [*SCHEMES.rglob("*"), *QUESTIONNAIRES.rglob("*")]
    assert {file.suffix for file in files if file.is_file()} == {".toml"}
    assert [file for file in files if file.is_dir()] == [QUESTIONNAIRES / "earlier"]
    assert SHIPPED.is_dir()
