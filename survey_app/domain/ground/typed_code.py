"""What stands in a field for a code: typed by hand, or pasted with its address.

One reader for the codes of surveys, receipts and slips. It forgives whatever a keyboard
or a messenger adds: full width, any dash or space, unseen characters, words and
brackets around the code, the whole address. It answers with the codes that may have
been meant, the likeliest first; whether one is real is told by its signature, its check
symbol or the database. Where none can have been meant, `flaw_in` says what is wrong.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from urllib.parse import unquote

from survey_app.domain.ground.printed_code import (
    ALPHABET,
    CHANNEL_RANDOM,
    CHANNEL_SIGNED,
    CODE_LETTERS,
    RECEIPT_BYTES,
    SLIP_TAIL,
    WINDOW_SIGNED,
    is_channel_code,
    normalised,
)

READ_AT_MOST = 1000
"""Characters; a share text of a messenger with its address is shorter."""
SHOWN_AT_MOST = 200
"""Characters that come back into the field."""


@dataclass(frozen=True, slots=True)
class CodeForm:
    """How many symbols a code has, and in what groups it is printed."""

    symbols: int
    group: int


SURVEY = CodeForm(CHANNEL_RANDOM + CHANNEL_SIGNED, 5)
SLIP = CodeForm(SURVEY.symbols + SLIP_TAIL, 4)
"""The code of a survey, and what makes one slip of it."""
ON_SCREEN = CodeForm(SURVEY.symbols + WINDOW_SIGNED, 7)
RECEIPT = CodeForm(RECEIPT_BYTES * 8 // 5, 4)
TRACKER = CodeForm(20, 5)
TICKET = CodeForm(25, 5)


class CodeFlaw(Enum):
    """Why nothing that was typed can be the code that was asked for."""

    EMPTY = "empty"
    COUNT = "count"
    """Too few symbols, or too many."""
    FOREIGN = "foreign"
    """A letter or digit that stands in no code."""
    MUCH = "much"
    """So much text that nobody looked through it."""


@dataclass(frozen=True, slots=True)
class Unread:
    """What is wrong with what was typed."""

    flaw: CodeFlaw
    count: int = 0
    """Letters and digits that were taken for the code."""
    symbol: str = ""
    """The one that stands in no code; "" where that is not what is wrong."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Letters and digits without a gap, and what stood before them."""

    text: str
    typed: str
    """The same before O, I and L were forgiven."""
    gap: str

    @property
    def is_clean(self) -> bool:
        return set(self.text) <= SYMBOLS

    @property
    def is_word(self) -> bool:
        """Whether there is no digit in it, as in most words and few codes."""
        return not any(letter.isdigit() for letter in self.typed)


SYMBOLS = frozenset(ALPHABET)
UNSEEN = re.compile("[\u115f\u1160\u3164\uffa0]")
"""Letters to Unicode, empty to the eye; what else is unseen has a category for it."""
LIGHT = re.compile(r"[\s\-−~∼_·•.,、─]*")
"""What people put between the groups of one code; dashes of all kinds are one dash."""
WORDS = re.compile(r"[^\W_]+")


def codes_in(
    typed: str, form: CodeForm, *, strict: bool = False, printed: bool = False
) -> Iterator[str]:
    """Yield every code of this form that may have been meant, the likeliest first.

    Symbols only, as printed, without dashes. Where one run of letters or the groups
    that are printed make a code, it comes before what only has the right length;
    `strict` leaves out what would be a code only together with words beside it, and
    `printed` whatever does not stand there in one piece or in the groups of print.
    """
    runs = _once(_runs(typed), form)
    found: list[tuple[_Unlikely, str]] = []
    for first in range(len(runs)):
        for last in range(first, len(runs)):
            some = runs[first : last + 1]
            length = sum(len(run.text) for run in some)
            if length > form.symbols or not some[-1].is_clean:
                break
            if length == form.symbols:
                found.append((_unlikely(some, form), "".join(r.text for r in some)))
    found.sort(key=lambda one: one[0])
    yield from dict.fromkeys(
        code
        for unlikely, code in found
        if (not strict or _is_plain(unlikely)) and (not printed or unlikely[0] <= 1)
    )


def glued_codes_in(typed: str, form: CodeForm) -> Iterator[str]:
    """Yield every piece of a longer run, as where a word touches the code.

    Only for codes that prove themselves: most of what is yielded is none.
    """
    for run in _runs(typed):
        for part in re.findall(f"[{ALPHABET}]+", run.text):
            for start in range(len(part) - form.symbols + 1):
                yield part[start : start + form.symbols]


def has_form(typed: str, form: CodeForm) -> bool:
    """Return whether this looks like a code of that form, real or not."""
    return next(codes_in(typed, form), None) is not None


def form_of(typed: str) -> CodeForm | None:
    """Return which code this looks like from end to end, words around it left out."""
    runs = _runs(typed)
    for form in (TICKET, TRACKER, RECEIPT, SURVEY):
        meant = _most_like(runs, form) if runs else []
        length = sum(len(run.text) for run in meant)
        whole = length == form.symbols and all(run.is_clean for run in meant)
        if whole and _is_plain(_unlikely(meant, form)):
            return form
    return None


