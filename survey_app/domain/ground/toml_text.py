"""A table as TOML text: the same table always as the same bytes.

Whatever `tomllib` reads is written here, and read again as what it was: of a draft that
is still wrong nothing is lost. Small tables that say one thing, such as a text in two
languages or a number with its status, stand on one line.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time

Tree = dict[str, object]
"""A table as `tomllib` reads it."""

ON_ONE_LINE = (
    {"zh", "en"},
    {"published", "assumed", "source"},
    {"principal", "deputy"},
    {"question", "choices"},
)
"""Tables with no other keys than these say one thing."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_UNSEEN = re.compile(r'[\x00-\x1f\x7f"\\]')


def toml_text(tree: Mapping[str, object]) -> str:
    """Return the table as TOML, keys in their order, tables after single values."""
    text = "\n".join(_lines(tree, ()))
    return f"{text.strip()}\n" if text.strip() else ""


def _lines(table: Mapping[str, object], path: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines of a table below its header."""
    for key, value in table.items():
        if not (_is_section(value) or _are_sections(value)):
            yield f"{_key(key)} = {_inline(value)}"
    for key, value in table.items():
        where = (*path, key)
        name = ".".join(map(_key, where))
        if _is_section(value):
            assert isinstance(value, dict)  # noqa: S101 -- for the type checker
            yield from ("", f"[{name}]")
            yield from _lines(value, where)
        elif _are_sections(value):
            assert isinstance(value, list)  # noqa: S101 -- for the type checker
            for one in value:
                yield from ("", f"[[{name}]]")
                yield from _lines(one, where)


def _is_section(value: object) -> bool:
    """Return whether a value is a table that stands under a header of its own."""
    return isinstance(value, dict) and not any(value.keys() <= k for k in ON_ONE_LINE)


def _are_sections(value: object) -> bool:
    """Return whether a value is a list of tables, each under a header."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, dict) for one in value)
    )


def _inline(value: object) -> str:
    """Return a value on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(k)} = {_inline(one)}" for k, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return repr(value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _quoted(text: str) -> str:
    return f'"{_UNSEEN.sub(_escaped, text)}"'


def _escaped(found: re.Match[str]) -> str:
    mark = found[0]
    return _ESCAPED.get(mark, f"\\u{ord(mark):04x}")
