"""Values as JSON has them, and back: by their types alone, and strictly.

A frozen dataclass is an object, a tuple a list, a fraction the text "a/b", a day its
ISO form; what has no order is sorted. What equals its default is left out: so a field
that came later has a default, which says what its absence always meant. Read is only
what could have been written: an unknown key and a missing one are named, and neither a
text nor a truth is a number.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache, singledispatch
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
class _WrittenField:
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
def _parts(record: Any) -> tuple[_WrittenField, ...]:
    """Return what is written of a dataclass; of Stated[int] the value is an int."""
    own = get_origin(record) or record
    hints = get_type_hints(own)
    bound = zip(getattr(own, "__parameters__", ()), get_args(record), strict=False)
    kinds = dict(bound)
    return tuple(
        _WrittenField(
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
    """Return what reads a value of this kind; put together once."""
    outer, inner = get_origin(kind) or kind, get_args(kind)
    if is_dataclass(outer):
        return _object(kind, outer)
    if outer in _COMPOSED:
        return _COMPOSED[outer](*inner)
    if outer in _SIMPLE:
        return _simple(outer, _SIMPLE[outer])
    if issubclass(outer, Enum):
        return _member(outer)
    raise TypeError(f"no reader for {kind}")


def _object(kind: Any, record: Any) -> Reader:
    """Return what reads a dataclass; a key it does not know, or lacks, is named."""
    known: list[tuple[str, Reader, bool]] = []

    def read(plain: Any) -> Any:
        if not known:  # only now: a dataclass may hold others of its own kind
            parts = _parts(kind)
            known[:] = [(p.name, _reader(p.kind), p.may_be_missing) for p in parts]
        _require(type(plain) is dict, "is no object")
        told = {}
        for name, inner, may_be_missing in known:
            part = plain.get(name, MISSING)
            if part is not MISSING:
                try:
                    told[name] = inner(part)
                except Misshapen as wrong:
                    raise wrong.inside(name) from None
            elif not may_be_missing:
                raise Misshapen("is missing", name)
        if len(told) < len(plain):
            raise Misshapen("is not known here", min(plain.keys() - told.keys()))
        return record(**told)

    return read


def _tuple(*kinds: Any) -> Reader:
    readers = [_reader(kind) for kind in kinds if kind is not Ellipsis]
    first = readers[0]
    if Ellipsis in kinds:
        return lambda plain: tuple(_each(first, enumerate(_listed(plain))))

    def read(plain: Any) -> Any:
        _require(len(_listed(plain)) == len(readers), f"has not {len(readers)} parts")
        return tuple(inner(part) for inner, part in zip(readers, plain, strict=True))

    return read


def _set(kind: Any) -> Reader:
    inner = _tuple(kind, Ellipsis)

    def read(plain: Any) -> Any:
        listed = inner(plain)
        _require(len(set(listed)) == len(listed), "names one thing twice")
        return frozenset(listed)

    return read


def _mapping(to_key: Any, kind: Any) -> Reader:
    inner = _reader(kind)

    def read(plain: Any) -> Any:
        _require(type(plain) is dict, "is no object")
        if to_key is int:
            strange = [key for key in plain if not _NUMBER.fullmatch(key)]
            _require(not strange, f"has keys that are no numbers: {strange[:1]}")
        told = _each(inner, plain.items())
        return dict(zip(map(to_key, plain), told, strict=True))

    return read


def _optional(kind: Any, _none: Any) -> Reader:
    inner = _reader(kind)
    return lambda plain: None if plain is None else inner(plain)


def _simple(kind: type, make: Reader) -> Reader:
    """Return what reads one text or number, only of the very type it is written in."""
    written = kind if kind in (int, bool) else str

    def read(plain: Any) -> Any:
        if type(plain) is not written:
            raise Misshapen(f"is no {written.__name__}")
        return plain if kind is written else make(plain)

    return read


def _member(words: Any) -> Reader:
    known = {word.value: word for word in words}

    def read(plain: Any) -> Any:
        _require(isinstance(plain, str) and plain in known, "is a word not known here")
        return known[plain]

    return read


def _fraction(written: str) -> Fraction:
    _require(bool(_FRACTION.fullmatch(written)), "is written otherwise")
    return Fraction(written)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Misshapen("is no day") from None


def _listed(plain: Any) -> list[Any]:
    if type(plain) is not list:
        raise Misshapen("is no list")
    return plain


def _each(read: Reader, placed: Iterable[tuple[Any, Any]]) -> list[Any]:
    """Return what was read of every part; the place of a wrong one is named."""
    told = []
    for place, part in placed:
        try:
            told.append(read(part))
        except Misshapen as wrong:
            raise wrong.inside(str(place)) from None
    return told


def _require(holds: bool, wrong: str) -> None:  # noqa: FBT001 -- the fact asked for
    if not holds:
        raise Misshapen(wrong)


_COMPOSED: dict[Any, Callable[..., Reader]] = {
    tuple: _tuple,
    frozenset: _set,
    Mapping: _mapping,
    UnionType: _optional,
    Union: _optional,
}
_SIMPLE: dict[Any, Reader] = {
    str: str,
    int: int,
    bool: bool,
    Fraction: _fraction,
    date: _day,
}
