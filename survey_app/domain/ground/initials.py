"""The letters somebody types to find a name: the first of each syllable's pinyin.

李芳 is found by `lf`. A character of names and places that is read in two ways gives
both spellings: nobody who looks for 单 or 重庆 should have to know which was meant.
"""

import os
import re
from functools import lru_cache
from itertools import islice, product

MOST_SPELLINGS = 4
"""Of one text; names with more readings than that are typed out."""
TWO_READINGS = {
    "重": "zc", "长": "zc", "行": "xh", "乐": "ly", "厦": "xs", "藏": "cz", "朝": "cz",
    "盛": "sc", "会": "hk", "调": "td", "区": "qo", "参": "cs", "番": "fp", "车": "cj",
    "曾": "zc", "单": "sd", "解": "jx", "查": "cz", "仇": "cq", "覃": "qt", "翟": "zd",
    "朴": "pb", "种": "zc", "召": "zs", "尉": "wy", "瞿": "qj", "折": "zs", "省": "sx",
    "石": "sd", "校": "xj", "系": "xj", "贾": "jg", "降": "jx", "宿": "sx", "期": "qj",
}  # fmt: skip
"""Character → the letters it may be typed as. The dictionary has hundreds more, most of
them readings of old texts."""
_TYPED = re.compile("[a-z0-9]")


def initials_of(*texts: str) -> str:
    """Return the spellings of these texts, with a space between any two.

    Latin letters and digits stand for themselves, in small letters; what nobody types
    is left out.
    """
    found = dict.fromkeys(one for text in texts for one in _spellings(text))
    return " ".join(one for one in found if one)


@lru_cache(maxsize=4096)
def _spellings(text: str) -> tuple[str, ...]:
    letters = [_readings(one) for one in text.casefold()]
    some = islice(product(*(one for one in letters if one)), MOST_SPELLINGS)
    return tuple("".join(one) for one in some)


def _readings(letter: str) -> list[str]:
    """Return the letters this one may be typed as; none where nobody types it."""
    if letter.isascii():
        return _TYPED.findall(letter)
    if letter in TWO_READINGS:
        return list(TWO_READINGS[letter])
    # Forty megabytes of phrases would be loaded to choose one of the readings.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    # Loaded where a survey opens, and in no process that only answers.
    from pypinyin import Style, pinyin  # noqa: PLC0415

    ((found,),) = pinyin(letter, style=Style.FIRST_LETTER)
    return _TYPED.findall(found)
