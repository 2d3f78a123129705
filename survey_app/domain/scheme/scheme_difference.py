"""What differs between two versions of a scheme, setting by setting.

Both are the tables of their files, faulty or not. Parts are known by their short names:
one that was moved is not told as another one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from survey_app.domain.ground.toml_text import ON_ONE_LINE

Tables = Mapping[str, object]
Part = tuple[str, Mapping[str, object]]
"""Its place, and what stands there."""
UNTOLD = ("format",)
"""What says nothing to people."""


class SchemeChangeKind(StrEnum):
    """What became of a part or a setting."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class SchemeChange:
    """One thing that is not as it was."""

    kind: SchemeChangeKind
    place: str
    """As in a fault; of what was removed in the older version, else in the newer."""
    before: object = None
    after: object = None


def scheme_changes(older: Tables, newer: Tables) -> tuple[SchemeChange, ...]:
    """Return everything that differs, in the order of the newer version's file."""
    return tuple(_of_tables(older, newer, "", ""))


def _of_tables(
    older: Tables, newer: Tables, was: str, now: str
) -> Iterator[SchemeChange]:
    """Yield what differs between two tables; `was` and `now` are their places."""
    for key in dict.fromkeys((*newer, *older)):
        if key in UNTOLD:
            continue
        before, after = older.get(key), newer.get(key)
        if before == after:
            continue
        old, new = _at(was, key), _at(now, key)
        if _is_list(before, after):
            yield from _of_lists(_tables(before), _tables(after), old, new)
        elif _is_table(before) or _is_table(after):
            yield from _of_tables(_table(before), _table(after), old, new)
        else:
            yield _change(before, after, old, new)


def _of_lists(
    older: list[Tables], newer: list[Tables], was: str, now: str
) -> Iterator[SchemeChange]:
    """Yield what differs between two lists of parts."""
    before = {_name(one, n): (f"{was}[{n}]", one) for n, one in enumerate(older)}
    after = {_name(one, n): (f"{now}[{n}]", one) for n, one in enumerate(newer)}
    stayed = [name for name in after if name in before]
    order = [name for name in before if name in after]
    moved = _out_of_order(order, stayed)
    for name, (place, one) in after.items():
        if name not in before:
            yield SchemeChange(SchemeChangeKind.ADDED, place, after=one)
            continue
        old, earlier = before[name]
        if name in moved:
            yield SchemeChange(SchemeChangeKind.MOVED, place)
        yield from _of_tables(earlier, one, old, place)
    for name, (place, one) in before.items():
        if name not in after:
            yield SchemeChange(SchemeChangeKind.REMOVED, place, before=one)


def _out_of_order(before: list[str], after: list[str]) -> set[str]:
    """Return as few as can be that moved: the others stand in the order they had."""
    place = {name: number for number, name in enumerate(before)}
    best: list[list[str]] = []
    for name in after:
        fits = [line for line in best if place[line[-1]] < place[name]]
        best.append([*_longest(fits), name])
    return set(after) - set(_longest(best))


def _longest(lines: list[list[str]]) -> list[str]:
    """Return the longest of these, the first of equals; nothing of nothing."""
    return max(lines, key=len) if lines else []


def _change(before: object, after: object, was: str, now: str) -> SchemeChange:
    if before is None:
        return SchemeChange(SchemeChangeKind.ADDED, now, after=after)
    if after is None:
        return SchemeChange(SchemeChangeKind.REMOVED, was, before=before)
    return SchemeChange(SchemeChangeKind.CHANGED, now, before, after)


def _name(part: Tables, number: int) -> str:
    """Return what a part is known by; one without a short name by its number."""
    key = part.get("key")
    return key if isinstance(key, str) and key else f"[{number}]"


def _at(place: str, key: str) -> str:
    return f"{place}.{key}".removeprefix(".")


def _is_table(value: object) -> bool:
    """Return whether a value is a table of settings, and not one setting."""
    return isinstance(value, dict) and not any(value.keys() <= k for k in ON_ONE_LINE)


def _is_list(*values: object) -> bool:
    """Return whether these are lists of parts, or one is and the other is nothing."""
    there = [one for one in values if one is not None]
    return all(isinstance(one, list) and _all_tables(one) for one in there)


def _all_tables(listed: list[object]) -> bool:
    return bool(listed) and all(isinstance(one, dict) for one in listed)


def _tables(value: object) -> list[Tables]:
    return value if isinstance(value, list) else []


def _table(value: object) -> Tables:
    return value if isinstance(value, dict) else {}
