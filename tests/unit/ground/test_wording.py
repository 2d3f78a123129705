"""Every remark that can be made has its sentence, and no sentence is idle."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import remark
from survey_app.domain.ground.wording import SENTENCES, say

HOUSE = Path(__file__).parents[3] / "survey_app"
GAP = re.compile(r"%\((\w+)\)s")


def named(call: ast.AST) -> str:
    """The name of what is called, be it a function or a method."""
    called = getattr(call, "func", None)
    return str(getattr(called, "id", getattr(called, "attr", "")))


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and named(node) == name:
            yield node


def remarks_made() -> Iterator[tuple[str, set[str]]]:
    """Key and names of the figures; a function may pass a key on to `remark`."""
    for file in sorted(HOUSE.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for call in calls(function, "remark"):
                    figures = {str(keyword.arg) for keyword in call.keywords}
                    passed_on = isinstance(call.args[0], ast.Name)
                    asked = calls(tree, function.name) if passed_on else [call]
                    yield from ((key_of(one), figures) for one in asked)


def key_of(call: ast.Call) -> str:
    key = call.args[0]
    assert isinstance(key, ast.Constant), f"a key in so many letters: {ast.dump(key)}"
    return str(key.value)


def test_every_remark_has_a_sentence_and_every_sentence_a_remark() -> None:
    assert {key for key, _ in remarks_made()} == set(SENTENCES)


def test_a_remark_brings_exactly_the_figures_its_sentence_asks_for() -> None:
    asked = {key: set(GAP.findall(sentence)) for key, sentence in SENTENCES.items()}

    assert [one for one in remarks_made() if one[1] != asked[one[0]]] == []


def test_no_sentence_holds_a_percent_sign_that_is_not_a_gap() -> None:
    assert [s for s in SENTENCES.values() if "%" in GAP.sub("", s)] == []


def test_a_remark_speaks_the_language_asked_for() -> None:
    silent = remark("nobody-rated", where=Bilingual("社会评价", "social evaluation"))

    english = say(silent, str, "en")
    chinese = say(silent, lambda _: "%(where)s：无人评价。", "zh")

    assert english == "social evaluation: nobody gave a rating."
    assert chinese == "社会评价：无人评价。"
