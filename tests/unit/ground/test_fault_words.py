"""Faults of files are told in both languages, with the same keys in them."""

import ast
from pathlib import Path

import pytest

from survey_app.cli.translations_of import translations_of
from survey_app.domain.ground.fault_words import fault_in_words, shape_of
from survey_app.domain.ground.file_faults import Fault, FileRefused
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scheme.scheme_warnings import scheme_warnings
from tests.support.small_scheme import SMALL_QUESTIONNAIRE, SMALL_SCHEME, changed

DOMAIN = Path(__file__).resolve().parents[3] / "survey_app" / "domain"
CHINESE = translations_of("zh")
ONE_THIRD = 'threshold = { published = "1/3" }'
ASKED = {
    "small-questionnaire": read_questionnaire(SMALL_QUESTIONNAIRE, file="small.toml")
}


def faults(text: str) -> list[Fault]:
    try:
        read_scheme(text, file="small.toml")
    except FileRefused as refused:
        return list(refused.faults)
    return []


def test_in_english_a_fault_is_what_the_domain_says() -> None:
    fault = Fault("components[1]", 'there is no component "x"', 'did you mean "y"?')

    assert fault_in_words(fault, str) == str(fault)


def test_in_chinese_the_keys_stay_as_they_are_written() -> None:
    (fault,) = faults(changed(SMALL_SCHEME, ('["residents"]', '["resident"]')))

    assert fault_in_words(fault, CHINESE) == (
        "alerts[0].rater_groups：没有测评主体“resident”；是否应为“residents”？"
    )


@pytest.mark.parametrize(
    "text",
    [
        "not = [toml",
        "",
        'format = 2\nkey = "X y"\nsurprise = 1\n',
        changed(SMALL_SCHEME, ('weight = { published = "70" }', "weight = 70")),
        changed(SMALL_SCHEME, ('weight = { published = "70" }',
                               'weight = { published = "60" }')),
        changed(SMALL_SCHEME, ('kind = "sum"', 'kind = "sums"')),
        changed(SMALL_SCHEME, ('good = { assumed = "100" }',
                               'good = { assumed = "300" }')),
    ],
)  # fmt: skip
def test_every_fault_of_a_wrong_file_has_its_chinese(text: str) -> None:
    found = faults(text)

    assert found
    for fault in found:
        for part in (fault.wrong, fault.instead):
            assert shape_of(part), part
        told = fault_in_words(fault, CHINESE)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in told), told


def literals() -> list[str]:
    """Every plain text the domain puts into a fault's wrong or instead."""
    found = []
    for file in sorted(DOMAIN.glob("**/*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _names_a_fault(node.func):
                found += [
                    arg.value
                    for arg in node.args[1:]
                    if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                ]
    return found


def _names_a_fault(func: ast.expr) -> bool:
    name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
    return name in {"Fault", "note", "forbid"}


@pytest.mark.parametrize("text", sorted(set(literals())))
def test_no_fault_of_the_domain_is_without_its_shape(text: str) -> None:
    assert shape_of(text), "add it to fault_shapes"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ((ONE_THIRD, 'threshold = { published = "0.333" }'), "alerts[0].threshold"),
        ((ONE_THIRD, 'threshold = { published = "0.67" }'), "alerts[0].threshold"),
        (('choices = ["bad"]', 'choices = ["good"]'), "alerts[0].choices"),
    ],
)
def test_what_looks_wrong_is_warned_of_and_not_refused(
    change: tuple[str, str], where: str
) -> None:
    scheme = read_scheme(changed(SMALL_SCHEME, change), file="small.toml")

    (fault,) = scheme_warnings(scheme, ASKED)

    assert fault.where == where
    assert shape_of(fault.wrong)
    assert shape_of(fault.instead)


def test_a_worse_choice_that_is_worth_more_is_warned_of() -> None:
    text = changed(
        SMALL_SCHEME,
        ('good = { assumed = "100" }', 'good = { assumed = "10" }'),
        ('bad = { assumed = "0" }', 'bad = { assumed = "100" }'),
    )

    found = scheme_warnings(read_scheme(text, file="small.toml"), ASKED)

    assert [fault.where for fault in found] == [
        "components[1].components[1].values",
        "alerts[0].choices",
    ]


@pytest.mark.parametrize("threshold", ["1/3", "0.3", "0.35", "0.25", "0.5", "0"])
def test_what_is_meant_as_it_stands_is_not_warned_of(threshold: str) -> None:
    text = changed(SMALL_SCHEME, (ONE_THIRD, ONE_THIRD.replace("1/3", threshold)))

    assert scheme_warnings(read_scheme(text, file="small.toml"), ASKED) == ()
