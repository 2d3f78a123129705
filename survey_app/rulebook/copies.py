"""From one text to the next: a version under the same key, or a copy under another."""

import re
import tomllib

from survey_app.domain.ground.file_faults import Fault, FileRefused
from survey_app.domain.ground.toml_table import ENDLESS_KEY, FILE_KEY
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import Scheme
from survey_app.rulebook.tables import QUESTIONNAIRE

NAMED = re.compile(r"^key[ \t]*=.*$", re.MULTILINE)
NUMBERED = re.compile(r"^version[ \t]*=.*$", re.MULTILINE)
LONGEST_KEY = 60


def named(text: str) -> tuple[str, int]:
    """Return key and version that a text gives itself; "" and 0 where it has none.

    Raises FileRefused for what is no TOML at all: nothing could be done with it.
    """
    said = toml_in(text)
    key, version = said.get("key"), said.get("version")
    is_key = isinstance(key, str) and FILE_KEY.fullmatch(key)
    is_version = isinstance(version, int) and 0 < version < 1_000_000
    return (str(key) if is_key else "", int(str(version)) if is_version else 0)


def toml_in(text: str) -> dict[str, object]:
    """Return what stands in the text; raises FileRefused for what is no TOML."""
    if not ENDLESS_KEY.search(text):
        try:
            return tomllib.loads(text.removeprefix("\ufeff"))
        except (ValueError, RecursionError) as error:
            wrong, _, place = str(error).rstrip(")").partition(" (at ")
            line = place.partition(",")[0] or "the file"
            fault = Fault(line, f"not TOML: {wrong}", "mend this place first")
            raise FileRefused("toml", (fault,)) from error
    fault = Fault("the file", "a key without end", "use a short key")
    raise FileRefused("toml", (fault,))


def renamed(text: str, key: str, version: int | None) -> str:
    """Return the text with another key and version, and otherwise letter for letter.

    None: it says no version, as schemes do. Both stand before the first table.
    """
    head, mark, rest = _split(text)
    lines = [(NAMED, f'key = "{key}"')]
    if version is not None:
        lines.append((NUMBERED, f"version = {version}"))
    for pattern, line in lines:
        if pattern.search(head):
            head = pattern.sub(line, head, count=1)
        else:
            head = f"{head.rstrip()}\n{line}\n\n".lstrip()
    return f"{head}{mark}{rest}"


def versioned(kind: str, text: str, key: str, version: int) -> str:
    """Return the text under this key and version; of a scheme our list counts them."""
    return renamed(text, key, version if kind == QUESTIONNAIRE else None)


def version_of(rule: Questionnaire | Scheme) -> int:
    """Return the version that a file gives itself; a scheme's file is the first."""
    return rule.version if isinstance(rule, Questionnaire) else 1


def free_key(wanted: str, taken: set[str]) -> str:
    """Return this key, or with a number behind it, so that nobody else has it."""
    stem = wanted[: LONGEST_KEY - 4]
    numbered = (f"{stem}-{n}" for n in range(2, 1000))
    return next(one for one in (wanted, *numbered) if one not in taken)


def _split(text: str) -> tuple[str, str, str]:
    """Return what stands before the first table, its bracket, and the rest."""
    first = re.search(r"^[ \t]*\[", text, re.MULTILINE)
    if first is None:
        return text, "", ""
    return text[: first.start()], first.group(), text[first.end() :]
