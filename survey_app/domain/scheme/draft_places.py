"""The parts of a scheme that is being written: found, changed, moved, called otherwise.

A draft is the tables of its file, faulty or not. A place is written as in faults:
`components[1].rater_groups[0]`; the empty place is the head of the file.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from enum import StrEnum

from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.ground.toml_text import Tree

STEP = re.compile(r"([a-z_]+)(?:\[([0-9]{1,3})\])?")
TABLES = ("review", "disclosure", "adjustments")
LISTS = ("components", "rates", "alerts", "rater_groups", "conditions", "ballot_rules")
IN_SURVEYS = ("rater_groups", "conditions", "ballot_rules")


class PartKind(StrEnum):
    """What kind of part stands at a place."""

    HEAD = "head"
    COMPONENT = "components"
    RATER_GROUP = "rater_groups"
    CONDITION = "conditions"
    BALLOT_RULE = "ballot_rules"
    RATE = "rates"
    ALERT = "alerts"
    REVIEW = "review"
    ADJUSTMENTS = "adjustments"
    DISCLOSURE = "disclosure"


def kind_at(place: str) -> PartKind:
    """Return what kind of part a place is; raises NotFound for what is no place."""
    steps = _steps(place)
    if not steps:
        return PartKind.HEAD
    names = [name for name, _ in steps]
    *before, last = names
    fits = all(name == "components" for name in before)
    if last in TABLES or last in ("rates", "alerts"):
        fits = not before
    elif last in IN_SURVEYS:
        fits = fits and bool(before)
    if not fits or last not in (*TABLES, *LISTS):
        raise NotFound
    return PartKind(last)


def _steps(place: str) -> list[tuple[str, int | None]]:
    """Return name and number of every step; raises NotFound for what is none."""
    found = []
    for step in place.split(".") if place else ():
        match = STEP.fullmatch(step)
        if match is None or (match[1] in LISTS) is (match[2] is None):
            raise NotFound
        found.append((match[1], int(match[2]) if match[2] else None))
    return found


def part_at(tree: Mapping[str, object], place: str) -> Tree:
    """Return the table at a place, an empty one of the tables that stand once.

    Raises NotFound where there is no such part.
    """
    kind_at(place)
    found: object = tree
    for name, number in _steps(place):
        inner = (
            found.get(name, {} if number is None else [])
            if isinstance(found, dict)
            else None
        )
        if number is not None:
            listed = inner if isinstance(inner, list) else []
            inner = listed[number] if number < len(listed) else None
        if not isinstance(inner, dict):
            raise NotFound
        found = inner
    assert isinstance(found, dict)  # noqa: S101 -- for the type checker
    return found


def with_part(tree: Tree, place: str, part: Tree) -> Tree:
    """Return the tables with another part at a place; the lists inside it stay."""
    copied = deepcopy(tree)
    steps = _steps(place)
    if not steps:
        return part | {key: copied[key] for key in INNER_OF_HEAD if key in copied}
    whole, name, number = _around(copied, place)
    if number is None:
        whole[name] = part
        if not part:
            del whole[name]
        return copied
    listed = whole[name]
    assert isinstance(listed, list)  # noqa: S101 -- `part_at` saw it
    old = listed[number]
    inner = (*IN_SURVEYS, "components")
    listed[number] = part | {key: old[key] for key in inner if key in old}
    return copied


INNER_OF_HEAD = (
    "values", "components", "rates", "alerts", "review", "adjustments", "disclosure",
)  # fmt: skip
"""What stands below the head of the file; it has places of its own."""


def _around(tree: Tree, place: str) -> tuple[Tree, str, int | None]:
    """Return the table around a place, and name and number of the last step."""
    part_at(tree, place)
    outer, _, _ = place.rpartition(".")
    name, number = _steps(place)[-1]
    return part_at(tree, outer), name, number


def with_new_part(tree: Tree, outer: str, name: str, part: Tree) -> tuple[Tree, str]:
    """Return the tables with one more part in a list, and its place.

    Raises NotFound where no such list can stand.
    """
    copied = deepcopy(tree)
    whole = part_at(copied, outer)
    listed = whole.setdefault(name, [])
    if not isinstance(listed, list):
        whole[name] = listed = []
    place = f"{outer}.{name}[{len(listed)}]".removeprefix(".")
    kind_at(place)
    listed.append(part)
    return copied, place


def without_part(tree: Tree, place: str) -> Tree:
    """Return the tables without the part at a place; an empty list goes with it."""
    copied = deepcopy(tree)
    whole, name, number = _around(copied, place)
    listed = whole[name] if number is not None else None
    if isinstance(listed, list) and number is not None:
        del listed[number]
    if not listed:
        del whole[name]
    return copied


def with_moved_part(tree: Tree, place: str, by: int) -> Tree:
    """Return the tables with a part before or after its neighbour, if it has one."""
    copied = deepcopy(tree)
    whole, name, number = _around(copied, place)
    listed = whole[name]
    if isinstance(listed, list) and number is not None:
        to = number + by
        if 0 <= to < len(listed):
            listed[number], listed[to] = listed[to], listed[number]
    return copied


def components_in(
    tree: Mapping[str, object], outer: str = ""
) -> Iterator[tuple[str, int, Tree]]:
    """Yield place, depth and table of every component, outer ones first."""
    listed = tree.get("components")
    depth = outer.count("components[")
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict):
            place = f"{outer}.components[{number}]".removeprefix(".")
            yield place, depth, one
            yield from components_in(one, place)


def renamed(tree: Tree, place: str, key: str) -> Tree:
    """Return the tables with whatever names this part calling it by its new key."""
    kind, part = kind_at(place), part_at(tree, place)
    old, copied = part.get("key"), deepcopy(tree)
    if not isinstance(old, str) or not old or old == key:
        return copied
    if kind is PartKind.COMPONENT:
        for one in (*_tables(copied, "rates"), *_tables(copied, "alerts")):
            _replace(one, "component", old, key)
        _replace(copied.get("adjustments"), "component", old, key)
    elif kind is PartKind.RATER_GROUP:
        about = part_at(tree, place.rpartition(".")[0]).get("key")
        for one in _tables(copied, "alerts"):
            if one.get("component") == about:
                _replace(one, "rater_groups", old, key)
    elif kind is PartKind.ALERT:
        _repropose(copied.get("review"), old, key)
    return copied


def _repropose(review: object, old: str, new: str) -> None:
    """Let what an alert rule proposes stand under its new key."""
    proposes = review.get("proposes") if isinstance(review, dict) else None
    if isinstance(proposes, dict) and old in proposes:
        proposes[new] = proposes.pop(old)


def _tables(tree: Mapping[str, object], name: str) -> list[Tree]:
    listed = tree.get(name)
    return (
        [one for one in listed if isinstance(one, dict)]
        if isinstance(listed, list)
        else []
    )


def _replace(table: object, name: str, old: str, new: str) -> None:
    """Let a table name the new key where it names the old one."""
    if isinstance(table, dict):
        found = table.get(name)
        if found == old:
            table[name] = new
        elif isinstance(found, list):
            table[name] = [new if one == old else one for one in found]


def values_in_place(tree: Tree) -> Tree:
    """Return the tables with the points of choices standing where they are used."""
    copied = deepcopy(tree)
    shared = copied.get("values")
    if not isinstance(shared, dict):
        return copied
    used = set()
    for _, _, one in components_in(copied):
        name = one.get("values")
        if isinstance(name, str) and isinstance(shared.get(name), dict):
            one["values"] = deepcopy(shared[name])
            used.add(name)
    left = {name: points for name, points in shared.items() if name not in used}
    if left:
        copied["values"] = left
    else:
        del copied["values"]
    return copied
