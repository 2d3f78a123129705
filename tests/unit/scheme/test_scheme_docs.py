"""docs/schemes.md tells the truth: its examples are read, its refusals happen."""

import re
from dataclasses import fields
from enum import StrEnum
from pathlib import Path

import pytest

from survey_app.domain.ground.file_faults import SchemeRefused
from survey_app.domain.questionnaire.ballot_rules import (
    BallotRule,
    BallotRuleKind,
    Over,
    Trim,
)
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme import alert_watch, review_rules, total_rules
from survey_app.domain.scheme import scheme as rules
from survey_app.domain.scheme.alert_watch import AlertWatch
from survey_app.domain.scheme.floors import DisclosureRules
from survey_app.domain.scheme.review_rules import CheckPoint, ReviewRules
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scheme.total_rules import AdjustmentRules

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "schemes.md").read_text("utf-8")
BLOCK = re.compile(r"```toml ([\w ]+)\n(.*?)```(?:\n\n```text\n(.*?)```)?", re.DOTALL)
BLOCKS: list[tuple[str, str, str]] = BLOCK.findall(PAGE)
BASE = next(text for mark, text, _ in BLOCKS if mark == "base")
SCHEMES = [text for mark, text, _ in BLOCKS if mark in ("base", "complete")]
FRAGMENTS = [(mark, text) for mark, text, _ in BLOCKS if f"# <{mark}>" in BASE]
REFUSED = [
    (mark.removesuffix(" refused"), text, messages)
    for mark, text, messages in BLOCKS
    if mark.endswith(" refused")
]
WHOLE = [
    rules.Scheme,
    rules.Component,
    rules.SurveyRules,
    rules.RaterGroup,
    rules.Condition,
    Trim,
    BallotRule,
    rules.Rate,
    rules.AlertRule,
    AdjustmentRules,
    AlertWatch,
    CheckPoint,
    DisclosureRules,
    ReviewRules,
]
NOT_WRITTEN = {"fingerprint", "survey", "rates", "alerts", "adjustments", "disclosure"}
NOT_WRITTEN |= {"review", "watch"}
WORDS = [
    word
    for words in [
        *vars(rules).values(),
        *vars(total_rules).values(),
        *vars(review_rules).values(),
        *vars(alert_watch).values(),
        BallotRuleKind,
        Over,
    ]
    if isinstance(words, type) and issubclass(words, StrEnum) and words is not StrEnum
    for word in words
]


def with_fragment(mark: str, fragment: str) -> str:
    """Return the base with the fragment at its mark, in place of keys it repeats."""
    keys = re.findall(r"^(\w+) =", f"\n{fragment}".partition("\n[")[0], re.MULTILINE)
    before, after = BASE.split(f"# <{mark}>")
    start = before.rfind("\n[") if mark != "scheme" else 0
    kept = [
        line
        for line in before[start:].splitlines()
        if line.partition(" =")[0] not in keys
    ]
    return before[:start] + "\n".join(kept) + "\n" + fragment + after


@pytest.mark.parametrize("text", SCHEMES)
def test_the_complete_examples_are_schemes(text: str) -> None:
    assert read_scheme(text, file="docs/schemes.md")


@pytest.mark.parametrize(("mark", "fragment"), FRAGMENTS)
def test_every_fragment_makes_another_scheme_of_the_base(
    mark: str, fragment: str
) -> None:
    base = read_scheme(BASE, file="docs/schemes.md")

    assert read_scheme(with_fragment(mark, fragment), file="docs/schemes.md") != base


@pytest.mark.parametrize(("mark", "fragment", "messages"), REFUSED)
def test_what_the_page_calls_refused_is_refused_in_these_words(
    mark: str, fragment: str, messages: str
) -> None:
    with pytest.raises(SchemeRefused) as refused:
        read_scheme(with_fragment(mark, fragment), file="docs/schemes.md")

    said = [str(fault) for fault in refused.value.faults]
    assert said == messages.splitlines() or (not messages and len(said) == 1)


def test_the_example_questionnaire_is_one() -> None:
    (text,) = (text for mark, text, _ in BLOCKS if mark == "questionnaire")

    assert len(read_questionnaire(text, file="docs/schemes.md").questions) == 2


def test_every_block_of_toml_is_tried() -> None:
    tried = len(SCHEMES) + len(FRAGMENTS) + len(REFUSED) + 1

    assert PAGE.count("```toml") == len(BLOCKS) == tried
    assert len(FRAGMENTS) >= 10


def test_every_key_and_every_word_is_on_the_page() -> None:
    keys = {field.name for kind in WHOLE for field in fields(kind)} - NOT_WRITTEN
    unsaid = {key for key in keys if not re.search(rf"\b{key}\b", PAGE)}

    assert unsaid == set()
    assert [
        word for word in WORDS if f'"{word}"' not in PAGE and f"`{word}`" not in PAGE
    ] == []
