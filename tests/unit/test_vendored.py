"""What others wrote lies here as they published it, and the page takes all of it."""

import pytest

from config.vendored import LOCK, Package, changed, packages
from survey_app.ballot.paper.keys_page import (
    CORE,
    FOLDER,
    VENDORED,
    keys_page,
    plain_module,
)

LOCKED = packages(LOCK.read_text("utf-8"))


@pytest.mark.parametrize("package", LOCKED, ids=lambda package: package.name)
def test_every_vendored_file_is_as_it_was_published(package: Package) -> None:
    assert changed(package) == [], "run `make vendored`"
    assert package.integrity.startswith("sha512-")
    assert (package.folder / "LICENSE").is_file()


def test_nothing_lies_there_that_the_lock_does_not_name() -> None:
    folders = {one.name for one in (FOLDER / "vendored").iterdir()}

    assert folders == {package.folder.name for package in LOCKED}


def test_a_changed_file_is_noticed() -> None:
    first, *_ = LOCKED
    other = first.files | {"utils.js": "00" * 32}

    assert changed(Package(first.name, first.version, "", other)) == ["utils.js"]


def test_the_page_holds_every_part_and_every_licence() -> None:
    page = keys_page().decode()
    parts = {file.name for file in FOLDER.glob("*.js")} - {"worker.js", "page.js"}

    assert parts == set(CORE)
    for package in LOCKED:
        assert (package.folder / "LICENSE").read_text("utf-8") in page
    for file in VENDORED:
        assert f"vendored.{file.rpartition('/')[2].removesuffix('.js')} =" in page or (
            file.endswith("index.js")
        )
    assert "[[" not in page.partition("<script")[0]
    assert "http://" not in page.partition("<script")[0]


def test_a_module_becomes_a_part_of_a_plain_script() -> None:
    module = (
        'import { one, two, } from "./first.js";\n'
        'import * as all from "./other.js";\n'
        "export const three = one;\n"
        "export async function four() {}\n"
        "const five = 5;\n"
        "export { five };\n"
    )
    for other in ("six", "{ six as seven }"):
        with pytest.raises(ValueError, match="in a way nobody reads"):
            plain_module("name", f'import {other} from "./six.js";\n')

    plain = plain_module("name", module)
    assert "const { one, two } = vendored.first;" in plain
    assert "const all = vendored.other;" in plain
    assert "return { three, four, five };" in plain
    assert "export" not in plain
    assert "import" not in plain
