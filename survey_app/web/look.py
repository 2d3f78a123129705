"""How a respondent wants the page: language and size, carried in the address alone.

A third word of the address is the office's: `shared=1` for a tablet that many people
use one after the other, whose browser then keeps nothing of a form that is being
filled in.
"""

from dataclasses import dataclass, replace

from flask import request

from survey_app.domain.questionnaire.tongues import TONGUES
from survey_app.web.language import asked, asked_language, asked_tag
from survey_app.web.spoken import is_settled, tongue


@dataclass(frozen=True, slots=True)
class Look:
    """One of the ways every page for respondents can look."""

    language: str = "zh"
    size: str = "normal"
    shared: bool = False
    """Whether the device is used by many, one after the other."""

    @property
    def query(self) -> dict[str, str]:
        """The part of an address that keeps this look; empty for the usual one."""
        kept = {"lang": self.language} if self.language != "zh" else {}
        kept |= {"size": "large"} if self.size == "large" else {}
        return kept | ({"shared": "1"} if self.shared else {})

    @property
    def suffix(self) -> str:
        """What an address needs at its end to be shown in this look."""
        named = [f"{name}={value}" for name, value in self.query.items()]
        return "?" + "&".join(named) if named else ""

    @property
    def address(self) -> str:
        """The same page in this look, as a relative address."""
        return self.suffix or "?"

    @property
    def in_other_language(self) -> "Look":
        """The same size in the other of the two languages."""
        return self.speaking("zh" if self.language == "en" else "en")

    def speaking(self, language: str) -> "Look":
        """Return the same in another language."""
        return replace(self, language=language)

    @property
    def in_other_size(self) -> "Look":
        """The same language in the other of the two sizes."""
        return replace(self, size="normal" if self.size == "large" else "large")


USUAL = Look()


def asked_look() -> Look:
    """Return the look this request asks for."""
    if not request.query_string:
        return USUAL
    size = "large" if asked("size") == "large" else "normal"
    return Look(_language(), size, shared=asked("shared") == "1")


def _language() -> str:
    """Return what is asked for; once a page's languages are known, what it is in.

    Before that a link carries on what was asked for: the next page may know it.
    """
    here = tongue()
    if here is not None:
        return here.tag
    tag = asked_tag()
    return tag if tag in TONGUES and not is_settled() else asked_language()
