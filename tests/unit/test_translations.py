"""Every text people read exists in both languages, punctuated as each is written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

CHECKOUT = Path(__file__).resolve().parents[2]
CATALOGUE = CHECKOUT / "survey_app/translations/zh/LC_MESSAGES/messages.po"
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "message": None,
            "ngettext": (1, 2)}  # fmt: skip
HAN = "[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(rf"{HAN}[,;:?!]|[,;?!]{HAN}|{HAN}\s?\(|\(\s?{HAN}")
PLACE = re.compile(r"%\(\w+\)s")


def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh")


def texts_in_the_program() -> set[str]:
    with (CHECKOUT / "config/babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel leaves it open
    found = extract_from_dir(CHECKOUT, methods, options, keywords=KEYWORDS)
    return {_singular(message[2]) for message in found}


def _singular(said: object) -> str:
    return str(said[0] if isinstance(said, tuple) else said or "")


def chinese_texts() -> Iterator[str]:
    for message in catalogue():
        if message.id:
            yield _singular(message.string)
    for file in (CHECKOUT / "survey_app" / "rules").glob("*/*.toml"):
        yield from file.read_text("utf-8").splitlines()


def test_the_catalogue_holds_what_the_program_says_and_nothing_else() -> None:
    held = {_singular(message.id) for message in catalogue() if message.id}

    assert held == texts_in_the_program(), "run `make words`"


def test_no_text_stands_inside_another_string() -> None:
    """There the collector of texts does not look, and Chinese readers meet English."""
    hidden = [
        f"{file.name}:{inner.lineno}"
        for file in (CHECKOUT / "survey_app").rglob("*.py")
        for written in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(written, ast.JoinedStr)
        for inner in ast.walk(written)
        if isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Name)
        and inner.func.id in KEYWORDS
        and any(isinstance(one, ast.Constant) for one in inner.args)
    ]

    assert hidden == []


def test_every_text_is_translated_with_the_same_gaps() -> None:
    for message in catalogue():
        if message.id:
            said, words = _singular(message.id), _singular(message.string)
            assert words, said
            assert set(PLACE.findall(words)) == set(PLACE.findall(said)), said


def test_chinese_is_punctuated_as_chinese() -> None:
    wrong = [text for text in chinese_texts() if HALF_WIDTH.search(text)]

    assert wrong == []
