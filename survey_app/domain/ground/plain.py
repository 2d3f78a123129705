"""Values as JSON has them, and back: by their types alone, and strictly.

A frozen dataclass is an object, a tuple a list, a fraction the text "a/b", a day its
ISO form; what has no order is sorted. What equals its default is left out: so a field
that came later has a default, which says what its absence always meant. Read is only
what could have been written: an unknown key and a missing one are named, and neither a
text nor a truth is a number.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache, partial, singledispatch
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")

Plain = dict[str, Any]
"""An object as JSON has it."""
Reader = Callable[[Any], Any]

ALWAYS = {"written": "always"}
"""Metadata of a field that is written also where it equals its default."""
_FRACTION = re.compile(r"-?(0|[1-9]\d*)/[1-9]\d*")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)")


class Misshapen(ValueError):  # noqa: N818 -- says what is wrong, like a fault
    """What was read could not have been written; says where, and what is wrong."""

    def __init__(self, wrong: str, place: str = "") -> None:
        super().__init__(f"{place}: {wrong}" if place else wrong)
        self.wrong = wrong
        self.place = place

    def inside(self, place: str) -> "Misshapen":
        """Return the same, found inside something of this name."""
        return Misshapen(self.wrong, f"{place}.{self.place}".removesuffix("."))


@singledispatch
def plain_of(value: Any) -> Any:
    """Return the value as JSON knows it; TypeError where JSON knows no such thing."""
    record: Any = type(value)
    told = {part: getattr(value, part.name) for part in _parts(record)}
    return {
        part.name: plain_of(inner)
        for part, inner in told.items()
        if part.always or inner != part.default
    }


def value_of(kind: type[T], plain: object) -> T:
    """Return the value of this kind that JSON holds; Misshapen where it is none."""
    wanted: Any = kind
    return cast("T", _reader(wanted)(plain))


for _kind in (str, int, bool, NoneType):
    plain_of.register(_kind, lambda value: value)
plain_of.register(Enum, lambda value: value.value)
plain_of.register(date, lambda value: value.isoformat())
plain_of.register(Fraction, lambda value: f"{value.numerator}/{value.denominator}")
plain_of.register(tuple, lambda value: [plain_of(part) for part in value])
plain_of.register(frozenset, lambda value: sorted(plain_of(part) for part in value))
plain_of.register(
    Mapping, lambda value: {str(key): plain_of(part) for key, part in value.items()}
)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A field of a dataclass."""

    name: str
    kind: Any
    default: Any
    """MISSING where it has none."""
    always: bool

    @property
    def may_be_missing(self) -> bool:
        """Whether a text without it says something."""
        return self.default is not MISSING and not self.always


@cache
def _parts(record: Any) -> tuple[_Part, ...]:
    """Return what is written of a dataclass; of Stated[int] the value is an int."""
    own = get_origin(record) or record
    hints = get_type_hints(own)
    bound = zip(getattr(own, "__parameters__", ()), get_args(record), strict=False)
    kinds = dict(bound)
    return tuple(
        _Part(
            name=one.name,
            kind=kinds.get(hints[one.name], hints[one.name]),
            default=one.default
            if one.default_factory is MISSING
            else one.default_factory(),
            always=one.metadata == ALWAYS,
        )
        for one in fields(own)
        if one.init
    )


@cache
def _reader(kind: Any) -> Reader:
    """Return what reads a value of this kind."""
    outer, inner = get_origin(kind) or kind, get_args(kind)
    if is_dataclass(outer):
        return partial(_object, kind, outer)
    if outer in _COMPOSED:
        return partial(_COMPOSED[outer], inner)
    if outer in _SIMPLE:
        return partial(_simple, *_SIMPLE[outer])
    if issubclass(outer, Enum):
        return partial(_member, outer)
    raise TypeError(f"no reader for {kind}")


def _object(kind: Any, record: Any, plain: Any) -> Any:
    """Return the dataclass; a key it does not know, or lacks, is named."""
    _require(isinstance(plain, dict), "is no object")
    known = _parts(kind)
    for key in plain.keys() - {part.name for part in known}:
        raise Misshapen("is not known here", key)
    read = {}
    for part in known:
        if part.name in plain:
            inner = plain[part.name]
            read[part.name] = _within(part.name, _reader(part.kind), inner)
        elif not part.may_be_missing:
            raise Misshapen("is missing", part.name)
    return record(**read)


def _tuple(kinds: tuple[Any, ...], plain: Any) -> Any:
    _require(isinstance(plain, list), "is no list")
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(plain)
    _require(len(kinds) == len(plain), f"has not {len(kinds)} parts")
    paired = enumerate(zip(kinds, plain, strict=True))
    return tuple(_within(str(n), _reader(kind), part) for n, (kind, part) in paired)


def _set(kinds: tuple[Any, ...], plain: Any) -> Any:
    listed = _tuple((kinds[0], ...), plain)
    _require(len(set(listed)) == len(listed), "names one thing twice")
    return frozenset(listed)


def _mapping(kinds: tuple[Any, ...], plain: Any) -> Any:
    _require(isinstance(plain, dict), "is no object")
    to_key, read = kinds[0], _reader(kinds[1])
    if to_key is int:
        strange = [key for key in plain if not _NUMBER.fullmatch(key)]
        _require(not strange, f"has keys that are no numbers: {strange[:1]}")
    return {to_key(key): _within(key, read, part) for key, part in plain.items()}


def _optional(kinds: tuple[Any, ...], plain: Any) -> Any:
    return None if plain is None else _reader(kinds[0])(plain)


def _simple(written: type, form: re.Pattern[str] | None, make: Any, plain: Any) -> Any:
    """Return what one text or number says; only of the very type it is written in."""
    _require(type(plain) is written, f"is no {written.__name__}")
    _require(form is None or bool(form.fullmatch(plain)), "is written otherwise")
    return make(plain)


def _member(words: Any, plain: Any) -> Any:
    _require(plain in [word.value for word in words], "is a word not known here")
    return words(plain)


def _whole(written: str) -> str:
    """Return the text; half a character can be read from JSON, and kept nowhere."""
    try:
        written.encode()
    except UnicodeEncodeError:
        raise Misshapen("holds half a character") from None
    return written


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Misshapen("is no day") from None


def _within(place: str, read: Reader, plain: Any) -> Any:
    try:
        return read(plain)
    except Misshapen as wrong:
        raise wrong.inside(place) from None


def _require(holds: bool, wrong: str) -> None:  # noqa: FBT001 -- the fact asked for
    if not holds:
        raise Misshapen(wrong)


_COMPOSED: dict[Any, Any] = {
    tuple: _tuple,
    frozenset: _set,
    Mapping: _mapping,
    UnionType: _optional,
    Union: _optional,
}
_SIMPLE: dict[Any, tuple[type, re.Pattern[str] | None, Any]] = {
    str: (str, None, _whole),
    int: (int, None, int),
    bool: (bool, None, bool),
    Fraction: (str, _FRACTION, Fraction),
    date: (str, None, _day),
}
