"""What differs between two versions of a scheme, as people would tell it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext
from flask_babel import gettext as _
from markupsafe import Markup

from survey_app.domain.ground.file_faults import SchemeRefused
from survey_app.domain.scheme.draft_places import values_in_place
from survey_app.domain.scheme.scheme_difference import (
    SchemeChange,
    SchemeChangeKind,
    scheme_changes,
)
from survey_app.domain.scheme.scheme_text import scheme_tree
from survey_app.forms.scheme.setting_words import IN_FILE, LABELS
from survey_app.rulebook.reading import scheme_in
from survey_app.rulebook.tables import SCHEME
from survey_app.web.language import language
from survey_app.web.office.rules.found import tells
from survey_app.web.office.rules.scheme_words import part_name, place_in_words

Tables = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One thing that differs, in words."""

    kind: SchemeChangeKind
    where: str
    before: str
    after: str


@tells(SCHEME)
def scheme_changes_drawn(older: str, newer: str) -> Markup:
    """Return what changed between two schemes, drafts with faults, too."""
    before, after = _tables(older, newer)
    lines = [_line(one, before, after) for one in scheme_changes(before, after)]
    drawn = render_template("office/rules/scheme_changes.html", lines=lines)
    return Markup(drawn)  # noqa: S704 -- a template of ours drew it


def _tables(older: str, newer: str) -> tuple[Tables, Tables]:
    """Return the tables of both texts: only what is not usual where both can be read.

    Where one has faults both stand as they were written, or what is usual would be told
    as added by whoever never touched it.
    """
    try:
        return scheme_tree(scheme_in(older, "")), scheme_tree(scheme_in(newer, ""))
    except SchemeRefused:
        before, after = (values_in_place(tomllib.loads(one)) for one in (older, newer))
        return before, after


def _line(change: SchemeChange, older: Tables, newer: Tables) -> ChangeLine:
    gone = change.kind is SchemeChangeKind.REMOVED
    return ChangeLine(
        change.kind,
        place_in_words(older if gone else newer, change.place),
        before=setting_in_words(change.before),
        after=setting_in_words(change.after),
    )


def setting_in_words(value: object) -> str:
    """Return a setting as it stands in a file, in words; empty for nothing."""
    if not isinstance(value, dict):
        return value_in_words(value)
    if {"zh", "en"} & value.keys():
        return str(value.get(language(), ""))
    if {"published", "assumed"} & value.keys():
        return _stated(value)
    if {"principal", "deputy"} & value.keys():
        return "; ".join(
            f"{gettext(LABELS[post])}: {setting_in_words(one)}"
            for post, one in value.items()
            if post in LABELS
        )
    return part_name(value, "") if "key" in value else ""


def _stated(value: Tables) -> str:
    published = "published" in value
    said = value_in_words(value.get("published", value.get("assumed")))
    source = value.get("source")
    cited = source.get(language(), "") if isinstance(source, dict) else source
    if cited:
        return (
            _("%(value)s (published: %(source)s)", value=said, source=cited)
            if published
            else _("%(value)s (assumed: %(source)s)", value=said, source=cited)
        )
    return (
        _("%(value)s (published)", value=said)
        if published
        else _("%(value)s (assumed)", value=said)
    )


def value_in_words(value: object) -> str:
    """Return a single value, or several, with words that people know."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(value_in_words, value))
    text = str(value)
    return gettext(IN_FILE[text]) if text in IN_FILE else text
