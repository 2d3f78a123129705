"""The one text of a paper that is fingerprinted, signed or posted."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from survey_app.domain.ground.refusals import ExportRefused


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


def written_size(text: str) -> int:
    """Return how many bytes a text takes in JSON, between its quotation marks."""
    return len(json.dumps(text, ensure_ascii=False).encode(errors="surrogatepass")) - 2


def line(content: object) -> str:
    """Return the content as one line of such a file."""
    return canonical(content) + "\n"


def checked(text: str) -> str:
    """Return the text with its last line: SHA-256 of everything before, in hex."""
    return text + line({"sha256": hashlib.sha256(text.encode()).hexdigest()})


def read_checked(text: str) -> list[dict[str, Any]]:
    """Return the lines before the last; ExportRefused where not all are there."""
    body, _, _ = text.removesuffix("\n").rpartition("\n")
    if checked(body + "\n") != text:
        raise ExportRefused("it is cut short or was changed on its way")
    try:
        return [json.loads(one) for one in body.split("\n")]
    except (ValueError, RecursionError):
        raise ExportRefused("it is no file of a ballot box") from None
