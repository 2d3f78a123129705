"""Which names and codes look alike, although a computer tells them apart.

Somebody who reads a list sees one thing where two stand: `T01` and `T０１`, `admin` and
`аdmin` with a Cyrillic а. What looks alike has the same shape.
"""

import re
import unicodedata

import regex

from survey_app.domain.clean_text import clean_name

_LATIN_TWINS = str.maketrans(
    "авсԁегһіјкӏмноԛрѕтуԝхүαβγεηικνορτυχωıɑɡʟłøđ01|‐‑‒–—−·•‧・",
    "abcderhijklmhoqpstywxyabyenikvoptuxwiagllodoll------....",
)
"""Letters that look like a Latin one, and the signs people take for one another."""
_BESIDE_LATIN = ("Cyrillic", "Greek", "Armenian", "Cherokee", "Coptic", "Lisu")
_LATIN = regex.compile(r"\p{Script=Latin}")
_TWINS = regex.compile("|".join(rf"\p{{Script={script}}}" for script in _BESIDE_LATIN))
_UNSEEN = regex.compile(r"[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]")
_LEADING_ZEROS = re.compile(r"(?<![0-9ol])o+(?=[0-9ol])")
"""In a shape, where 0 is o and 1 is l."""


def squeezed(text: str) -> str:
    """Return the text narrow, in small letters and without any space.

    That is how headings and names of cycles are compared: 姓 名 is 姓名.
    """
    narrow = unicodedata.normalize("NFKC", text).casefold()
    return _UNSEEN.sub("", narrow)


def shape(text: str) -> str:
    """Return what texts that look alike have in common; never shown to anybody."""
    apart = unicodedata.normalize("NFKD", squeezed(text))
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    return bare.translate(_LATIN_TWINS)


def code_shape(code: str) -> str:
    """Return what codes that look alike share; zeros in front count for nothing."""
    return _LEADING_ZEROS.sub("", shape(code))


def mixes_alphabets(text: str) -> bool:
    """Return whether Latin letters stand beside letters that look like them."""
    return bool(_LATIN.search(text) and _TWINS.search(text))


def is_plain_name(name: str) -> bool:
    """Return whether a name of an account is what everybody takes it for.

    Nothing unseen is in it, no letter wider than usual, and not two alphabets whose
    letters look the same.
    """
    return (
        clean_name(name) == name
        and unicodedata.normalize("NFKC", name) == name
        and not mixes_alphabets(name)
    )
