"""The one text of a paper that is fingerprinted, signed or posted."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(content: object) -> str:
    """Return the content as JSON with sorted keys, compact and in plain characters.

    Keys are sorted as text, also where they are numbers, so that the text of what was
    read from a canonical text is that text again.
    """
    return sorted_text(json.loads(json.dumps(content)))


def sorted_text(plain: object) -> str:
    """Return the canonical text of content whose keys are texts already."""
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fingerprint_of(text: str) -> str:
    """Return the SHA-256 of the text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def by_number(kept: Mapping[str, Any]) -> dict[int, Any]:
    """Return the mapping with its keys as the numbers that they are outside JSON."""
    return {int(key): value for key, value in kept.items()}
