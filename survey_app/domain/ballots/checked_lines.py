"""Text files of one JSON object a line whose last line tells whether all are there."""

import hashlib
import json
from typing import Any

from survey_app.domain.ballots.canonical import canonical
from survey_app.domain.refusals import ExportRefused


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
