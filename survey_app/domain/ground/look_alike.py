"""Which names and codes look alike, although a computer tells them apart.

Somebody who reads a list sees one thing where two stand: `T01` and `T０１`, `admin` and
`аdmin` with a Cyrillic а. What looks alike has the same shape.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from survey_app.domain.ground.clean_text import clean_name

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


@dataclass(frozen=True, slots=True)
class Naming:
    """What is known of somebody, or of a unit, to name them by."""

    name: str
    unit: str
    """Of a person; empty for a unit, which is named by itself."""
    parent: str
    """Of the unit; empty where it has none."""
    title: str
    code: str


def told_apart(namings: Sequence[Naming]) -> list[str]:
    """Return what each is called among the others, in the order given.

    A name nobody else bears stands alone.
    """
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for place, naming in enumerate(namings):
        groups[squeezed(naming.name)].append(place)
    told = [naming.name for naming in namings]
    for places in groups.values():
        if len(places) > 1:
            apart = _apart([namings[place] for place in places])
            for place, text in zip(places, apart, strict=True):
                told[place] = text
    return told


def _apart(namings: Sequence[Naming]) -> list[str]:
    """Return names that differ, with as little beside them as possible."""
    texts: list[str] = []
    for beside in (_post, _place, _code):
        texts = [_with(naming.name, beside(naming)) for naming in namings]
        if len({squeezed(text) for text in texts}) == len(texts):
            break
    return texts


def _post(naming: Naming) -> str:
    """Return unit and title of a person, the parent of a unit."""
    return _joined(naming.unit or naming.parent, naming.title)


def _place(naming: Naming) -> str:
    """Return the same with the parent unit before it."""
    return _joined(naming.parent, naming.unit, naming.title)


def _code(naming: Naming) -> str:
    return _joined(naming.parent, naming.unit, naming.title, naming.code)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _with(name: str, beside: str) -> str:
    return f"{name}（{beside}）" if beside else name
