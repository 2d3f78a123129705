"""Where a rule comes from is said to everybody in the language they read."""

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from survey_app import shipped_files
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.ground.bilingual import UNSAID, Bilingual
from survey_app.domain.ground.stated import assumed
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme.frozen_scheme import scheme_from_json, scheme_to_json
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scoring.score import score
from tests.support.small_scheme import SMALL_SCHEME, changed, faults_of

SCHEMES = sorted(shipped_files.SCHEMES.glob("*.toml"))
QUESTIONNAIRES = sorted(shipped_files.QUESTIONNAIRES.glob("*.toml"))
HAN = re.compile("[\u4e00-\u9fff]")
TITLE = re.compile("《[^》]*》")
"""A document keeps its own title, wherever it is cited."""


def with_source(written: str) -> str:
    """Return the small scheme with this source."""
    return changed(SMALL_SCHEME, ('"a source"', written))


def texts(frozen: Any) -> Iterator[tuple[str, str]]:
    """Yield every text of a canonical text, in Chinese and in English."""
    if isinstance(frozen, list):
        for one in frozen:
            yield from texts(one)
    elif isinstance(frozen, dict) and frozen.keys() == {"zh", "en"}:
        yield frozen["zh"], frozen["en"]
    elif isinstance(frozen, dict):
        yield from texts(list(frozen.values()))


def test_one_text_serves_both_languages_where_no_other_is_written() -> None:
    plain = read_scheme(SMALL_SCHEME, file="")

    twice = with_source('{ zh = "a source", en = "a source" }')
    other = with_source('{ zh = "甲", en = "a source" }')

    assert plain.source == Bilingual("a source", "a source")
    assert read_scheme(twice, file="") == plain
    assert read_scheme(other, file="").fingerprint != plain.fingerprint


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ('{ zh = "甲" }', "source.en"),
        ('{ zh = "甲", en = " " }', "source.en"),
        ('{ zh = "甲", en = "a", fr = "a" }', "source.fr"),
        ('" "', "source"),
        ("4", "source"),
    ],
)
def test_a_source_that_leaves_somebody_without_a_text_is_refused(
    written: str, place: str
) -> None:
    assert list(faults_of(with_source(written))) == [place]


def test_the_reason_of_an_assumption_is_frozen_in_both_languages() -> None:
    reason = 'total = { assumed = 100, source = { zh = "按惯例", en = "as usual" } }'
    text = changed(SMALL_SCHEME, ('total = { published = "100" }', reason))

    read = scheme_from_json(scheme_to_json(read_scheme(text, file="")))

    assert read.total == assumed(Fraction(100), Bilingual("按惯例", "as usual"))


def test_a_number_that_says_nothing_more_has_no_empty_place_among_its_sources() -> None:
    silent = changed(SMALL_SCHEME, ('kind = "given"', 'kind = "given"\nsource = "b"'))
    sheet = score(read_scheme(silent, file=""), ScoreInput())

    assert read_scheme(silent, file="").total.source == UNSAID
    assert sheet.root.source == Bilingual("a source", "a source")
    assert sheet.root.parts[0].source == Bilingual("b", "b")


@pytest.mark.parametrize("file", [*SCHEMES, *QUESTIONNAIRES], ids=lambda f: f.stem)
def test_what_comes_with_the_platform_speaks_both_languages(file: Path) -> None:
    text = file.read_text("utf-8")
    frozen = (
        scheme_to_json(read_scheme(text, file=file.name))
        if file in SCHEMES
        else read_questionnaire(text, file=file.name).to_json()
    )

    for chinese, english in texts(json.loads(frozen)):
        assert HAN.search(chinese), chinese
        assert not HAN.search(TITLE.sub("", english)), english
