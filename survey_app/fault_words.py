"""What is wrong in a file, in the reader's language: faults as sentences with gaps.

The domain writes faults in English, each with its own numbers and keys. Here every such
sentence stands with its gaps; a fault is looked up by its shape and told in the other
language with the same keys in it. What has no shape here stays English.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from survey_app.domain.file_faults import Fault
from survey_app.fault_shapes import SHAPES
from survey_app.marked import message

GAP = re.compile(r"%\((\w+)\)s")
LINE = message("%(where)s: %(wrong)s; %(instead)s")


def fault_in_words(fault: Fault, translate: Callable[[str], str]) -> str:
    """Return the fault as one line; in English exactly what the domain says."""
    parts = {
        "where": _told(fault.where, translate),
        "wrong": _told(fault.wrong, translate),
        "instead": _told(fault.instead, translate),
    }
    return translate(LINE) % parts


def shape_of(text: str) -> tuple[str, dict[str, str]] | None:
    """Return the sentence this text has the shape of, and what fills its gaps."""
    for sentence, pattern in _patterns():
        if found := pattern.fullmatch(text):
            return sentence, found.groupdict()
    return None


def _told(text: str, translate: Callable[[str], str]) -> str:
    """Return the text in the language asked for, as it is where it has no shape."""
    found = shape_of(text)
    if found is None:
        return text
    sentence, gaps = found
    return translate(sentence) % gaps


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return every sentence with its pattern, the most particular first."""
    ordered = sorted(SHAPES, key=lambda one: -len(GAP.sub("", one)))
    return tuple((sentence, _pattern(sentence)) for sentence in ordered)


def _pattern(sentence: str) -> re.Pattern[str]:
    """Return what matches the sentence whatever stands in its gaps."""
    parts = GAP.split(sentence)
    text = "".join(
        f"(?P<{part}>.*)" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    )
    return re.compile(text, re.DOTALL)
