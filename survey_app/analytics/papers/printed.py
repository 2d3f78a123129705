"""Papers as HTML: one text for the page that prints and for the PDF.

Drawn here and not by the pages, because the worker draws them too, which knows no
request.
"""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from survey_app.analytics.file_words import translation
from survey_app.domain.counting.ballots_handed_in import DENOMINATOR_NAMES
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.remark import Remark
from survey_app.domain.ground.wording import say
from survey_app.domain.scheme.scheme import Denominator
from survey_app.domain.scoring.score_sheet import rounded

HOUSE = Path(__file__).resolve().parents[2]
Draw = Callable[..., Markup]


@lru_cache(maxsize=2)
def press(language: str) -> Environment:
    """Return what draws papers in a language."""
    env = Environment(
        loader=FileSystemLoader(HOUSE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    translate = translation(language)
    env.filters |= _filters(language, translate)
    env.globals["language"] = language
    env.globals["gap"] = " " if language == "en" else ""
    env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension
        translate,
        lambda one, more, n: translate(one if n == 1 else more),
        newstyle=True,
    )
    return env


def _filters(
    language: str, translate: Callable[[str], str]
) -> dict[str, Callable[..., str]]:
    """Return what templates write values with."""

    def day(value: date | None, length: str = "long") -> str:
        return format_date(value, length, locale=language) if value else ""

    def number(value: int) -> str:
        return format_decimal(value, locale=language)

    def in_words(text: Bilingual) -> str:
        return text.in_language(language)

    def said(remark: Remark) -> str:
        return say(remark, translate, language)

    def denominator(kind: Denominator) -> str:
        return in_words(DENOMINATOR_NAMES[kind])

    def per_cent(share: Fraction) -> str:
        return f"{rounded(share * 100, 1)}%"

    def person(account: str, people: Mapping[str, str]) -> str:
        name = people.get(account)
        together = translate("%(name)s (%(account)s)")
        return together % {"name": name, "account": account} if name else account

    return {
        "day": day,
        "words": in_words,
        "say": said,
        "denominator": denominator,
        "per_cent": per_cent,
        "person": person,
        # As pages call them, whose words papers take.
        "dateformat": day,
        "numberformat": number,
    }


def drawn(template: str, language: str, **told: object) -> Markup:
    """Return one paper, to stand in a page or a document."""
    found = press(language).get_template(f"papers/{template}.html")
    return Markup(found.render(told))  # noqa: S704 -- drawn with everything escaped


def document(title: str, language: str, papers: list[Markup]) -> str:
    """Return a whole HTML document with these papers one after another."""
    found = press(language).get_template("papers/document.html")
    return found.render(title=title, papers=papers)
