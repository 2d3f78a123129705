"""A scheme's one canonical text: what the platform freezes and fingerprints.

Fractions are written "a/b", keys are sorted, and what equals its default is left out,
so that a setting added to the platform later does not change old fingerprints.
"""

import hashlib
import json
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from survey_app.domain.scheme.scheme import Scheme

FORMAT = 1


def scheme_to_json(scheme: Scheme) -> str:
    """Return the canonical text, without the fingerprint: equal rules, equal text."""
    content = plain_of(replace(scheme, fingerprint=""))
    del content["fingerprint"]
    return json.dumps(content | {"format": FORMAT}, sort_keys=True, ensure_ascii=False)


def scheme_from_json(text: str) -> Scheme:
    """Return the scheme whose canonical text this is, with its fingerprint.

    For texts this platform wrote itself; ValueError if another format wrote it.
    """
    content = json.loads(text)
    if content.pop("format") != FORMAT:
        raise ValueError("this scheme was frozen in a format not known here")
    scheme: Scheme = revived(Scheme, content | {"fingerprint": ""})
    return fingerprinted(scheme)


def fingerprinted(scheme: Scheme) -> Scheme:
    """Return the scheme carrying the SHA-256 of its canonical text, in hex."""
    digest = hashlib.sha256(scheme_to_json(scheme).encode()).hexdigest()
    return replace(scheme, fingerprint=digest)


def plain_of(value: Any) -> Any:
    """Return the value as JSON knows it."""
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, tuple):
        return [plain_of(part) for part in value]
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        defaults = {field.name: field.default for field in fields(value)}
        return {k: plain_of(v) for k, v in parts.items() if v != defaults[k]}
    return value


def revived(kind: Any, plain: Any) -> Any:
    """Return the value of this kind that JSON holds."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        kinds = inner[:1] * len(plain) if inner[-1] is Ellipsis else inner
        return tuple(revived(k, p) for k, p in zip(kinds, plain, strict=True))
    if NoneType in inner:
        return None if plain is None else revived(inner[0], plain)
    record = origin or kind
    if hasattr(record, "__dataclass_fields__"):
        hints = get_type_hints(record) | ({"value": inner[0]} if inner else {})
        return record(**{name: revived(hints[name], p) for name, p in plain.items()})
    return kind(plain)
