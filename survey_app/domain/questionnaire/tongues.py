"""Languages a questionnaire can be asked in besides Chinese and English.

Which way a language runs and which letters it needs is known here, so that nobody who
translates has to say it. Fonts are named and never sent: every system that knows the
script has one of them, and the page stays as light as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

CHINESE, ENGLISH = "zh", "en"
OWN_NAMES = {CHINESE: "中文", ENGLISH: "English"}


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language in one script."""

    tag: str
    """As BCP 47 has it; it stands in addresses and in the page."""
    name: str
    """What its readers call it, in their script."""
    fonts: tuple[str, ...] = ()
    """Of systems that know the script, the likeliest first; none: the usual ones."""
    from_right: bool = False
    """Whether its lines run from right to left."""
    is_vertical: bool = False
    """Whether its lines run downwards and follow each other to the right."""

    @property
    def direction(self) -> str:
        """What a page says of it."""
        return "rtl" if self.from_right else "ltr"


_ARABIC = (
    "UKIJ Tuz Tom", "Noto Naskh Arabic", "Noto Sans Arabic", "Microsoft Uighur",
    "Geeza Pro", "Segoe UI",
)  # fmt: skip
TONGUES: Mapping[str, Tongue] = {
    one.tag: one
    for one in (
        Tongue(
            "bo",
            "བོད་ཡིག",
            ("Noto Serif Tibetan", "Kailasa", "Microsoft Himalaya", "Jomolhari"),
        ),
        Tongue("mn-Cyrl", "Монгол"),
        Tongue(
            "mn-Mong",
            "ᠮᠣᠩᠭᠣᠯ",
            ("Noto Sans Mongolian", "Mongolian Baiti", "Menksoft Qagan"),
            is_vertical=True,
        ),
        Tongue("ug", "ئۇيغۇرچە", _ARABIC, from_right=True),
        Tongue("kk-Arab", "قازاقشا", _ARABIC, from_right=True),
        Tongue(
            "ko", "한국어", ("Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic")
        ),
        Tongue("ii", "ꆈꌠꉙ", ("Noto Sans Yi", "Microsoft Yi Baiti", "Nuosu SIL")),
        Tongue("za", "Vahcuengh"),
    )
}
