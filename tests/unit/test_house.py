"""The house checks itself: small rooms, honest names, complete papers."""

import ast
import re
import subprocess
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from survey_app.all_tables import TABLES, metadata
from survey_app.settings import Settings

CHECKOUT = Path(__file__).resolve().parents[2]
HOUSE = CHECKOUT / "survey_app"
ROOMS = [
    room
    for room in sorted((*HOUSE.rglob("*.py"), *(CHECKOUT / "tests").rglob("*.py")))
    if HOUSE / "migrations" not in room.parents  # written once, and never changed
]
TOO_VAGUE = {"utils", "helpers", "common", "misc", "manager", "handlers"}
TOP_LEVEL = {
    "survey_app", "tests", "config", "docs",
    "pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md",
    "Makefile",
}  # fmt: skip


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


@cache
def read(room: Path) -> tuple[str, ast.Module]:
    """Return what a room says, and what of it is code: read once for all tests."""
    source = room.read_text(encoding="utf-8")
    return source, ast.parse(source)


def test_a_room_is_small_named_and_introduced() -> None:
    rooms = {str(room.relative_to(CHECKOUT)): read(room) for room in ROOMS}
    wrong = {
        "split it along its nouns": [
            name for name, (source, _) in rooms.items() if source.count("\n") > 300
        ],
        "name it after what it does": [
            name for name in rooms if Path(name).stem in TOO_VAGUE
        ],
        "say what lives here": [
            name
            for name, (source, code) in rooms.items()
            if source and not ast.get_docstring(code)
        ],
    }

    assert not {told: found for told, found in wrong.items() if found}


def test_a_function_fits_on_a_screen() -> None:
    long = {
        f"{room.relative_to(CHECKOUT)}: {node.name}": lines
        for room in ROOMS
        for node in ast.walk(read(room)[1])
        if isinstance(node, ast.FunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > 40
    }

    assert long == {}


def test_no_class_has_the_name_of_another() -> None:
    """Whoever reads a name must not have to ask which; private ones included."""
    defined: dict[str, list[str]] = {}
    for room in ROOMS:
        if HOUSE in room.parents:
            for node in ast.walk(read(room)[1]):
                if isinstance(node, ast.ClassDef):
                    place = f"{room.relative_to(HOUSE)}:{node.lineno}"
                    defined.setdefault(node.name, []).append(place)

    assert {name: at for name, at in defined.items() if len(at) > 1} == {}


def test_every_room_is_empty_at_its_door() -> None:
    for door in HOUSE.rglob("__init__.py"):
        if door.parent != HOUSE:
            assert door.read_text(encoding="utf-8") == "", door


def test_the_top_level_holds_only_what_was_agreed() -> None:
    names = {path.partition("/")[0] for path in tracked()}

    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


def test_no_committed_file_names_a_registry_host() -> None:
    # Spelled apart, so that this line does not find itself.
    hosts = re.compile("|".join(("py" + "pi\\.org", "python" + "hosted", "npm" + "js")))

    for path in tracked():
        file = CHECKOUT / path
        if file.is_file():
            assert not hosts.search(file.read_text("utf-8", errors="ignore")), path


def test_every_pinned_requirement_carries_its_hash() -> None:
    for lock in (CHECKOUT / "config" / "lock").glob("*.txt"):
        pinned = re.findall(r"^\S+==\S+.*$", lock.read_text("utf-8"), re.MULTILINE)
        assert pinned
        assert all(line.endswith("\\") for line in pinned), lock.name


def test_the_example_settings_are_complete() -> None:
    example = (HOUSE / "example.env").read_text("utf-8")
    named = set(re.findall(r"^(SURVEY_\w+)=", example, re.MULTILINE))

    assert named == {f"SURVEY_{field.name.upper()}" for field in fields(Settings)}


def test_every_table_is_listed() -> None:
    assert {table.__tablename__ for table in TABLES} == set(metadata.tables)


def test_no_template_switches_escaping_off() -> None:
    for template in (HOUSE / "templates").rglob("*.html"):
        assert "|safe" not in template.read_text("utf-8").replace(" ", ""), template


def test_every_address_of_a_static_file_carries_its_fingerprint() -> None:
    """Browsers keep such a file for a year: `static(file)` changes with its content."""
    for template in (HOUSE / "templates").rglob("*.html"):
        text = template.read_text("utf-8").replace('"', "'")
        assert "url_for('static'" not in text, template


@pytest.mark.parametrize(
    "paper",
    [*sorted((CHECKOUT / "docs").glob("*.md")), *sorted(CHECKOUT.glob("*.md"))],
    ids=lambda paper: paper.name,
)
def test_a_paper_names_only_files_that_are_there(paper: Path) -> None:
    roots = [
        CHECKOUT,
        paper.parent,
        HOUSE,
        HOUSE / "templates",
        CHECKOUT / "tests/integration",
    ]
    named = re.findall(
        r"(?<![\w/.-])((?:[\w-]+/)+[\w-]+\.\w+)\b", paper.read_text("utf-8")
    )
    files = [one for one in named if one.endswith((".py", ".md", ".html", ".js"))]

    for file in files:
        assert any((root / file).is_file() for root in roots), file
