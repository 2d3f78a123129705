"""The fields in the body of a request, as forgiving as a page can be.

Bytes that are no text spoil the one value they stand in and nothing beside it: they are
read as U+FFFD, which is part of no key and no code, and which a person can see.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl

from survey_app.domain.ground.refusals import UnreadableForm

CONTENT_TYPE = "application/x-www-form-urlencoded"
UNREADABLE = "\ufffd"
"""Stands where bytes were no text."""
_LAST_TWO = "".join(chr(n) + chr(n + 1) for n in range(0xFFFE, 0x110000, 0x10000))
_NOT_IN_A_PAGE = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef{_LAST_TWO}]")
"""Characters HTML forbids."""
_HALF_ESCAPE = re.compile(rb"%[0-9A-Fa-f]?$")


@dataclass(frozen=True, slots=True)
class SentFields:
    """Name → values, in the order they came, and what is wrong with the whole."""

    values: Mapping[str, tuple[str, ...]]
    garbled: bool = False
    """Whether something in it was no UTF-8."""
    cut: bool = False
    """Whether only the beginning was read, because the whole was too long."""


def fields_in(
    body: bytes, *, content_type: str, most: int, cut: bool = False
) -> SentFields:
    """Return the fields in a request's body, or in its beginning.

    Raises UnreadableForm where the body is no urlencoded form or has more fields than
    any questionnaire.
    """
    if content_type != CONTENT_TYPE:
        raise UnreadableForm
    if cut:
        body = _HALF_ESCAPE.sub(b"", body)
    try:
        return SentFields(_parsed(body, most, errors="strict"), cut=cut)
    except UnicodeDecodeError:
        return SentFields(_parsed(body, most, errors="replace"), garbled=True, cut=cut)


def for_a_page(text: str) -> str:
    """Return what was typed as a page can hold it."""
    return _NOT_IN_A_PAGE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _parsed(body: bytes, most: int, *, errors: str) -> Mapping[str, tuple[str, ...]]:
    """Return name → values; UnreadableForm for too many, UnicodeDecodeError as told."""
    try:
        pairs = parse_qsl(
            body.decode(errors=errors),
            keep_blank_values=True,
            errors=errors,
            max_num_fields=most,
        )
    except UnicodeDecodeError:
        raise
    except ValueError as error:
        raise UnreadableForm from error
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value)
    return MappingProxyType(fields)
