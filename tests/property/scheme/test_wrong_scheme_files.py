"""Whatever stands in a file, it is read or refused; nothing breaks the reading."""

import tomllib
from contextlib import suppress
from copy import deepcopy
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.domain.ground.file_faults import (
    Fault,
    FaultList,
    QuestionnaireRefused,
    SchemeRefused,
)
from survey_app.domain.ground.toml_table import CheckedTable
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme.scheme_checks import whole_file_faults
from survey_app.domain.scheme.scheme_file import read_scheme, scheme_of
from tests.support.small_scheme import SMALL_QUESTIONNAIRE, SMALL_SCHEME

SMALL = tomllib.loads(SMALL_SCHEME)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2),
    st.floats(allow_nan=True),
    st.sampled_from(["", " ", "zero", "1/0", "pooled", "before", "sum", "points"]),
    st.just(date(2026, 5, 1)),
    st.lists(st.sampled_from([{}, [], 1, "x", {"key": "x"}]), max_size=2),
    st.dictionaries(st.sampled_from(["zh", "published", "principal", "x"]), st.just(1)),
)


def places(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to everything inside tables and lists."""
    if isinstance(content, dict):
        inside = list(content.items())
    elif isinstance(content, list):
        inside = list(enumerate(content))
    else:
        return [path]
    below = [place for key, one in inside for place in places(one, (*path, key))]
    return [path, *below] if path else below


def with_odd(path: tuple[Any, ...], odd: Any) -> dict[str, Any]:
    """Return the small scheme with something odd at one place; None removes it."""
    content = deepcopy(SMALL)
    *way, last = path
    inside: Any = content
    for key in way:
        inside = inside[key]
    if odd is None:
        del inside[last]
    else:
        inside[last] = odd
    return content


def faults_in(content: dict[str, Any]) -> list[Fault]:
    """Return what is wrong with a scheme file of this content."""
    faults = FaultList()
    root = CheckedTable(content, "", faults)
    scheme = scheme_of(root)
    root.finish()
    return [*faults.faults, *whole_file_faults(scheme, faults)]


@settings(deadline=None)
@given(st.sampled_from(places(SMALL)), ODD)
def test_one_odd_value_is_read_or_refused_with_place_mistake_and_remedy(
    path: tuple[Any, ...], odd: Any
) -> None:
    for fault in faults_in(with_odd(path, odd)):
        assert fault.where
        assert fault.wrong
        assert fault.instead


@settings(deadline=None)
@given(st.integers(0, len(SMALL_SCHEME)), st.text(max_size=3))
def test_a_scheme_cut_or_scribbled_on_is_read_or_refused(at: int, mark: str) -> None:
    cut = SMALL_SCHEME[:at] + mark

    for text in (cut, cut + SMALL_SCHEME[at:]):
        with suppress(SchemeRefused):
            assert read_scheme(text, file="small.toml").fingerprint


@settings(deadline=None)
@given(st.integers(0, len(SMALL_QUESTIONNAIRE)), st.text(max_size=3))
def test_a_questionnaire_cut_short_is_read_or_refused(at: int, mark: str) -> None:
    text = SMALL_QUESTIONNAIRE[:at] + mark

    with suppress(QuestionnaireRefused):
        assert read_questionnaire(text, file="small.toml").fingerprint
