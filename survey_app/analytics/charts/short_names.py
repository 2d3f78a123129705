"""What a question is called beside a picture: its text without what all of them say.

"您对办事效率是否满意？" among others of the same form is 办事效率. Only what most
questions begin or end with is left out; nothing is put in its place, no two
questions ever get one name, and none is left with a number alone.
"""

from collections import Counter
from collections.abc import Sequence

MOST = 80
"""Signs that are looked at, at either end."""
LEAST = 2
"""Signs of Chinese, or words of a language with spaces, that are worth leaving out."""
AROUND = " ，、；：。？！,.;:?!—-"
"""Signs that mean nothing at the ends of a name."""


def short_names(texts: Sequence[str]) -> tuple[str, ...]:
    """Return a name for each text; the text itself where it has nothing in common."""
    ends = _common([text[::-1] for text in texts])[::-1]
    cut = [_without(text[::-1], ends[::-1])[::-1] for text in texts]
    begin = _common(cut)
    names = [_without(text, begin).strip(AROUND) for text in cut]
    counted = Counter(names)
    whole = tuple(text.strip(AROUND) for text in texts)
    short = tuple(
        name if says_something(name) and counted[name] == 1 else text
        for name, text in zip(names, whole, strict=True)
    )
    return short if len(set(short)) == len(short) else whole


def says_something(name: str) -> bool:
    """Return whether it is more than digits, marks, and a sign or two of a word."""
    return len(name) >= LEAST and any(sign.isalpha() for sign in name)


def _common(texts: Sequence[str]) -> str:
    """Return the longest beginning that at least half of the texts have, and two."""
    if len(texts) < 2:
        return ""
    needed = max(2, -(-len(texts) // 2))
    counted = Counter(
        text[:length]
        for text in texts
        for length in range(1, min(len(text), MOST))
        if _is_whole(text, length)
    )
    shared = [part for part, count in counted.items() if count >= needed]
    return max(shared, key=len, default="")


def _without(text: str, common: str) -> str:
    """Return the text without as much of the common beginning as it has."""
    length = 0
    for own, other in zip(text, common, strict=False):
        if own != other:
            break
        length += 1
    while length and not _is_whole(text, length):
        length -= 1
    return text[length:]


def _is_whole(text: str, length: int) -> bool:
    """Return whether so many signs are worth leaving out, and no word is torn."""
    part, rest = text[:length], text[length:]
    if not rest:
        return False
    if part[-1].isascii() and rest[0].isascii():
        is_torn = part[-1].isalnum() and rest[0].isalnum()
        return not is_torn and len(part.split()) >= LEAST
    return len(part.strip(AROUND)) >= LEAST
