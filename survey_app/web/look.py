"""How a respondent wants the page: language and size, carried in the address alone."""

from dataclasses import dataclass

from flask import request

from survey_app.web.language import asked_language


@dataclass(frozen=True, slots=True)
class Look:
    """One of the four ways every page for respondents can look."""

    language: str = "zh"
    size: str = "normal"

    @property
    def query(self) -> dict[str, str]:
        """The part of an address that keeps this look; empty for the usual one."""
        kept = {"lang": "en"} if self.language == "en" else {}
        return kept | ({"size": "large"} if self.size == "large" else {})

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
        return Look("zh" if self.language == "en" else "en", self.size)

    @property
    def in_other_size(self) -> "Look":
        """The same language in the other of the two sizes."""
        return Look(self.language, "normal" if self.size == "large" else "large")


USUAL = Look()


def asked_look() -> Look:
    """Return the look this request asks for."""
    if not request.query_string:
        return USUAL
    size = "large" if request.args.get("size") == "large" else "normal"
    return Look(asked_language(), size)
