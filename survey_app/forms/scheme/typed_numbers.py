"""Numbers that many people gave, as one line: "85×12, 64×3"."""

import re
from collections.abc import Mapping

from flask_babel import gettext as _

from survey_app.domain.questionnaire.question import BLANK

BETWEEN = re.compile(r"[,，、;；\s]+")
TIMES = re.compile(r"[×xX*＊]")
EMPTY = frozenset({BLANK, "空白", "未填"})
"""What stands for those who gave no number, in either language."""


def numbers_in(line: str) -> dict[str, object]:
    """Return number → how many gave it; what cannot be read stays as it was typed."""
    told: dict[str, object] = {}
    for part in BETWEEN.split(re.sub(r"\s*[×xX*＊]\s*", "×", line.strip())):
        number, *times = TIMES.split(part)
        key = BLANK if number in EMPTY else number
        often = count_in(times[0]) if len(times) == 1 else part if times else 1
        before = told.get(key, 0)
        if isinstance(often, int) and isinstance(before, int):
            often += before
        if key:
            told[key] = often
    return told


def numbers_line(counts: object) -> str:
    """Return the line that says so, lowest number first."""
    if not isinstance(counts, Mapping):
        return ""
    lines = sorted(counts.items(), key=lambda one: _place(str(one[0])))
    empty = _("blank")
    return ", ".join(
        f"{empty if key == BLANK else key}×{often}" for key, often in lines
    )


def count_in(typed: str) -> object:
    """Return a count; what is none stays as it was typed, for whoever checks it."""
    return int(typed) if typed.isascii() and typed.isdigit() else typed


def _place(key: str) -> tuple[bool, int, str]:
    is_number = key.isascii() and key.isdigit()
    return not is_number, int(key) if is_number else 0, key
