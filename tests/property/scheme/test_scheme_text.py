"""A scheme is written as a file that says it again: the same rules, the same bytes."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.domain.ground.bilingual import UNSAID, Bilingual
from survey_app.domain.ground.stated import Stated
from survey_app.domain.ground.toml_text import toml_text
from survey_app.domain.scheme.alert_watch import AlertKind, AlertWatch
from survey_app.domain.scheme.frozen_scheme import fingerprinted
from survey_app.domain.scheme.other_values import NumberRule
from survey_app.domain.scheme.scheme import (
    AlertRule,
    Component,
    ComponentKind,
    Design,
    Grouping,
    Scheme,
    SurveyRules,
    Weight,
)
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scheme.scheme_text import scheme_text
from survey_app.shipped_files import SCHEMES
from tests.unit.scheme.test_scheme_docs import FRAGMENTS, with_fragment
from tests.unit.scheme.test_scheme_docs import SCHEMES as WRITTEN

SHIPPED = [file.read_text("utf-8") for file in sorted(SCHEMES.glob("*.toml"))]
OTHER_KINDS = """
[components.singles.handled]
yes = { published = "100" }
no = { assumed = "0" }

[components.numbers]
minutes = { published = "mean", source = { zh = "第三条", en = "Article 3" } }

[components.numbers.marks]
0 = { assumed = "0" }
60 = { published = "60" }
90 = { assumed = "100" }
"""
FRAGMENTS_OF_ALL = [*FRAGMENTS, ("survey", OTHER_KINDS)]
EVERY = [*SHIPPED, *WRITTEN, *(with_fragment(*one) for one in FRAGMENTS_OF_ALL)]
WHY = Bilingual("第三章“第二条”\n（见\t附件）", 'chapter 3, "article 2" \\ annex\x7f')


def read(text: str) -> Scheme:
    return read_scheme(text, file="written.toml")


@pytest.mark.parametrize("text", EVERY)
def test_a_scheme_read_and_written_is_the_scheme_and_stays_as_it_is(text: str) -> None:
    scheme = read(text)
    written = scheme_text(scheme)

    assert read(written) == scheme
    assert scheme_text(read(written)) == written


def restated(value: Any, luck: Random) -> Any:
    """Return the value with other statuses and sources at some of its numbers."""
    if isinstance(value, Stated):
        source = luck.choice([UNSAID, WHY, Bilingual("同", "同"), value.source])
        return replace(value, published=luck.random() < 0.5, source=source)
    if isinstance(value, tuple):
        return tuple(restated(one, luck) for one in value)
    if isinstance(value, Weight) and value.principal == value.deputy:
        one = restated(value.principal, luck)
        return Weight(one, one)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return replace(
        value,
        **{
            one.name: restated(getattr(value, one.name), luck)
            for one in fields(value)
            if luck.random() < 0.6 and one.name not in _unwritten(value)
        },
    )


def _unwritten(value: Any) -> set[str]:
    """Return what of this part no file can state, because it follows from the rest."""
    if isinstance(value, AlertRule) and value.watch.kind is AlertKind.RATING:
        return {"threshold", "comparator"}
    if isinstance(value, NumberRule) and not value.is_mean:
        return {"how", "points"}
    if isinstance(value, AlertWatch) and value.kind is not AlertKind.RATING:
        return {"days"}
    if isinstance(value, Component) and value.kind is ComponentKind.SUM:
        return {"full_marks", "weight"}
    if isinstance(value, SurveyRules) and value.grouping.value is Grouping.POOLED:
        return {"rater_groups"}
    return set()


def with_minimums(component: Component, luck: Random) -> Component:
    """Return the component with other minimums: a survey's, and its groups' own."""
    rules = component.survey
    inner = tuple(with_minimums(one, luck) for one in component.components)
    if rules is None:
        return replace(component, components=inner)
    minimum = luck.choice([30, 8, 50])
    options = [None, Stated(8, published=False), Stated(30, published=True)]
    return replace(
        component,
        survey=replace(
            rules,
            minimum_answers=Stated(minimum, published=luck.random() < 0.3),
            rater_groups=tuple(
                replace(
                    one,
                    minimum_answers=None
                    if one.design is Design.NAMED
                    else luck.choice(options),
                )
                for one in rules.rater_groups
            ),
        ),
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("text", EVERY)
def test_whatever_a_number_rests_on_is_written_and_read_back(
    text: str, seed: int
) -> None:
    luck = Random(seed)
    before = restated(read(text), luck)
    changed = tuple(with_minimums(one, luck) for one in before.components)
    scheme = fingerprinted(replace(before, components=changed))

    assert read(scheme_text(scheme)) == scheme


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.one_of(
        TEXTS, st.booleans(), st.integers(), st.floats(allow_nan=False), st.dates(),
        st.times(), st.datetimes(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None)
@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_any_table_is_read_again_as_it_was(tree: Mapping[str, Any]) -> None:
    assert tomllib.loads(toml_text(tree)) == tree


def test_a_number_is_written_exactly_and_as_people_write_it() -> None:
    scheme = read(WRITTEN[0])
    third = replace(scheme, total=Stated(Fraction(100), published=True, source=WHY))

    assert 'total = { published = "100", source = { zh = "第三章' in scheme_text(third)
