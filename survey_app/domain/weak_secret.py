"""Which passwords and passphrases are guessed first, and why.

In the spirit of NIST SP 800-63B: a length, no rules about kinds of characters, and a
look at what guessers try. What they try is not a list of whole passwords but pieces
they put together: common words, rows of keys, years, the name on the account. So every
such piece counts as two characters however long it is, and what is left must be enough.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import Enum

from survey_app.domain.guessed_pieces import ROWS, WORDS

SHORTEST = 12
"""Characters."""
PIECE = 2
"""What a guessable piece counts for, however long it is."""
ENOUGH = 10
"""What must be left of it, in characters that nobody guesses."""

_LOOKS_LIKE = str.maketrans("@4301!5$78", "aaeoiisstb")
_YEARS = re.compile(
    r"(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?)?"
    r"|(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:19|20)\d\d"
)
_TELEPHONE = re.compile(r"1[3-9]\d{9}")
_AGAIN = re.compile(r"(.{1,8}?)\1+", re.DOTALL)

_FORMS = (_YEARS, _TELEPHONE, _AGAIN)
"""A year or a date, a mobile number, the same again and again."""


class Weakness(Enum):
    """Why a secret is refused."""

    SHORT = "short"
    """Fewer than 12 characters."""
    GUESSED = "guessed"
    """Little more than what is tried first."""


def composed(secret: str) -> str:
    """Return the one spelling of what looks the same: NFKC (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", secret)


def weakness_of(secret: str, *, names: Iterable[str] = ()) -> Weakness | None:
    """Return why the secret is too weak, None for a good one.

    `names` are words that whoever guesses knows: of the account, of the place.
    """
    written = composed(secret)
    if len(written) < SHORTEST:
        return Weakness.SHORT
    return Weakness.GUESSED if _surprise(written, names) < ENOUGH else None


def _surprise(written: str, names: Iterable[str]) -> int:
    """Return the least number of characters that tells the secret to a guesser."""
    text, words = written.casefold(), _words_of(names) | WORDS
    bare = "".join(filter(str.isalnum, text))
    between = set(text) - set(bare)
    single = re.sub(r"(.)\1+", r"\1", bare)
    return min(
        _told(text, words),
        # The same with something between the letters, or every letter twice.
        min(_told(bare, words), _told(single, words) + 1) + max(0, len(between) - 1),
    )


def _told(text: str, words: frozenset[str]) -> int:
    """Return in how many characters the text is told, a piece counting for two."""
    least = list(range(len(text) + 1))
    pieces: dict[int, set[int]] = {}
    for start, end in _pieces(text, words):
        pieces.setdefault(start, set()).add(end)
    for start in range(len(text)):
        least[start + 1] = min(least[start + 1], least[start] + 1)
        for end in pieces.get(start, ()):
            least[end] = min(least[end], least[start] + PIECE)
    return least[-1]


def _words_of(names: Iterable[str]) -> frozenset[str]:
    """Return the names, their parts, and the first letters, as they are guessed."""
    parts = [
        part
        for name in names
        for part in (name, *re.split(r"[\W_]+", name), re.sub(r"[\W_]+", "", name))
    ]
    words = (composed(part).casefold().strip() for part in parts)
    return frozenset(word for word in words if len(word) > 1)


def _pieces(text: str, words: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield where a guessable piece begins and ends; each part of one is one too."""
    plain = text.translate(_LOOKS_LIKE)
    longest = max(map(len, words), default=0)
    for start in range(len(text)):
        for end in range(start + 2, min(len(text), start + longest) + 1):
            said = (text[start:end], plain[start:end])
            if not words.isdisjoint((*said, said[0][::-1])):
                yield start, end
        yield from ((start, end) for end in _runs(text, start))
    for found in (one for form in _FORMS for one in form.finditer(text)):
        yield found.span()


def _runs(text: str, start: int) -> Iterator[int]:
    """Yield the ends of a run of keys or letters that begins here, both directions."""
    for row in ROWS:
        end = start + 3
        while end <= len(text) and text[start:end] in row:
            yield end
            end += 1
