"""A wheel of this checkout, installed where there is nothing else."""

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


@dataclass(frozen=True)
class Place:
    """An environment with one wheel in it, and a folder to work in."""

    environment: Path
    folder: Path

    def run(
        self, *words: object, typed: str = "", **told: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment; it knows nothing of this checkout."""
        command, *rest = [str(word) for word in words]
        return subprocess.run(
            [self.environment / "bin" / command, *rest],
            cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"} | told,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )


def installed(folder: Path, project: str, dependencies: Iterable[Path]) -> Place:
    """Build a wheel of what is tracked; install it alone; lend it what it needs."""
    source, environment = folder / "source", folder / "environment"
    source.mkdir()
    _copy_tracked(source)
    _run(
        *PIP, "wheel", "--no-deps", "--no-index", "--no-build-isolation",
        "--wheel-dir", folder, source / project,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    _run(sys.executable, "-m", "venv", "--without-pip", environment)
    _run(
        *PIP, "--python", environment / "bin" / "python",
        "install", "--no-deps", "--no-index", "--no-compile", wheel,
    )  # fmt: skip
    (packages,) = environment.glob("lib/python*/site-packages")
    lent = "".join(f"{path}\n" for path in dependencies)
    (packages / "lent.pth").write_text(lent, "utf-8")
    work = folder / "work"
    work.mkdir()
    return Place(environment, work)


def all_dependencies() -> list[Path]:
    """Return where the packages of this run lie.

    What makes this checkout importable here is a .pth there, and none of these is read.
    """
    return [Path(path) for path in sys.path if Path(path).name == "site-packages"]


def only(folder: Path, *modules: str) -> list[Path]:
    """Return a folder with nothing in it but these packages and modules."""
    folder.mkdir()
    for module in modules:
        found = find_spec(module)
        assert found is not None
        assert found.origin is not None
        file = Path(found.origin)
        lent = file.parent if file.name == "__init__.py" else file
        (folder / lent.name).symlink_to(lent)
    return [folder]


def _copy_tracked(source: Path) -> None:
    listed = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    names = subprocess.run(listed, cwd=CHECKOUT, capture_output=True, check=True).stdout
    for name in filter(None, names.decode().split("\0")):
        if (CHECKOUT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((CHECKOUT / name).read_bytes())


def _run(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True)
