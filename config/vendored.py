"""What others wrote and lies in our tree: fetched, compared with the lock, unpacked.

`config/lock/vendored.lock` names every package with its version and SHA-512, and every
file that is taken from it with its SHA-256. Nothing is built: the files are as they
were published. `python -m config.vendored` writes them again from the same packages;
with `--renew NAME VERSION` it takes another version, and writes the lock.
"""

import base64
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
LOCK = CHECKOUT / "config" / "lock" / "vendored.lock"
FOLDER = CHECKOUT / "survey_app" / "static" / "survey_keys" / "vendored"


@dataclass(frozen=True, slots=True)
class Package:
    """One package, and what is taken from it."""

    name: str
    version: str
    integrity: str
    """"sha512-" and the SHA-512 of the packed file, in base 64."""
    files: dict[str, str]
    """Name → SHA-256, in hex."""

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return FOLDER / self.name.removeprefix("@").replace("/", "-")


def packages(lock: str) -> list[Package]:
    """Return what the text of a lock names."""
    found: list[Package] = []
    for line in lock.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith(" "):
            print_, name = line.split()
            found[-1].files[name] = print_
        else:
            name, version, integrity = line.split()
            found.append(Package(name, version, integrity, files={}))
    return found


def changed(package: Package) -> list[str]:
    """Return the files that are missing, too many, or not as they were published."""
    there = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in package.folder.iterdir()
    }
    names = sorted(there.keys() | package.files.keys())
    return [name for name in names if there.get(name) != package.files.get(name)]


def fetched(name: str, version: str) -> bytes:
    """Return the packed file of this version, as the package manager fetches it."""
    with tempfile.TemporaryDirectory() as folder:
        said = subprocess.run(  # noqa: S603 -- the names stand in our own lock
            ["npm", "pack", f"{name}@{version}", "--json"],  # noqa: S607
            cwd=folder,
            capture_output=True,
            check=True,
        )
        return Path(folder, json.loads(said.stdout)[0]["filename"]).read_bytes()


def integrity_of(packed: bytes) -> str:
    """Return the SHA-512 of a packed file as package managers write it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(packed).digest()).decode()


def unpacked(package: Package, packed: bytes) -> Package:
    """Write the files of the package, and return it with their hashes."""
    package.folder.mkdir(parents=True, exist_ok=True)
    hashes = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for name in package.files:
            file = archive.extractfile(f"package/{name}")
            content = file.read() if file else b""
            (package.folder / name).write_bytes(content)
            hashes[name] = hashlib.sha256(content).hexdigest()
    integrity = integrity_of(packed)
    return Package(package.name, package.version, integrity, hashes)


def written(all_of_them: list[Package]) -> str:
    """Return the text of a lock that names these packages."""
    lines = ["# Files of others in our tree, as they were published: `make vendored`."]
    for one in all_of_them:
        lines += ["", f"{one.name} {one.version} {one.integrity}"]
        lines += [f"  {print_}  {name}" for name, print_ in one.files.items()]
    return "\n".join(lines) + "\n"


def main(words: list[str]) -> None:
    """Write the files again; a package that is not the locked one ends it."""
    listed = packages(LOCK.read_text("utf-8"))
    renewed = dict([words[1:3]]) if words[:1] == ["--renew"] else {}
    found = []
    for one in listed:
        version = renewed.get(one.name, one.version)
        packed = fetched(one.name, version)
        if one.name not in renewed and integrity_of(packed) != one.integrity:
            raise SystemExit(f"{one.name} {version} is not what the lock names")
        found.append(unpacked(Package(one.name, version, "", one.files), packed))
    LOCK.write_text(written(found), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
