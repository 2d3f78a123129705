"""How wide a text is about, and where its lines break, without any font at hand.

Chinese signs are as wide as high, and a line may break between any two of them; Latin
ones are about half as wide, and break at spaces.
"""

import re
import unicodedata

WIDE, NARROW = 1.0, 0.56
"""In heights of a letter; measured on what the office's fonts draw, a little rounded
up."""
CLOSING = "，。、；：？！）》」』】”’…％"
PIECES = re.compile(rf"[!-~\u00a1-\u1fff]+[{CLOSING}]*\s*|\s+|.[{CLOSING}]*", re.DOTALL)
"""What stays on one line: a Latin word, or a Chinese sign and what closes after it."""


def width_of(text: str, size: int) -> float:
    """Return about how many pixels a text of this size takes."""
    return size * sum(
        WIDE if unicodedata.east_asian_width(sign) in "WFA" else NARROW for sign in text
    )


def wrapped(text: str, room: float, size: int) -> list[str]:
    """Return the lines of a text, none wider than the room; an empty one has one."""
    lines = [""]
    for piece in _pieces(text, room, size):
        if lines[-1] and width_of((lines[-1] + piece).rstrip(), size) > room:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


def _pieces(text: str, room: float, size: int) -> list[str]:
    """Return what may not be torn apart; what is wider than the room is, anywhere."""
    found: list[str] = []
    for piece in PIECES.findall(text):
        found += [piece] if width_of(piece, size) <= room else list(piece)
    return found
