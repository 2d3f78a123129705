"""What differs between two versions of a scheme is told setting by setting."""

from copy import deepcopy
from typing import Any

import pytest

from survey_app.domain.scheme.scheme_difference import SchemeChangeKind, scheme_changes
from survey_app.domain.scheme.scheme_text import scheme_tree
from survey_app.shipped_files import shipped_scheme

BEFORE: Any = scheme_tree(shipped_scheme("one-third"))
ADDED, REMOVED, CHANGED, MOVED = SchemeChangeKind


def told(after: Any, before: Any = BEFORE) -> list[tuple[SchemeChangeKind, str]]:
    return [(one.kind, one.place) for one in scheme_changes(before, after)]


@pytest.fixture
def tree() -> Any:
    return deepcopy(BEFORE)


def test_equal_schemes_differ_in_nothing(tree: Any) -> None:
    assert told(tree) == []


def test_a_weight_is_told_with_what_it_was(tree: Any) -> None:
    tree["components"][0]["weight"] = {"published": "61"}

    (one,) = scheme_changes(BEFORE, tree)

    assert (one.kind, one.place) == (CHANGED, "components[0].weight")
    assert one.before == BEFORE["components"][0]["weight"]
    assert one.after == {"published": "61"}


def test_one_that_moved_is_told_once_and_not_as_another(tree: Any) -> None:
    tree["components"].append(tree["components"].pop(0))

    assert told(tree) == [(MOVED, f"components[{len(tree['components']) - 1}]")]


def test_parts_and_settings_come_and_go(tree: Any) -> None:
    gone = tree["alerts"].pop(1)
    tree["alerts"].append({"key": "new_rule"})
    tree["floor"] = {"assumed": "-5"}
    del tree["note"]
    tree["disclosure"] = {"open": {"assumed": 20}}

    changes = told(tree)

    assert gone
    assert (REMOVED, "alerts[1]") in changes
    assert (ADDED, f"alerts[{len(tree['alerts']) - 1}]") in changes
    assert (ADDED, "floor") in changes
    assert (REMOVED, "note") in changes
    assert (ADDED, "disclosure.open") in changes
    assert len(changes) == 5


def test_points_are_told_choice_by_choice(tree: Any) -> None:
    survey = next(one for one in tree["components"] if one["kind"] == "survey")
    place = tree["components"].index(survey)
    choice = next(iter(survey["values"]))
    survey["values"][choice] = {"assumed": "95"}

    assert told(tree) == [(CHANGED, f"components[{place}].values.{choice}")]
