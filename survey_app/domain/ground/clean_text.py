"""Typed text as everybody sees it: nothing unseen in it, spelled one way.

What nobody sees can still be found: as a mark by which a ballot is recognised, or as a
second name that looks like the first. So it is taken out where text comes in. Joiners
and selectors stay where a script or an emoji cannot be written without them, and only
there. Look-alike letters cannot be told from letters that are meant; a writer who wants
to be recognised always can be.

Unicode's tables come from the regex library: newer than Python's own, so that an emoji
of last year is no unknown character.
"""

import re
import unicodedata

import regex

_LINE_ENDS = regex.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_SPACES = regex.compile(r"[\p{Zs}\t]", regex.V1)
_MONGOLIAN = r"[\p{Script=Mongolian}&&\p{L}]"
_SELECTORS = "[\u180b-\u180d\u180f]"
_SUFFIX_SPACE = regex.compile(
    rf"(?<={_MONGOLIAN}{_SELECTORS}?)\u202f(?={_MONGOLIAN})", regex.V1
)
"""The narrow space of Mongolian, before an ending; the letters beside it show it."""
_KEEPER = "\ue000"
"""Stands for that space while spaces are made plain: private, so in no text by then."""

_PERHAPS = "\u200c\u200d\u180b-\u180f\ufe0f\U000e0020-\U000e007f"
"""Unseen, and needed in some places; decided by what stands beside them."""
_NEVER = regex.compile(
    # Blank by their looks alone: a braille cell without dots, a note without a head.
    r"[[\p{C}\p{Default_Ignorable_Code_Point}\u2800\ufffc\U0001d159]"
    rf"--[\n\t{_PERHAPS}]]",
    regex.V1,
)
"""Control, format, private and unassigned characters, fillers, halves of characters."""

_PICTURE = r"\p{Extended_Pictographic}"
_JOINS_NEXT = r"[\p{Joining_Type=L}\p{Joining_Type=D}]\p{Joining_Type=T}{0,4}"
_JOINS_LAST = r"\p{Joining_Type=T}{0,4}[\p{Joining_Type=R}\p{Joining_Type=D}]"
_NEEDED = "|".join(
    (
        # Emoji: families, coloured hearts, keycaps, the three flags made of tags.
        rf"(?<={_PICTURE}[\ufe0f\p{{Emoji_Modifier}}]?)\u200d(?={_PICTURE})",
        rf"(?<=[{_PICTURE}--\p{{Emoji_Presentation}}])\ufe0f",
        "(?<=[0-9#*])\ufe0f(?=\u20e3)",
        "(?<=\U0001f3f4)\U000e0067\U000e0062"
        "(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074"
        "|\U000e0077\U000e006c\U000e0073)\U000e007f",
        # Arabic, Uyghur, Mongolian: where they change how letters join (RFC 5892, A.1).
        rf"(?<={_JOINS_NEXT})\u200c(?={_JOINS_LAST})",
        rf"(?<={_JOINS_NEXT})\u200d(?!{_JOINS_LAST})",
        rf"(?<=^|[\s])\u200d(?={_JOINS_LAST})",
        # Scripts of India: half letters, beside a virama (RFC 5892, A.2).
        r"(?<=\p{ccc=9})\u200c(?=\p{L})",
        r"(?<=\p{ccc=9})\u200d",
        r"(?<=\p{L})\u200d(?=\p{ccc=9}\p{L})",
        # Mongolian: which of its forms a letter takes.
        rf"(?<={_MONGOLIAN}){_SELECTORS}",
        rf"(?<={_MONGOLIAN}{_SELECTORS}?)\u180e(?={_MONGOLIAN})",
    )
)
_JOINERS = regex.compile(rf"({_NEEDED})|[{_PERHAPS}]", regex.V1)

MOST_MARKS = 4
"""Signs above and below one letter; Tibetan stacks twice as high."""
_MARKS = regex.compile(
    # Signs that stand on nothing, and more of them than a letter carries.
    r"(?<=^|\s)\p{M}+"
    rf"|(?<=[\p{{M}}--\p{{Script=Tibetan}}]{{{MOST_MARKS}}})[\p{{M}}--\p{{Script=Tibetan}}]+"
    rf"|(?<=\p{{M}}{{{2 * MOST_MARKS}}})\p{{M}}+",
    regex.V1,
)
_WIDE = regex.compile(r" {2,}")
_AROUND_LINE_ENDS = regex.compile(r" *\n *")
_HIGH = regex.compile(r"\n{3,}")
_CHARACTER = regex.compile(r"\X", regex.V1)
_PRIVATE = regex.compile(r"\p{Co}")
_PLAIN = "!-~\u4e00-\u9fff，。、；：？！（）《》“”"
_CLEAN = re.compile(f"(?:[{_PLAIN}]+(?: [{_PLAIN}]+)*)?")
"""Most comments: one line of letters in which there is nothing to clean."""


def clean_comment(typed: str) -> str:
    """Return a text of several lines as it is kept; "" where nothing of it is seen.

    Line ends are LF, at most one line is left empty between two, spaces are plain and
    single, the spelling is NFC. Cleaning again changes nothing.
    """
    if _CLEAN.fullmatch(typed):
        return typed
    text = typed
    while (cleaned := _cleaned(text)) != text:
        text = cleaned
    return text


def clean_name(typed: str) -> str:
    """Return a name or title of one line as it is kept; "" where nothing is seen.

    Private characters are taken out too. Where a name could lose a rare letter that
    way, ask `has_private_characters` first.
    """
    return clean_comment(_LINE_ENDS.sub(" ", typed))


def has_private_characters(typed: str) -> bool:
    """Return whether it has letters that look different on every computer.

    Old input methods wrote rare characters of names like this.
    """
    return bool(_PRIVATE.search(typed))


def characters(text: str) -> list[str]:
    """Return what a person counts as characters; an emoji is one, however made."""
    return _CHARACTER.findall(text)


def _cleaned(typed: str) -> str:
    """Return the text cleaned once; taking something out can bring others together."""
    text = _NEVER.sub("", _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", typed)))
    text = _SPACES.sub(" ", _SUFFIX_SPACE.sub(_KEEPER, text)).replace(_KEEPER, "\u202f")
    text = _JOINERS.sub(r"\1", _MARKS.sub("", text))
    text = _AROUND_LINE_ENDS.sub("\n", _WIDE.sub(" ", text))
    return unicodedata.normalize("NFC", _HIGH.sub("\n\n", text)).strip(" \n")


FORMULAS = tuple("=+-@\t\r\n＝＋－＠")
"""How a text begins that a spreadsheet would calculate; Chinese ones take wide signs,
too (OWASP, CSV Injection)."""


def no_formula(text: str) -> str:
    """Return the text so that no spreadsheet that opens a CSV file calculates it."""
    return f"'{text}" if text.startswith(FORMULAS) else text
