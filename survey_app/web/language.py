"""Which of the two languages a page speaks: Chinese unless English is asked for."""

import re

from flask import Flask, g, request
from flask_babel import Babel, get_locale, gettext, refresh

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark
from survey_app.domain.ground.wording import say
from survey_app.domain.questionnaire.rule_words import rule_words
from survey_app.web.below_office import in_office

LANGUAGES = ("zh", "en")
COOKIE = "office_language"
"""Office only; a respondent's page carries its language in the address."""


def init_app(app: Flask) -> None:
    """Teach templates `gettext`, `|words` (Bilingual) and `|say` (Remark).

    `rule_words` makes the remark of a ballot rule.
    """
    Babel(
        app,
        default_locale="zh",
        default_translation_directories="translations",
        locale_selector=asked_language,
    )
    app.jinja_env.filters["words"] = words
    app.jinja_env.filters["say"] = said
    app.jinja_env.globals["language"] = language
    app.jinja_env.globals["rule_words"] = rule_words


def asked_language() -> str:
    """Return "en" where this request asks for English, otherwise "zh"."""
    office = in_office()
    cookie = g.get(COOKIE) or request.cookies.get(COOKIE) if office else None
    return "en" if (asked("lang") or cookie) == "en" else "zh"


def asked_tag() -> str:
    """Return the language that a respondent's address asks for, known or not known."""
    found = re.match("[A-Za-z]*(-[A-Za-z]*)?", request.args.get("lang", ""))
    return found[0] if found else ""


def asked(name: str) -> str:
    """Return a word of the address, without what a messenger hung on to it."""
    found = re.match("[a-z0-9]*", request.args.get(name, ""))
    return found[0] if found else ""


def speak(chosen: str) -> None:
    """Let this very page of the office be in the language that was just chosen."""
    setattr(g, COOKIE, chosen)
    refresh()


def language() -> str:
    """Return the language of the page being made."""
    return str(get_locale() or "zh")[:2]


def words(text: Bilingual) -> str:
    """Return the text in the page's language."""
    return text.en if language() == "en" else text.zh


def said(remark: Remark) -> str:
    """Return the sentence of a remark in the page's language."""
    return say(remark, gettext, language())
