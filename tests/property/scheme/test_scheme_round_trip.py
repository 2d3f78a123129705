"""Equal rules have one canonical text and one fingerprint, however laid out."""

import json
from fractions import Fraction
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.domain.ground import plain
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.stated import Stated
from survey_app.domain.questionnaire.ballot_rules import BallotRule, Trim
from survey_app.domain.scheme.alert_watch import AlertWatch
from survey_app.domain.scheme.floors import DisclosureRules
from survey_app.domain.scheme.frozen_scheme import scheme_to_json
from survey_app.domain.scheme.review_rules import ReviewRules
from survey_app.domain.scheme.scheme import (
    AlertRule,
    Condition,
    Rate,
    RaterGroup,
    Weight,
)
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.domain.scheme.total_rules import AdjustmentRules

TEXTS = st.builds(Bilingual, st.text(), st.text())


def stated(kind: Any) -> st.SearchStrategy[Stated[Any]]:
    """Return values of a kind such as Stated[Fraction], with any status."""
    return st.builds(Stated, st.from_type(get_args(kind)[0]), st.booleans(), TEXTS)


st.register_type_strategy(Stated, stated)


@pytest.mark.parametrize(
    "kind",
    [
        AdjustmentRules,
        AlertRule,
        AlertWatch,
        ReviewRules,
        BallotRule,
        Condition,
        DisclosureRules,
        RaterGroup,
        Rate,
        Trim,
        Weight,
        Stated[Fraction],
        tuple[tuple[str, Stated[Fraction]], ...],
    ],
)
@settings(deadline=None)
@given(data=st.data())
def test_every_part_of_a_scheme_is_read_back_exactly(
    kind: Any, data: st.DataObject
) -> None:
    part = data.draw(st.from_type(kind))

    frozen = json.dumps(plain.plain_of(part), ensure_ascii=False)

    assert plain.value_of(kind, json.loads(frozen)) == part


def rules(first: Fraction) -> dict[str, Any]:
    """Return a scheme file as nested tables; the first of two weights is given."""
    both = {"zh": "名", "en": "Name"}
    group = {"label": both, "weight": {"assumed": first}}
    return {
        "format": 1,
        "key": "laid-out",
        "title": both,
        "subject": "cadre",
        "source": Bilingual("a source", "a source"),
        "total": {"published": Fraction(100)},
        "values": {
            "levels": {
                "good": {"assumed": Fraction(100)},
                "fair": {"assumed": first},
                "bad": {"assumed": Fraction(0)},
            }
        },
        "components": [
            {
                "key": "given",
                "label": both,
                "kind": "given",
                "weight": {"published": first},
            },
            {
                "key": "asked",
                "label": both,
                "kind": "survey",
                "weight": {"published": 100 - first},
                "questionnaire": "levels",
                "values": "levels",
                "question_weights": {"one": {"assumed": first}, "two": {"assumed": 1}},
                "rater_groups": [{"key": "a", **group}, {"key": "b", **group}],
            },
        ],
    }


def laid_out(content: Any, luck: Random) -> str:
    """Return the content as TOML: keys in any order, tables inline or under headers."""
    lines = [f"{key} = {value}" for key, value in inline(content, luck)]
    return "\n".join(lines)


def inline(table: dict[str, Any], luck: Random) -> list[tuple[str, str]]:
    """Return the keys with their values on one line each, in any order."""
    pairs = [(key, value_of(value, luck)) for key, value in table.items()]
    luck.shuffle(pairs)
    return pairs


def value_of(value: Any, luck: Random) -> str:
    """Return one value in one of the ways TOML and the format allow."""
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {one}" for key, one in inline(value, luck))
        return f"{{ {inside} }}"
    if isinstance(value, Bilingual):
        ways = [f'"{value.zh}"', f'{{ zh = "{value.zh}", en = "{value.en}" }}']
        return luck.choice(ways)
    if isinstance(value, list):
        return f"[{', '.join(value_of(one, luck) for one in value)}]"
    if isinstance(value, Fraction):
        return number_of(value, luck)
    return f'"{value}"' if isinstance(value, str) else str(value)


def number_of(value: Fraction, luck: Random) -> str:
    """Return a number as an integer, a decimal or an unreduced fraction."""
    times = luck.randint(1, 9)
    ways = [f'"{value.numerator * times}/{value.denominator * times}"']
    if value.denominator == 1:
        ways += [str(value), f'"{value}"', f'"{value}.00"']
    return luck.choice(ways)


@settings(deadline=None)
@given(st.fractions(min_value=1, max_value=99, max_denominator=50), st.randoms())
def test_the_layout_of_the_file_does_not_change_the_fingerprint(
    first: Fraction, luck: Random
) -> None:
    one = read_scheme(laid_out(rules(first), luck), file="one.toml")
    other = read_scheme(laid_out(rules(first), luck), file="other.toml")

    assert one == other
    assert scheme_to_json(one) == scheme_to_json(other)


@settings(deadline=None)
@given(
    st.fractions(min_value=1, max_value=99, max_denominator=50),
    st.fractions(min_value=1, max_value=99, max_denominator=50),
    st.randoms(),
)
def test_another_rule_is_another_fingerprint(
    first: Fraction, second: Fraction, luck: Random
) -> None:
    one = read_scheme(laid_out(rules(first), luck), file="one.toml")
    other = read_scheme(laid_out(rules(second), luck), file="other.toml")

    assert (one.fingerprint == other.fingerprint) == (first == second)
