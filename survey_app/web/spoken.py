"""A respondent's page in a language of its questionnaire: wholly, or not at all.

Once it is known which questionnaire a page is about, whoever asked for one of its
languages meets it there: the questions, the buttons, what went wrong, the receipt.
"""

from collections.abc import Mapping
from datetime import date

from babel.support import NullTranslations
from flask import Flask, g, has_request_context
from flask_babel import Domain, format_date

from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.questionnaire.tongues import CHINESE, OWN_NAMES, TONGUES, Tongue
from survey_app.domain.questionnaire.translation import (
    Translation,
    offered,
    spoken,
    translation_in,
)
from survey_app.web.language import asked_tag, language

HTML = {"zh": "zh-CN", "en": "en"}


def init_app(app: Flask) -> None:
    """Teach respondents' templates which language they are in, and which others are."""
    app.extensions["babel"].instance.domain_instance = SpokenDomain(domain="messages")
    app.jinja_env.filters["dateformat"] = page_date
    app.jinja_env.globals.update(
        tongues=tuple(TONGUES.values()),
        tongue=tongue,
        other_languages=other_languages,
        is_chinese=is_chinese,
    )


class _Spoken(NullTranslations):
    """What a translation says in the place of our words; the rest as Chinese has it."""

    def __init__(self, said: Mapping[str, str], otherwise: NullTranslations) -> None:
        super().__init__()
        self._said = said
        self.add_fallback(otherwise)

    def gettext(self, message: str) -> str:
        """Return the text in the language of the page."""
        found = self._said.get(message)
        return super().gettext(message) if found is None else found

    ugettext = gettext


class SpokenDomain(Domain):
    """Our words, in whatever language this page is."""

    def get_translations(self) -> NullTranslations:
        """Return where the words of this page are looked up."""
        usual: NullTranslations = super().get_translations()
        page = _page()
        return _Spoken(page.page, usual) if page else usual


def speak_as(questionnaire: Questionnaire, *, on_ballot: bool = False) -> None:
    """Let this page be in the language that was asked for, if there is all of it."""
    g.spoken_offered = offered(questionnaire, on_ballot=on_ballot)
    tag = asked_tag()
    known = tag in [one.tag for one in g.spoken_offered]
    g.spoken = translation_in(questionnaire, tag) if known else None


def speaks_none() -> None:
    """Let this page be in Chinese or English: some of it has no other words."""
    g.spoken_offered, g.spoken = (), None


def is_settled() -> bool:
    """Return whether it is known in which languages this page can be."""
    return has_request_context() and "spoken_offered" in g


def tongue() -> Tongue | None:
    """Return the language of this page; None: it is Chinese or English."""
    page = _page()
    return page.tongue if page else None


def offered_here() -> tuple[Tongue, ...]:
    """Return in which other languages this page could be."""
    return g.get("spoken_offered", ()) if has_request_context() else ()


def is_chinese() -> bool:
    """Return whether this page is in Chinese."""
    return tongue() is None and language() == CHINESE


def other_languages() -> list[tuple[str, str, str]]:
    """Return every other language: its tag, its name, and what a page calls it."""
    here = tongue()
    spoken_here = here.tag if here else language()
    ours = [(tag, name, HTML[tag]) for tag, name in OWN_NAMES.items()]
    known = [*ours, *((one.tag, one.name, one.tag) for one in offered_here())]
    return [one for one in known if one[0] != spoken_here]


def asked_here(questionnaire: Questionnaire) -> Questionnaire:
    """Return the questionnaire as this page asks it."""
    page = _page()
    told = spoken(questionnaire, page.language) if page else None
    return told or questionnaire


def page_date(day: date, length: str = "medium") -> str:
    """Return the day as Chinese or English has it, in figures for every other."""
    here = tongue()
    if here is None:
        return format_date(day, length)
    # Figures between letters that run from the right would change places.
    return f"\u2066{day.isoformat()}\u2069" if here.from_right else day.isoformat()


def _page() -> Translation | None:
    found: Translation | None = g.get("spoken") if has_request_context() else None
    return found