def channel_code_in(typed: str, key: bytes) -> str | None:
    """Return the survey code that was meant; None where none of it is signed by us.

    What was printed behind it, on a slip or a screen, comes along.
    """
    slips, screens = codes_in(typed, SLIP), codes_in(typed, ON_SCREEN, printed=True)
    for code in (
        *slips,
        *screens,
        *codes_in(typed, SURVEY),
        *glued_codes_in(typed, SURVEY),
    ):
        if is_channel_code(code[: SURVEY.symbols], key):
            return code
    return None


def flaw_in(typed: str, form: CodeForm) -> Unread | None:
    """Return why this cannot be a code of that form; None where it can."""
    if len(typed) > READ_AT_MOST:
        return Unread(CodeFlaw.MUCH)
    if has_form(typed, form):
        return None
    runs = _runs(typed)
    if not runs:
        return Unread(CodeFlaw.EMPTY if not _plain(typed).strip() else CodeFlaw.COUNT)
    meant = _most_like(runs, form)
    count = sum(len(run.text) for run in meant)
    foreign = "".join(letter for run in meant for letter in run.text)
    strange = [letter for letter in foreign if letter not in SYMBOLS]
    if strange and count - len(strange) <= form.symbols:
        return Unread(CodeFlaw.FOREIGN, count, strange[0])
    return Unread(CodeFlaw.COUNT, count)


def shown_again(typed: str) -> str:
    """Return what was typed, fit to stand in a field of one line again."""
    line = " ".join(typed[:READ_AT_MOST].split())
    return "".join(one for one in line if one.isprintable())[:SHOWN_AT_MOST]


_Unlikely = tuple[int, int]
"""How little some runs look like one code, and how many of them may be words."""


def _is_plain(unlikely: _Unlikely) -> bool:
    """Return whether these are a run or groups as printed, or no words anyway."""
    how, words = unlikely
    return how <= 1 or (how == 2 and not words)


def _unlikely(runs: Sequence[_Run], form: CodeForm) -> _Unlikely:
    """Return how little these runs look like one code; the smallest is likeliest."""
    words = sum(run.is_word for run in runs)
    if len(runs) == 1:
        return 0, words
    if not all(LIGHT.fullmatch(run.gap) for run in runs[1:]):
        return 3, words
    return (1 if all(len(run.text) == form.group for run in runs) else 2), words


def _runs(typed: str) -> list[_Run]:
    """Return the runs of letters and digits, apart from Chinese ones, in order."""
    if len(typed) > READ_AT_MOST:
        return []
    text, end, runs = _plain(typed), 0, []
    for found in WORDS.finditer(text):
        runs.append(_Run(normalised(found[0]), found[0], text[end : found.start()]))
        end = found.end()
    return runs


def _once(runs: list[_Run], form: CodeForm) -> list[_Run]:
    """Return the runs without a second code that is the first, pasted behind it.

    As where a field came back with what stood in it, and the same was pasted again.
    """
    text = "".join(run.text for run in runs)
    if len(text) != 2 * form.symbols or text[: form.symbols] != text[form.symbols :]:
        return runs
    once = text[: form.symbols]
    return [_Run(once, "".join(run.typed for run in runs)[: form.symbols], "")]


def _plain(typed: str) -> str:
    """Return the text in capitals, with one dash, one space, and nothing unseen."""
    text = unicodedata.normalize("NFKC", _opened(typed)).upper()
    return "".join(map(_plain_letter, UNSEEN.sub("", text))).translate(CODE_LETTERS)


def _opened(typed: str) -> str:
    """Return what a part of an address stands for: %E3%80%82 is a full stop."""
    return unquote(typed, errors="replace") if "%" in typed else typed


def _plain_letter(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Pd":
        return "-"
    if kind in ("Cf", "Mn", "Me"):
        return ""
    if kind[0] in "ZCM" or letter == "\u2800":
        return " "
    if kind == "Nd":
        return str(unicodedata.decimal(letter))
    # A Chinese character beside a code is a word, not a wrong symbol of it.
    return "。" if kind == "Lo" else letter


def _most_like(runs: Sequence[_Run], form: CodeForm) -> list[_Run]:
    """Return the runs that were most likely meant to be the code."""
    parts: list[list[_Run]] = []
    for run in runs:
        if parts and LIGHT.fullmatch(run.gap):
            parts[-1].append(run)
        else:
            parts.append([run])
    best = max(parts, key=lambda part: sum(len(r.text) for r in part if not r.is_word))
    if all(run.is_word for run in best):
        best = max(parts, key=lambda part: sum(len(run.text) for run in part))
    # Words before and after it, as in "my code is ...": the code has digits.
    while len(best) > 1 and _outgrown(best, form) and best[0].is_word:
        best = best[1:]
    while len(best) > 1 and _outgrown(best, form) and best[-1].is_word:
        best = best[:-1]
    return list(best)


def _outgrown(runs: Sequence[_Run], form: CodeForm) -> bool:
    return sum(len(run.text) for run in runs) > form.symbols
