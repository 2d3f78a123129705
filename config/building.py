"""How the two wheels are built: translations compiled, and only what each needs.

The platform is the whole package. `survey-keys` (config/survey-keys) is cut out of the
same source: its console command with every module that it imports, and of the
translations what stands in these modules.
"""

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools.command.build_py import build_py

CHECKOUT = Path(__file__).resolve().parents[1]
PAPERS = ("ceremony.md", "ceremony.zh.md")
"""Papers of `docs` that the office shows."""
COMMAND = "survey_app.cli.holder"
"""The module of `survey-keys`."""


class Platform(build_py):
    """The whole platform; every translation is compiled into the wheel."""

    def run(self) -> None:
        """Build from nothing, so that no module of before stays in a wheel."""
        if self.editable_mode:
            super().run()
            return
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        self.compile_words(None)
        self.copy_papers()

    def copy_papers(self) -> None:
        """Put what the office shows beside the program."""
        place = Path(self.build_lib, "survey_app", "docs")
        place.mkdir(parents=True, exist_ok=True)
        for name in PAPERS:
            shutil.copy(CHECKOUT / "docs" / name, place / name)
        shutil.copytree(CHECKOUT / "docs" / "handbook", place / "handbook")

    def compile_words(self, said: set[str] | None) -> None:
        """Write the translations of these texts; None: of all."""
        for written in sorted((CHECKOUT / "survey_app" / "translations").rglob("*.po")):
            with written.open("rb") as file:
                words = read_po(file, locale=written.parents[1].name)
            for text in [one.id for one in words if one.id]:
                if said is not None and text not in said:
                    words.delete(text)
            place = Path(self.build_lib, written.relative_to(CHECKOUT))
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.with_suffix(".mo").open("wb") as file:
                write_mo(file, words)


class Keys(Platform):
    """A key holder's command, and nothing of the platform that it does not import."""

    def finalize_options(self) -> None:
        """Name the modules."""
        super().finalize_options()
        self.py_modules = sorted(needed(COMMAND))

    def copy_papers(self) -> None:
        """Leave them out: a key holder has the office's copy, on paper."""

    def compile_words(self, _: set[str] | None) -> None:
        """Write the translations of what stands in the modules."""
        super().compile_words({text for one in self.py_modules for text in _texts(one)})


def needed(module: str) -> set[str]:
    """Return the module with all of ours that it imports, and those that they do."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += [name for name in _imported(one) if _file(name)]
    return found


def _file(module: str) -> Path | None:
    """Return the file of a module of ours; None for others and for folders."""
    file = CHECKOUT.joinpath(*module.split(".")).with_suffix(".py")
    return file if module.startswith("survey_app.") and file.is_file() else None


def _tree(module: str) -> ast.Module:
    file = _file(module)
    if file is None:
        raise FileNotFoundError(module)
    return ast.parse(file.read_text("utf-8"))


def _imported(module: str) -> Iterator[str]:
    """Yield what a module imports by name, modules out of their folders too."""
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _texts(module: str) -> Iterator[str]:
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
