"""Every number of a scheme with where it is from, beside the text of its source."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import INSPECT, RULES
from survey_app.database import session, writer
from survey_app.forms.scheme.source_form import SourceForm
from survey_app.rulebook.notes import keep_notes, notes_of
from survey_app.rulebook.tables import RuleText
from survey_app.web.language import language
from survey_app.web.office.access import allow
from survey_app.web.office.pages import pages
from survey_app.web.office.rules.scheme_changes import value_in_words
from survey_app.web.office.rules.scheme_drafts import found_scheme, tree_of
from survey_app.web.office.rules.scheme_words import place_in_words, split_place

ARTICLE = re.compile(
    r"第[一二三四五六七八九十百零〇\d]+[编章节条款项]|(?:chapter|article|section)\s+\d+",
    re.IGNORECASE,
)
LONGEST_PASSAGE = 600


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """One setting that says where it is from."""

    where: str
    part: str
    """Place of the part, for a link to its form."""
    value: str
    published: bool
    source: str
    passage: str
    """What the pasted text of the source says there; empty where it is not found."""


@pages.get("/rules/<int:rule_id>/numbers")
@allow(RULES, INSPECT)
def scheme_numbers(rule_id: int) -> str:
    """List the settings, and the text of the source where somebody pasted it."""
    rule = found_scheme(rule_id)
    source, _counts = notes_of(session(), rule_id)
    return _page(rule, SourceForm(data={"source_text": source}), source)


@pages.post("/rules/<int:rule_id>/numbers")
@allow(RULES)
def keep_source_text(rule_id: int) -> ResponseReturnValue:
    """Keep the text of the source beside the scheme."""
    rule, form = found_scheme(rule_id), SourceForm()
    if not form.validate():
        return _page(rule, form, ""), 422
    keep_notes(writer(), rule_id, source_text=form.source_text.data or "")
    flash(_("The text of the source is kept beside the scheme."))
    return redirect(url_for(".scheme_numbers", rule_id=rule_id), 303)


def _page(rule: RuleText, form: SourceForm, source: str) -> str:
    tree = tree_of(rule)
    numbers = list(_numbers(tree, tree, "", source))
    return render_template(
        "office/rules/numbers.html",
        rule=rule,
        form=form,
        source=source,
        numbers=numbers,
        assumed=[one for one in numbers if not one.published],
    )


def _numbers(
    tree: Mapping[str, object], inside: object, place: str, source: str
) -> Iterator[StatedNumber]:
    """Yield every setting below a place that has a status."""
    if isinstance(inside, list):
        for number, one in enumerate(inside):
            yield from _numbers(tree, one, f"{place}[{number}]", source)
    if not isinstance(inside, dict):
        return
    if {"published", "assumed"} & inside.keys():
        cited = _cited(inside.get("source"))
        yield StatedNumber(
            where=place_in_words(tree, place),
            part=split_place(tree, place)[0],
            value=value_in_words(inside.get("published", inside.get("assumed"))),
            published="published" in inside,
            source=cited,
            passage=passage(source, cited),
        )
        return
    for key, one in inside.items():
        yield from _numbers(tree, one, f"{place}.{key}".removeprefix("."), source)


def _cited(source: object) -> str:
    if isinstance(source, dict):
        return str(source.get(language(), ""))
    return str(source or "")


def passage(text: str, cited: str) -> str:
    """Return what a text says where an article is cited; empty where it is not found.

    From the mark of the article to the next one of its kind, at most some lines.
    """
    marks = ARTICLE.findall(cited)
    if not marks or not text:
        return ""
    begin = 0
    for mark in marks:
        found = text.casefold().find(mark.casefold(), begin)
        if found < 0:
            return ""
        begin = found
    following = re.compile(rf"\n\s*第[一二三四五六七八九十百零〇\d]+{marks[-1][-1]}")
    end = following.search(text, begin + 1)
    return text[begin : end.start() if end else None][:LONGEST_PASSAGE].strip()
